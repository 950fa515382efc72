#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes hostile.pem again: a certificate whose names are made to break a report. Run it in this folder; the key is not
# kept. In the subject: tags, quotes, an entity, a pipe, a code span, a line feed, an override of direction, a link.
set -euo pipefail
key=$(mktemp)
trap 'rm -f "$key"' EXIT
organization=$'line\n# heading \u202egnp.exe [x](javascript:y)'
unit="<img src=x onerror=alert(2)>|\`code\`"
name='<script>alert(1)<\/script>"'\''&amp;</td>'
openssl ecparam -name prime256v1 -genkey -noout -out "$key"
openssl req -new -x509 -key "$key" -sha384 -days 9000 -utf8 -addext 'subjectAltName=DNS:x.example' -out hostile.pem \
    -subj "/O=$organization/OU=$unit/CN=${name/<\/td>/<\\/td>}"
