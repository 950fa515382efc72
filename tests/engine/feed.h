/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Short ways to feed a session in tests that are written in C.
 */
#ifndef TLSFIT_TEST_FEED_H
#define TLSFIT_TEST_FEED_H

#include "tlsfit.h"

/* The built-in devices and their view. */
TlsfitLibrary *feed_library(void);
TlsfitView feed_view(TlsfitLibrary *library, const char *id); /* NULL: advertised */

/* A TLS 1.2 hello with one ECDHE-ECDSA suite and secp256r1, and the flight of the server with the certificates of the
 * PEM files FIRST and SECOND (NULL: none) in FOLDER. */
void feed_client_hello(TlsfitSession *session, guint32 frame);
void feed_server_flight(TlsfitSession *session, guint32 frame, const char *folder, const char *first,
                        const char *second);
void feed_message(TlsfitSession *session, TlsfitSide side, guint type, guint32 frame);
void feed_event(TlsfitSession *session, TlsfitSide side, TlsfitEventKind kind, guint32 frame);
void feed_alert(TlsfitSession *session, TlsfitSide side, int number, guint32 frame);

/* The time of a frame: ten milliseconds each. */
gint64 feed_time_us(guint32 frame);

#endif
