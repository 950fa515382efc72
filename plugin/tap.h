/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tap "tlsfit", to which dissection gives each handshake twice, and the statistics that listen to it:
 *
 *   -z tlsfit,json      one JSON object a handshake, one line each
 *   -z tlsfit,summary   one line a handshake, for people
 *   -z tlsfit,matrix    devices by handshakes, as if each had been there; ",ID,ID": these devices
 *   -z tlsfit,tree      how many, by outcome, device and cause; also in the menu Statistics of Wireshark
 *
 * None of them needs the packet tree to be shown. What is certain only with the end of the capture is counted too.
 */
#ifndef TLSFIT_TAP_H
#define TLSFIT_TAP_H

#include "tlsfit.h"
#include "ws_compat.h"

/* What the tap carries. */
typedef struct {
    const TlsfitSession *session;
    gboolean             begins; /* the packet is the ClientHello */
    gboolean             over;   /* the packet is the one with which the outcome became certain */
} TapRecord;

/* Registers the tap itself, and the statistics of tshark. */
void tap_register(void);
void tap_register_statistics(void);

/* Tells the listeners, where there are any, what the packet is to SESSION. VISITED: dissected again, so that what the
 * end of the capture made certain belongs to the last packet of the handshake. */
void tap_tell(packet_info *pinfo, const TlsfitSession *session, gboolean visited);

/* How the handshake ended and by whom, in a few words. Newly allocated. */
char *tap_outcome_text(const TlsfitDiagnosis *diagnosis);

/* tap_tree.c: registers the statistic in the menu, with the protocol: not every program asks plugins for listeners. */
void tap_tree_register(void);

/* Counts what the end of the capture has decided, unless that is done or not asked for. */
void tap_tree_add_late(void);

/* What is printed at the end, in this order whatever the order on the command line: the matrix judges afresh, and
 * nothing can be printed of a handshake after that. */
typedef enum { TAP_JSON, TAP_SUMMARY, TAP_MATRIX, TAP_PRINTERS } TapPrinter;

/* Has PRINT called once, when the capture has been read. PACKET may be NULL. FALSE where that failed; it is reported. */
gboolean tap_print_at_end(TapPrinter printer, tap_packet_cb packet, void (*print)(void));

/* Whether nothing stands behind NAME in ARGUMENT (of -z); else FALSE, and that is reported: a filter that changed nothing
 * would be taken for one that let everything through. */
gboolean tap_takes_no_more(const char *argument, const char *name);

/* tap_summary.c, tap_matrix.c: start -z tlsfit,summary and -z tlsfit,matrix. */
ws_tap_init_result tap_summary_start(const char *argument, void *user_data);
ws_tap_init_result tap_matrix_start(const char *argument, void *user_data);

#endif
