/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One dissection. See dissection.h.
 *
 * In: records. Out: the sessions of plugin/conversation.c, with the ends and the frame of the packet that began each.
 * No tree is made visible, no columns are filled: this is the cheap dissection of "tshark -q".
 */
#include "dissection.h"

#include "conversation.h"
#include "wanted.h"

struct Dissection {
    epan_t         *epan;
    epan_dissect_t *packet;
    const char     *file;       /* the source's */
    GArray         *wanted;     /* of int: the fields that the tree must have */
    GArray         *beginnings; /* of Beginning, by the session's number in this process */
};

typedef struct {
    guint32  frame;
    gint64   time_us;
    char    *ends[2];  /* by TlsfitSide */
    char    *macs[2];
    guint    ports[2];
} Beginning;

static void
beginning_clear(gpointer data)
{
    Beginning *beginning = data;

    for (guint side = 0; side < 2; side++) {
        g_free(beginning->ends[side]);
        g_free(beginning->macs[side]);
    }
}

static char *
text_of(const address *of)
{
    if (of->type == AT_NONE || of->len == 0)
        return g_strdup("");
    char *text = address_to_str(NULL, of);
    char *copy = g_strdup(text);
    wmem_free(NULL, text);
    return copy;
}

/* Called for every handshake when its first message is there, in the order of their numbers. */
static void
note_beginning(const packet_info *pinfo, gboolean from_client, gpointer data)
{
    Dissection *dissection = data;
    const TlsfitSide sender = from_client ? TLSFIT_CLIENT : TLSFIT_SERVER;
    const TlsfitSide receiver = from_client ? TLSFIT_SERVER : TLSFIT_CLIENT;
    Beginning beginning = { .frame = pinfo->num };

    beginning.time_us = (gint64)pinfo->abs_ts.secs * G_USEC_PER_SEC + pinfo->abs_ts.nsecs / 1000;
    beginning.ends[sender] = text_of(&pinfo->src);
    beginning.ends[receiver] = text_of(&pinfo->dst);
    beginning.macs[sender] = text_of(&pinfo->dl_src);
    beginning.macs[receiver] = text_of(&pinfo->dl_dst);
    beginning.ports[sender] = pinfo->srcport;
    beginning.ports[receiver] = pinfo->destport;
    g_array_append_val(dissection->beginnings, beginning);
}

static epan_t *prepared;

void
dissection_prepare(void)
{
    if (!prepared)
        prepared = ws_dissection_open();
}

Dissection *
dissection_open(Source *source)
{
    Dissection *dissection = g_new0(Dissection, 1);

    dissection->wanted = wanted_ids_new();
    dissection->file = source->given;
    dissection->beginnings = g_array_new(FALSE, FALSE, sizeof(Beginning));
    g_array_set_clear_func(dissection->beginnings, beginning_clear);
    dissection->epan = prepared ? g_steal_pointer(&prepared) : ws_dissection_open();
    source_dissect(source);
    dissection->packet = epan_dissect_new(dissection->epan, TRUE, FALSE);
    conversation_watch.started = note_beginning;
    conversation_watch.data = dissection;
    return dissection;
}

void
dissection_take(Dissection *dissection, Source *source, guint32 frame)
{
    frame_data data;

    frame_data_init(&data, frame, &source->record.rec, source->offset, 0);
    epan_dissect_prime_with_hfid_array(dissection->packet, dissection->wanted);
    ws_dissect(dissection->packet, source->file_type, &source->record, &data);
    epan_dissect_reset(dissection->packet);
    frame_data_destroy(&data);
}

gboolean
dissection_flow_is_open(void)
{
    return conversation_watch.flow_is_open;
}

void
dissection_end(Dissection *dissection, gint64 time_us)
{
    (void)dissection;
    conversation_advance(time_us);
    conversation_end();
}

guint
dissection_handshakes(const Dissection *dissection)
{
    return dissection->beginnings->len;
}

guint32
dissection_began(const Dissection *dissection, guint index)
{
    return g_array_index(dissection->beginnings, Beginning, index).frame;
}

CaptureHandshake
dissection_handshake(const Dissection *dissection, guint index, guint number)
{
    const Beginning *beginning = &g_array_index(dissection->beginnings, Beginning, index);
    CaptureHandshake handshake = {
        .session = g_ptr_array_index((GPtrArray *)conversation_sessions(), index),
        .file = dissection->file,
        .number = number,
        .frame = beginning->frame,
        .time_us = beginning->time_us,
        .client = beginning->ends[TLSFIT_CLIENT],
        .server = beginning->ends[TLSFIT_SERVER],
        .client_port = beginning->ports[TLSFIT_CLIENT],
        .server_port = beginning->ports[TLSFIT_SERVER],
        .client_mac = beginning->macs[TLSFIT_CLIENT],
        .server_mac = beginning->macs[TLSFIT_SERVER],
    };

    tlsfit_session_set_stream(handshake.session, number);
    return handshake;
}

void
dissection_close(Dissection *dissection)
{
    if (!dissection)
        return;
    conversation_watch.started = NULL;
    epan_dissect_free(dissection->packet);
    epan_free(dissection->epan);
    g_array_unref(dissection->beginnings);
    g_array_unref(dissection->wanted);
    g_free(dissection);
}
