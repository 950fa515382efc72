/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What doctor looks for in a plugin, and nothing else: for trees of files that look like an installation. Built for a
 * Wireshark 4.WANT_MINOR; with NEEDS it needs a library that nobody finds.
 */
#define SHOWN __attribute__((visibility("default")))

extern SHOWN const char plugin_version[];
extern SHOWN const int plugin_want_major;
extern SHOWN const int plugin_want_minor;
extern SHOWN const char plugin_field[];
SHOWN void plugin_register(void);

const char plugin_version[] = "0.1.0";
const int plugin_want_major = 4;
const int plugin_want_minor = WANT_MINOR;
const char plugin_field[] = "tlsfit.device.source";

#ifdef NEEDS
void fake_library(void);
#endif

void plugin_register(void)
{
#ifdef NEEDS
    fake_library();
#endif
}
