/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the client answered a CertificateRequest, for the rules on client authentication.
 */
#ifndef TLSFIT_CLIENT_AUTH_H
#define TLSFIT_CLIENT_AUTH_H

#include "engine.h"

typedef enum {
    TLSFIT_ANSWER_OPEN,        /* it has not come to it */
    TLSFIT_ANSWER_CERTIFICATE,
    TLSFIT_ANSWER_EMPTY,       /* a Certificate message without certificates */
    TLSFIT_ANSWER_NONE,        /* it went on without any Certificate message */
    TLSFIT_ANSWER_HIDDEN       /* encrypted */
} TlsfitAnswer;

TlsfitAnswer tlsfit_client_answer(const TlsfitSession *session);

/* After the end: the server ended it (or fell silent), and after the client had given its answer. */
gboolean tlsfit_server_refused(const TlsfitSession *session);

#endif
