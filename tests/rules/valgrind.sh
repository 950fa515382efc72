#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# valgrind.sh VALGRIND FLAGS COMMAND...: runs COMMAND under valgrind; exit status 77 where that is not possible.
set -euo pipefail
valgrind=$1 flags=$2
shift 2

if [ ! -x "$valgrind" ]; then
    echo "SKIP valgrind is not installed"
    exit 77
fi
if [[ $flags == *-fsanitize* ]]; then
    echo "SKIP valgrind cannot run a program that is built with a sanitizer"
    exit 77
fi
G_SLICE=always-malloc G_DEBUG=gc-friendly exec "$valgrind" --quiet --leak-check=full --show-leak-kinds=definite,indirect \
    --errors-for-leak-kinds=definite,indirect --error-exitcode=9 "$@"
