/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registration of the protocol tlsfit, for a program that has the plugin's code built in: Wireshark itself comes in by
 * plugin_register().
 */
#ifndef TLSFIT_PACKET_TLSFIT_H
#define TLSFIT_PACKET_TLSFIT_H

/* That program's name. A plugin file that it finds in Wireshark's folders as well stays silent there. */
#define TLSFIT_CAPTURE_PROGRAM "tlsfit-capture"

/* While Wireshark registers protocols, and while it hands them off to each other. */
void tlsfit_protocol_register(void);
void tlsfit_protocol_hand_off(void);

#endif
