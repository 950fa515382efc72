/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the plugin adds to Wireshark's names: the fields of the protocol tlsfit, its subtrees and its expert fields,
 * one of these for each rule and severity. Nothing is added to a tree here.
 */
#ifndef TLSFIT_FIELDS_H
#define TLSFIT_FIELDS_H

#include "tlsfit.h"
#include "ws_compat.h"

/* FIELD(name in C, name after "tlsfit.", type, what people read, explanation) */
#define FIELDS_ALL(FIELD) \
    FIELD(device, "device", FT_STRING, "Device", "The id of the device that the handshake is judged against") \
    FIELD(device_name, "device.name", FT_STRING, "Device name", "What the device is called") \
    FIELD(device_source, "device.source", FT_STRING, "Chosen by", \
          "How the device was chosen: assigned, fingerprint, preference or advertised") \
    FIELD(complaint, "device.problem", FT_STRING, "Problem", "Why the device that was asked for is not used") \
    FIELD(role, "role", FT_STRING, "Role of the device", "client or server") \
    FIELD(stream, "stream", FT_UINT32, "Handshake number", "The number of the handshake in the capture, from 0") \
    FIELD(status, "status", FT_STRING, "Status", "The worst status among the findings of this frame") \
    FIELD(finding, "finding", FT_NONE, "Finding", "Something that does not fit, or that cannot be judged") \
    FIELD(rule, "rule", FT_STRING, "Rule", "The id of the rule that found it") \
    FIELD(finding_status, "finding.status", FT_STRING, "Status of the finding", \
          "cannot, broken, suspect or unknown") \
    FIELD(subject, "subject", FT_STRING, "Subject", "What was judged") \
    FIELD(cert_index, "cert_index", FT_UINT32, "Certificate index", "0 is the end-entity certificate") \
    FIELD(finding_frame, "finding.frame", FT_FRAMENUM, "Stands in frame", "The frame that holds the thing to blame") \
    FIELD(finding_known_frame, "finding.known_frame", FT_FRAMENUM, "Became certain in frame", \
          "The frame that brought the certainty") \
    FIELD(observed, "observed", FT_STRING, "Observed", "What the capture shows") \
    FIELD(limit, "limit", FT_STRING, "Limit of the device", "What the device can do") \
    FIELD(confidence, "confidence", FT_STRING, "Confidence", "How sure the source of the limit is") \
    FIELD(source, "source", FT_STRING, "Source", "Where the limit is written down") \
    FIELD(why, "why", FT_STRING, "Why it matters", "What the device needs this for") \
    FIELD(fix_server, "fix.server", FT_STRING, "Fix on the server", "What to change on the server") \
    FIELD(fix_device, "fix.device", FT_STRING, "Fix on the device", "What to change on the device") \
    FIELD(fix_config, "fix.config", FT_STRING, "Lines for the server", \
          "What to paste into the configuration of a server so that the device gets through") \
    FIELD(spec, "spec", FT_STRING, "Specification", "Where the protocol says so") \
    FIELD(excluded, "finding.excluded", FT_STRING, "Not the cause", \
          "Why this cannot be the cause of how the handshake ended") \
    FIELD(outcome, "outcome", FT_STRING, "Outcome", "How the handshake ended") \
    FIELD(outcome_frame, "outcome.frame", FT_FRAMENUM, "Ended in frame", \
          "The frame of the alert, the reset, or of the last message before the silence") \
    FIELD(diagnosis, "diagnosis", FT_STRING, "Diagnosis", "How the handshake ended and why, in words") \
    FIELD(cause, "cause", FT_STRING, "Primary cause", "The rule whose finding explains the outcome best") \
    FIELD(cause_cert_index, "cause.cert_index", FT_UINT32, "Certificate of the cause", \
          "0 is the end-entity certificate") \
    FIELD(cause_frame, "cause.frame", FT_FRAMENUM, "Frame of the cause", "The frame that holds the thing to blame") \
    FIELD(diagnosis_frame, "diagnosis.frame", FT_FRAMENUM, "Diagnosis in frame", \
          "The frame with which it became certain how the handshake ended") \
    FIELD(hello_frame, "client_hello.frame", FT_FRAMENUM, "ClientHello in frame", \
          "The frame with which the handshake began") \
    FIELD(candidate, "candidate", FT_STRING, "May also explain it", "Rule and subject of a weaker explanation") \
    FIELD(device_code, "device_code", FT_STRING, "In the device's log", \
          "The vendor's own error number that belongs to this end, by the device's profile") \
    FIELD(not_judged, "not_judged", FT_STRING, "Not judged", "What could not be judged: rules with their subjects") \
    FIELD(blamed, "blamed", FT_STRING, "Blamed", \
          "On the node of the thing to blame, where a later frame made that certain: the rule") \
    FIELD(text, "text", FT_NONE, "Text", "A line of a longer text, for reading")

typedef enum {
#define FIELD(id, name, type, title, blurb) FIELD_##id,
    FIELDS_ALL(FIELD)
#undef FIELD
    FIELD_COUNT
} FieldId;

/* The registered ids, by FieldId. */
extern int field_ids[FIELD_COUNT];
extern int field_tree_frame, field_tree_finding, field_tree_part, field_tree_text;

/* Registers everything under the protocol. */
void fields_register(int protocol);

/* Looks up what is registered after all protocols. Call when a file is opened. */
void fields_resolve(void);

/* The expert field of a rule for a status; its severity follows the status, or what the user has set for the rule.
 * NULL for an unknown rule. */
expert_field *fields_expert(const char *rule, TlsfitStatus status);

/* That severity, PI_ERROR and the like; 0 for an unknown rule. */
guint fields_severity(const char *rule, TlsfitStatus status);

/* The expert field tlsfit.device.chosen, as a Note or a mere Chat, unless the user has set another severity. */
expert_field *fields_expert_choice(gboolean notable);

/* Wireshark's own protocol of expert infos, and its tap. */
extern int fields_expert_protocol, fields_expert_tap;

#endif
