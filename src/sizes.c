/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sizes of certificates, messages, records and datagrams. See sizes.h.
 *
 * In: events with sizes, and later the facts of a session. Out: numbers, and sentences with them. Holds nothing against
 * a limit: that is what the rules do.
 */
#include "sizes.h"

/* A certificate's length field in the message; TLS 1.3 has the length of its extensions too (RFC 8446, 4.4.2). */
#define ENTRY_BYTES 3u
#define ENTRY_BYTES_TLS13 5u

/* By how much a protected record may be larger than the fragment in it, with the suites that there are: in TLS 1.2
 * padding 256, MAC 48 and IV 16 (RFC 5246, 6.2.3); in TLS 1.3 256 at the most (RFC 8446, 5.2). */
#define EXPANSION_BYTES 320u
#define EXPANSION_BYTES_TLS13 256u

/* Before TLS 1.3 everything after ChangeCipherSpec is encrypted; in TLS 1.3 it hides in application data. */
static TlsfitRecordKind kind_of(const TlsfitSession *session, const TlsfitEvent *event)
{
    const gboolean tls13 = tlsfit_version_is_tls13(tlsfit_session_version(session));

    if (event->kind == TLSFIT_EVENT_DATAGRAM) {
        return TLSFIT_RECORD_DATAGRAM;
    }
    return event->content_type == 23 || (!tls13 && session->party[event->side].cipher_spec.seen)
               ? TLSFIT_RECORD_ENCRYPTED
               : TLSFIT_RECORD_PLAIN;
}

void tlsfit_session_note_record(TlsfitSession *session, const TlsfitEvent *event)
{
    TlsfitRecordSize size = { .place = event->place, .bytes = event->bytes, .side = event->side };
    guint *largest;

    if (event->kind != TLSFIT_EVENT_RECORD && event->kind != TLSFIT_EVENT_RECORD_READ &&
        event->kind != TLSFIT_EVENT_DATAGRAM) {
        return;
    }
    size.kind = kind_of(session, event);
    largest = &session->party[event->side].largest_bytes[size.kind];
    if (event->bytes <= *largest || session->end == TLSFIT_END_COMPLETED) {
        return;
    }
    *largest = event->bytes;
    if (session->records == NULL) {
        session->records = g_array_sized_new(FALSE, FALSE, sizeof(TlsfitRecordSize), 6);
    }
    if (session->records->len < TLSFIT_MESSAGES_MAX) {
        g_array_append_val(session->records, size);
    } else {
        session->incomplete = TRUE;
    }
}

static gboolean is_too_large(const TlsfitRecordSize *record, guint asked_bytes, gboolean tls13)
{
    const guint expansion = tls13 ? EXPANSION_BYTES_TLS13 : EXPANSION_BYTES;

    return record->bytes > asked_bytes + (record->kind == TLSFIT_RECORD_ENCRYPTED ? expansion : 0);
}

/* The first record of SENDER that is larger than ASKED; each larger one than before is in the list. */
static const TlsfitRecordSize *first_too_large(const TlsfitSession *session, TlsfitSide sender, guint asked_bytes,
                                               gboolean protected_only)
{
    const gboolean tls13 = tlsfit_version_is_tls13(tlsfit_session_version(session));

    for (guint i = 0; session->records != NULL && i < session->records->len; i++) {
        const TlsfitRecordSize *record = &g_array_index(session->records, TlsfitRecordSize, i);

        if (record->side == sender && record->kind != TLSFIT_RECORD_DATAGRAM &&
            (!protected_only || record->kind == TLSFIT_RECORD_ENCRYPTED) &&
            is_too_large(record, asked_bytes, tls13)) {
            return record;
        }
    }
    return NULL;
}

/* The client asks; the server grants in its ServerHello, in TLS 1.3 in EncryptedExtensions. */
static void read_fragment_sizes(const TlsfitSession *session, TlsfitSizes *sizes)
{
    const TlsfitMessage *hello = session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    const gboolean tls13 = tlsfit_version_is_tls13(tlsfit_session_version(session));
    const TlsfitMessage *answer = session->slots[tls13 ? TLSFIT_SLOT_ENCRYPTED_EXTENSIONS : TLSFIT_SLOT_SERVER_HELLO];
    TlsfitFragmentSize *length = &sizes->max_fragment_length;
    TlsfitFragmentSize *limit = &sizes->record_size_limit;

    if (hello == NULL) {
        return;
    }
    length->asked_bytes = hello->max_fragment_length >= 1 && hello->max_fragment_length <= 4
                              ? 1u << (8 + hello->max_fragment_length)
                              : 0;
    limit->asked_bytes = hello->record_size_limit;
    length->answer_seen = limit->answer_seen = answer != NULL;
    length->granted = answer != NULL && answer->max_fragment_length == hello->max_fragment_length;
    limit->granted = answer != NULL && answer->record_size_limit > 0;
    if (length->asked_bytes > 0) {
        length->broken_by = first_too_large(session, TLSFIT_SERVER, length->asked_bytes, FALSE);
    }
    if (limit->asked_bytes > 0) { /* RFC 8449, 4: unprotected messages are not subject to it */
        limit->broken_by = first_too_large(session, TLSFIT_SERVER, limit->asked_bytes, TRUE);
    }
}

static guint entry_bytes(const TlsfitSession *session)
{
    return tlsfit_version_is_tls13(tlsfit_session_version(session)) ? ENTRY_BYTES_TLS13 : ENTRY_BYTES;
}

static const TlsfitCertificate *certificate_at(const TlsfitMessage *chain, guint index)
{
    return g_array_index(chain->certificates, TlsfitCertificateEntry, index).certificate;
}

static void read_chain(const TlsfitSession *session, const TlsfitMessage *chain, TlsfitSizes *sizes)
{
    const guint last = chain->certificates->len - 1;
    const TlsfitCertificate *certificate = certificate_at(chain, last);
    const guint bytes = certificate->bytes + entry_bytes(session);

    sizes->chain_count = last + 1;
    if (last > 0 && certificate->readable && certificate->self_issued) {
        sizes->root_index = (int)last;
        sizes->root_bytes = bytes;
    } else if (last > 1 && certificate->readable && certificate->is_ca) {
        sizes->cross_index = (int)last;
        sizes->cross_bytes = bytes;
    }
}

void tlsfit_sizes_read(const TlsfitSession *session, TlsfitSide side, TlsfitSizes *sizes)
{
    const TlsfitSlot slot = side == TLSFIT_CLIENT ? TLSFIT_SLOT_SERVER_CERTIFICATE : TLSFIT_SLOT_CLIENT_CERTIFICATE;
    const TlsfitSide other = side == TLSFIT_CLIENT ? TLSFIT_SERVER : TLSFIT_CLIENT;

    *sizes = (TlsfitSizes){ .root_index = -1, .cross_index = -1 };
    for (guint kind = 0; kind < TLSFIT_RECORD_KINDS; kind++) {
        sizes->largest_bytes[kind] = session->party[other].largest_bytes[kind];
    }
    if (side == TLSFIT_CLIENT) {
        read_fragment_sizes(session, sizes);
    }
    if (session->slots[slot] == NULL) {
        return;
    }
    sizes->chain = session->slots[slot];
    sizes->chain_bytes = sizes->chain->type == TLSFIT_HS_CERTIFICATE ? sizes->chain->bytes : 0; /* not a compressed one */
    if (sizes->chain->certificates != NULL && sizes->chain->certificates->len > 0) {
        read_chain(session, sizes->chain, sizes);
    }
}

char *tlsfit_sizes_chain_text(const TlsfitSizes *sizes)
{
    GString *text;

    if (sizes->chain_count == 0) {
        return NULL;
    }
    text = g_string_new(NULL);
    for (guint i = 0; i < sizes->chain_count && i < 10; i++) {
        g_string_append_printf(text, "%scertificate[%u] %u", i > 0 ? ", " : "", i,
                               certificate_at(sizes->chain, i)->bytes);
    }
    g_string_append_printf(text, "%s bytes", sizes->chain_count > 10 ? ", ..." : "");
    return g_string_free(text, FALSE);
}

static void append_saving(GString *text, const TlsfitSizes *sizes, const char *what, int index, guint bytes,
                          guint64 limit_bytes)
{
    const guint left = sizes->chain_bytes - bytes;

    g_string_append_printf(text, "%sWithout certificate[%d] (%s) the message has %u bytes instead of %u",
                           text->len > 0 ? " " : "", index, what, left, sizes->chain_bytes);
    if (limit_bytes > 0) {
        g_string_append(text, left <= limit_bytes ? ", which fits." : ", which is still too much.");
    } else {
        g_string_append_c(text, '.');
    }
}

char *tlsfit_sizes_savings_text(const TlsfitSizes *sizes, guint64 limit_bytes)
{
    GString *text = g_string_new(NULL);

    if (sizes->root_index >= 0 && sizes->chain_bytes > sizes->root_bytes) {
        append_saving(text, sizes, "the root, which the device must hold itself anyway", sizes->root_index,
                      sizes->root_bytes, limit_bytes);
    }
    if (sizes->cross_index >= 0 && sizes->chain_bytes > sizes->cross_bytes) {
        append_saving(text, sizes, "the last CA certificate, needless for a device that holds this CA's key as an anchor",
                      sizes->cross_index, sizes->cross_bytes, limit_bytes);
    }
    return g_string_free(text, text->len == 0);
}

static void append_fragment(GString *text, const char *extension, const TlsfitFragmentSize *size)
{
    if (size->asked_bytes == 0) {
        return;
    }
    g_string_append_printf(text, "%sThe device asked for records of at most %u bytes (%s)", text->len > 0 ? " " : "",
                           size->asked_bytes, extension);
    if (!size->answer_seen) {
        g_string_append(text, "; whether the server granted it cannot be read.");
    } else if (!size->granted) {
        g_string_append(text, ", and the server did not grant it.");
    } else {
        g_string_append(text, size->broken_by != NULL ? ", and the server granted it and did not keep to it."
                                                      : ", and the server granted it and kept to it.");
    }
}

char *tlsfit_sizes_fragment_text(const TlsfitSizes *sizes)
{
    GString *text = g_string_new(NULL);

    append_fragment(text, "max_fragment_length", &sizes->max_fragment_length);
    append_fragment(text, "record_size_limit", &sizes->record_size_limit);
    return g_string_free(text, text->len == 0);
}

char *tlsfit_sizes_fix_text(const TlsfitSizes *sizes, const char *fix, guint64 limit_bytes)
{
    g_autofree char *savings = tlsfit_sizes_savings_text(sizes, limit_bytes);

    return savings != NULL ? g_strdup_printf("%s %s", fix, savings) : g_strdup(fix);
}
