/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client's answer to a CertificateRequest. See client_auth.h. In: the facts of a session. Blames nobody.
 */
#include "client_auth.h"

TlsfitAnswer tlsfit_client_answer(const TlsfitSession *session)
{
    const TlsfitMessage *certificate = session->slots[TLSFIT_SLOT_CLIENT_CERTIFICATE];

    if (certificate != NULL) {
        return certificate->certificates != NULL && certificate->certificates->len > 0 ? TLSFIT_ANSWER_CERTIFICATE
               : certificate->truncated ? TLSFIT_ANSWER_HIDDEN
                                        : TLSFIT_ANSWER_EMPTY;
    }
    if (!session->party[TLSFIT_CLIENT].key_exchange.seen) {
        return TLSFIT_ANSWER_OPEN;
    }
    /* in TLS 1.3 it is only seen where the session's secrets are known, and lost bytes may have held it */
    return tlsfit_version_is_tls13(tlsfit_session_version(session)) || session->party[TLSFIT_CLIENT].lost
               ? TLSFIT_ANSWER_HIDDEN
               : TLSFIT_ANSWER_NONE;
}

gboolean tlsfit_server_refused(const TlsfitSession *session)
{
    const TlsfitDiagnosis *diagnosis = session->diagnosis;

    return diagnosis != NULL && diagnosis->outcome != TLSFIT_OUTCOME_CUT && diagnosis->has_side &&
           diagnosis->side == TLSFIT_SERVER &&
           /* some servers refuse an empty Certificate before the ClientKeyExchange behind it arrives */
           (session->party[TLSFIT_CLIENT].key_exchange.seen || session->slots[TLSFIT_SLOT_CLIENT_CERTIFICATE] != NULL) &&
           tlsfit_diagnosis_passed(session, TLSFIT_STAGE_CLIENT_AUTH, 0) == NULL;
}
