/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which protocols a list of versions speaks of.
 *
 * In: a compiled list. Out: an answer. Judges nothing.
 */
#include "device.h"
#include "session.h"

static gboolean has_kind(const GArray *codes, gboolean dtls)
{
    for (guint i = 0; codes != NULL && i < codes->len; i++) {
        if (tlsfit_version_is_dtls(g_array_index(codes, guint16, i)) == dtls)
            return TRUE;
    }
    return FALSE;
}

gboolean tlsfit_device_speaks_of(const TlsfitDeviceSet *set, guint version)
{
    const gboolean dtls = tlsfit_version_is_dtls(version);

    return has_kind(set->supported.listed, dtls) || has_kind(set->unsupported.listed, dtls);
}
