/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all HTML pages share: the head with the style and the policy that forbids requests, verdicts, the end.
 */
#ifndef TLSFIT_REPORT_HTML_H
#define TLSFIT_REPORT_HTML_H

#include "tlsfit.h"

/* Up to and with the opening of <main>. */
void tlsfit_html_open(GString *out, const char *title);
void tlsfit_html_close(GString *out);

/* The class of a status, for colours: s-ok, s-unknown, ... Static. */
const char *tlsfit_html_class(TlsfitStatus status);

/* A sign that stands beside the word of a status, so that colour is never alone. Static, UTF-8. */
const char *tlsfit_html_sign(TlsfitStatus status);

/* Sign and word of a status; WORD NULL: the status' own name. */
void tlsfit_html_badge(GString *out, TlsfitStatus status, const char *word);

/* The style of the ladder alone, for SVG that stands by itself. Newly allocated. */
char *tlsfit_html_ladder_style(void);

#endif
