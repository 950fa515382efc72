/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every difference between the Wireshark versions that a program meets which reads and dissects captures itself: what
 * plugin/ws_compat.h is to the plugin. The rest of this folder includes Wireshark through these two files.
 *
 * It holds no logic of the program.
 */
#ifndef TLSFIT_WS_COMPAT_CAPTURE_H
#define TLSFIT_WS_COMPAT_CAPTURE_H

#include "ws_compat.h"

#include <epan/addr_resolv.h>
#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/prefs-int.h>
#include <epan/secrets.h>
#include <epan/to_str.h>
#include <wiretap/wtap.h>
#include <wsutil/buffer.h>
#include <wsutil/privileges.h>
#include <wsutil/wslog.h>

/* The bytes of a packet are part of its record since 4.6. */
#define WS_RECORD_HAS_BYTES TLSFIT_WS_AT_LEAST(4, 6)

typedef struct {
    wtap_rec rec;
#if !WS_RECORD_HAS_BYTES
    Buffer   bytes;
#endif
} WsRecord;

#if WS_RECORD_HAS_BYTES
static inline void
ws_record_init(WsRecord *record)
{
    wtap_rec_init(&record->rec, 2048);
}

static inline void
ws_record_clear(WsRecord *record)
{
    wtap_rec_cleanup(&record->rec);
}

static inline gboolean
ws_read(wtap *capture, WsRecord *record, int *code, char **detail, gint64 *offset)
{
    return wtap_read(capture, &record->rec, code, detail, offset);
}

static inline gboolean
ws_read_at(wtap *capture, gint64 offset, WsRecord *record, int *code, char **detail)
{
    return wtap_seek_read(capture, offset, &record->rec, code, detail);
}

static inline const guint8 *
ws_record_bytes(const WsRecord *record)
{
    return ws_buffer_start_ptr(&record->rec.data);
}

static inline void
ws_dissect(epan_dissect_t *dissection, int file_type, WsRecord *record, frame_data *frame)
{
    epan_dissect_run(dissection, file_type, &record->rec, frame, NULL);
}

static inline gboolean
ws_write(wtap_dumper *dumper, const WsRecord *record, int *code, char **detail)
{
    return wtap_dump(dumper, &record->rec, code, detail);
}
#else
static inline void
ws_record_init(WsRecord *record)
{
    wtap_rec_init(&record->rec);
    ws_buffer_init(&record->bytes, 2048);
}

static inline void
ws_record_clear(WsRecord *record)
{
    wtap_rec_cleanup(&record->rec);
    ws_buffer_free(&record->bytes);
}

static inline gboolean
ws_read(wtap *capture, WsRecord *record, int *code, char **detail, gint64 *offset)
{
    return wtap_read(capture, &record->rec, &record->bytes, code, detail, offset);
}

static inline gboolean
ws_read_at(wtap *capture, gint64 offset, WsRecord *record, int *code, char **detail)
{
    return wtap_seek_read(capture, offset, &record->rec, &record->bytes, code, detail);
}

static inline const guint8 *
ws_record_bytes(const WsRecord *record)
{
    return ws_buffer_start_ptr(&record->bytes);
}

/* The buffer of bytes is Wireshark's own to free with the dissection, what it points to is not. */
static inline void
ws_dissect(epan_dissect_t *dissection, int file_type, WsRecord *record, frame_data *frame)
{
    tvbuff_t *bytes = tvb_new_real_data(ws_record_bytes(record), frame->cap_len,
                                        (gint)MIN(frame->pkt_len, (guint32)G_MAXINT));

    epan_dissect_run(dissection, file_type, &record->rec, bytes, frame, NULL);
}

static inline gboolean
ws_write(wtap_dumper *dumper, const WsRecord *record, int *code, char **detail)
{
    return wtap_dump(dumper, &record->rec, ws_record_bytes(record), code, detail);
}
#endif

/* The names of hosts that a file brings: since 4.4 the writer copies their blocks, before it takes lists of them. */
#define WS_WRITER_COPIES_NAMES TLSFIT_WS_AT_LEAST(4, 4)

#if WS_WRITER_COPIES_NAMES
static inline void
ws_write_names(wtap_dumper *dumper, addrinfo_lists_t *names)
{
    (void)dumper;
    (void)names;
}
#else
static inline void
ws_write_names(wtap_dumper *dumper, addrinfo_lists_t *names)
{
    if (!wtap_addrinfo_list_empty(names))
        wtap_dump_set_addrinfo_list(dumper, names);
}
#endif

/* What the libraries ask of a program before anything else; the text of what went wrong, or NULL. */
static inline char *
ws_configure(const char *argv0)
{
#if TLSFIT_WS_AT_LEAST(4, 6)
    ws_log_init(NULL);
    return configuration_init(argv0);
#else
    ws_log_init(g_get_prgname(), NULL);
    return configuration_init(argv0, NULL);
#endif
}

/* What dissectors want to know of other packets and of interfaces; none of it reaches a handshake. */
static inline const nstime_t *
ws_no_time(struct packet_provider_data *provider, guint32 frame)
{
    static const nstime_t none = NSTIME_INIT_ZERO;

    (void)provider;
    (void)frame;
    return &none;
}

static inline epan_t *
ws_dissection_open(void)
{
    static const struct packet_provider_funcs functions = { .get_frame_ts = ws_no_time };

    return epan_new(NULL, &functions);
}

#endif
