/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who sent a packet, as far as its IP header and what comes after it tell.
 *
 * In: TlsfitOrigin. Out: whether the packet came from the host of the earlier ones in its name, and words for it. Knows
 * no TLS and ends nothing.
 *
 * Every router takes one from the TTL (RFC 791, 3.2; RFC 8200, 3: hop limit), so it tells how far away a packet was
 * sent, once it is known what the sender began with. Somebody on the way who resets a connection in another's name is
 * nearer to the capture than that other is. And a host that has reset a connection has forgotten it (RFC 9293, 3.10.5), so
 * that new data in its name afterwards shows the reset to be another's. What proves nothing, and why:
 *
 * - One or two hops more or less: packets of one host take different routes.
 * - The same distance from another beginning (61 and 125): stacks send a reset for a connection that they no longer
 *   hold with the TTL of the host and not of the socket, as NetX Duo does (_nx_tcp_no_connection_reset()), and old
 *   kernels and firewalls use 255.
 * - A reset from farther away: the earlier packets may have come from a proxy for SYN packets.
 * - Missing TCP options: RFC 7323, 3.2 asks for timestamps in every segment but resets, where they only should be, and
 *   many stacks leave them out.
 * - A sequence number that is behind: it is taken from the segment that is answered (RFC 9293, 3.10.7.1).
 */
#include "session.h"

/* What hosts begin with. 32 and less is not among them: 30 is then 34 hops from 64, and believed by nobody. */
static const guint8 beginnings[] = { 64, 128, 255 };

#define HOPS_BELIEVED 32u /* longer ways are hardly found: the sender began with another number */
#define HOPS_ROUTES 2u    /* by how much the ways of one host's packets differ */
#define HOPS_NEARER 5u    /* from here on it is another host */

static guint hops(guint8 ttl)
{
    for (guint i = 0; i < G_N_ELEMENTS(beginnings); i++) {
        if (ttl <= beginnings[i]) {
            return beginnings[i] - ttl;
        }
    }
    return 0;
}

/* How many hops nearer than every earlier packet; 0 where it is not, or where that cannot be told. */
static guint hops_nearer(const TlsfitOrigin *origin)
{
    const guint here = hops(origin->ttl);
    const guint near = MIN(hops(origin->lowest_ttl), hops(origin->highest_ttl));
    const guint far = MAX(hops(origin->lowest_ttl), hops(origin->highest_ttl));
    const gboolean steady = origin->highest_ttl - origin->lowest_ttl <= (int)HOPS_ROUTES;

    return steady && far <= HOPS_BELIEVED && here < near ? near - here : 0;
}

/* By the IP header alone. */
static TlsfitOriginKind kind_of_way(const TlsfitOrigin *origin)
{
    if (origin->ttl == 0 || origin->lowest_ttl == 0) {
        return TLSFIT_ORIGIN_UNKNOWN;
    }
    const guint nearer = hops_nearer(origin);
    const gboolean usual = origin->ttl >= origin->lowest_ttl && origin->ttl <= origin->highest_ttl;

    /* Firewalls turn the packet that they refuse round and keep its identification: two signs together. */
    if (nearer >= HOPS_NEARER || (nearer > 0 && origin->copied_id)) {
        return TLSFIT_ORIGIN_BETWEEN;
    }
    return usual && !origin->copied_id ? TLSFIT_ORIGIN_USUAL : TLSFIT_ORIGIN_ODD;
}

TlsfitOriginKind tlsfit_origin_kind(const TlsfitOrigin *origin)
{
    return origin->went_on_frame != 0 ? TLSFIT_ORIGIN_BETWEEN : kind_of_way(origin);
}

/* "51 to 52 (12 to 13 hops away)" */
static void append_ttls(GString *text, guint8 lowest, guint8 highest)
{
    const guint near = MIN(hops(lowest), hops(highest));
    const guint far = MAX(hops(lowest), hops(highest));

    g_string_append_printf(text, "%u", lowest);
    if (highest != lowest) {
        g_string_append_printf(text, " to %u", highest);
    }
    if (far > HOPS_BELIEVED) {
        return;
    }
    g_string_append_printf(text, " (%u", near);
    if (far != near) {
        g_string_append_printf(text, " to %u", far);
    }
    g_string_append_printf(text, " hop%s away)", far == 1 ? "" : "s");
}

static void append_way(GString *text, const TlsfitOrigin *origin, const char *who)
{
    g_string_append(text, "TTL ");
    append_ttls(text, origin->ttl, origin->ttl);
    g_string_append_printf(text, ", the %s's packets before it have ", who);
    append_ttls(text, origin->lowest_ttl, origin->highest_ttl);
    if (origin->copied_id) {
        g_string_append(text, ", and its IP identification is that of the packet that it answers");
    }
}

char *tlsfit_origin_text(const TlsfitOrigin *origin, const char *who)
{
    const TlsfitOriginKind way = kind_of_way(origin);
    GString *text = g_string_new(NULL);

    if (origin->went_on_frame != 0) {
        g_string_append_printf(text, "after it, in frame %u, the %s sent new data, and who has reset a connection sends "
                               "no more on it", origin->went_on_frame, who);
    }
    if (way == TLSFIT_ORIGIN_BETWEEN || (way != TLSFIT_ORIGIN_UNKNOWN && origin->went_on_frame == 0)) {
        g_string_append(text, text->len > 0 ? "; " : "");
        append_way(text, origin, who);
    }
    return g_string_free(text, text->len == 0);
}
