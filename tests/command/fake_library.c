/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A library for fake_plugin.c to miss: it is linked against and not where the loader looks.
 */
__attribute__((visibility("default"))) void fake_library(void);

void fake_library(void)
{
}
