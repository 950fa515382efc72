/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit: which certificate of a chain, or which choice of a handshake, a device cannot handle.
 *
 * This is the public header of the core, and includes the chapters of its manual, to be read in this order:
 *
 *     tlsfit_names.h        what the registries call things, and what follows from a suite or a key
 *     tlsfit_certificate.h  certificates: facts from DER, files
 *     tlsfit_device.h       device profiles and their library
 *     tlsfit_session.h      the facts of a handshake, and how to feed them
 *     tlsfit_judge.h        findings, the diagnosis, rules, fixes
 *
 * Apart from them are tlsfit_report.h (reports for people), tlsfit_learn.h (a profile from what was seen), tlsfit_text.h
 * (hostile text) and tlsfit_json.h (members of JSON). The plugin and the command include nothing else of the core.
 *
 * Flow: a reader (the plugin, the command, a test) fills a TlsfitMessage for every handshake message it sees and
 * gives it to a TlsfitSession, together with records, alerts and transport events, in the order of the capture. The
 * session keeps the facts. tlsfit_session_judge() runs the rules over the facts against a TlsfitDevice; the result
 * is a list of TlsfitFinding and, when the handshake is over, a TlsfitDiagnosis.
 *
 * The core reads no packets and no trees, opens no capture and prints nothing.
 *
 * Conventions: code points (versions, cipher suites, groups, signature schemes, alerts, handshake types) are the
 * numbers of the IANA TLS registries in host byte order. Sizes end in _bytes or _bits, times in _s or _us.
 * Strings are UTF-8. Unless said otherwise a returned pointer belongs to the object it came from, a pointer
 * argument must not be NULL, and functions abort only when memory runs out, as GLib does.
 * Nothing here is safe to use from two threads at a time.
 */
#ifndef TLSFIT_H
#define TLSFIT_H

#include "tlsfit_certificate.h"
#include "tlsfit_device.h"
#include "tlsfit_judge.h"
#include "tlsfit_names.h"
#include "tlsfit_session.h"

#define TLSFIT_VERSION "0.1.0"

#endif
