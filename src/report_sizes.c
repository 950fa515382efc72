/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The member "sizes" of a handshake's JSON. In: sizes.c. Out: calls of the builder. Judges nothing.
 */
#include "report_sizes.h"

#include "sizes.h"
#include "tlsfit_json.h"

static void add_chain(JsonBuilder *builder, const TlsfitSizes *sizes)
{
    if (sizes->chain_count == 0) {
        return;
    }
    json_builder_set_member_name(builder, "certificates");
    json_builder_begin_array(builder);
    for (guint i = 0; i < sizes->chain_count; i++) {
        json_builder_add_int_value(
            builder, g_array_index(sizes->chain->certificates, TlsfitCertificateEntry, i).certificate->bytes);
    }
    json_builder_end_array(builder);
}

/* Index, what it is, what leaving it out saves. */
static void add_saving(JsonBuilder *builder, const char *key, int index, guint bytes)
{
    if (index < 0) {
        return;
    }
    json_builder_set_member_name(builder, key);
    json_builder_begin_object(builder);
    tlsfit_json_number(builder, "cert_index", index);
    tlsfit_json_count(builder, "bytes", bytes);
    json_builder_end_object(builder);
}

static void add_fragment(JsonBuilder *builder, const char *key, const TlsfitFragmentSize *size)
{
    if (size->asked_bytes == 0) {
        return;
    }
    json_builder_set_member_name(builder, key);
    json_builder_begin_object(builder);
    tlsfit_json_count(builder, "asked", size->asked_bytes);
    if (size->answer_seen) {
        tlsfit_json_yes(builder, "granted", size->granted);
    }
    tlsfit_json_yes(builder, "kept", size->broken_by == NULL);
    json_builder_end_object(builder);
}

static void add_limits(JsonBuilder *builder, const TlsfitDevice *device)
{
    static const struct {
        TlsfitNumber number;
        const char *key;
    } limits[] = {
        { TLSFIT_NUMBER_certificate_bytes_max, "certificate_bytes_max" },
        { TLSFIT_NUMBER_message_bytes_max, "message_bytes_max" },
        { TLSFIT_NUMBER_record_bytes_max, "record_bytes_max" },
        { TLSFIT_NUMBER_encrypted_record_bytes_max, "encrypted_record_bytes_max" },
        { TLSFIT_NUMBER_datagram_bytes_max, "datagram_bytes_max" },
    };

    json_builder_set_member_name(builder, "limits");
    json_builder_begin_object(builder);
    for (guint i = 0; device != NULL && i < G_N_ELEMENTS(limits); i++) {
        guint64 value = 0;

        tlsfit_device_number_value(device, limits[i].number, &value, NULL);
        tlsfit_json_count(builder, limits[i].key, value);
    }
    json_builder_end_object(builder);
}

void tlsfit_report_sizes(JsonBuilder *builder, const TlsfitSession *session)
{
    TlsfitSizes sizes;

    tlsfit_sizes_read(session, session->device_side, &sizes);
    json_builder_set_member_name(builder, "sizes");
    json_builder_begin_object(builder);
    add_chain(builder, &sizes);
    tlsfit_json_count(builder, "certificate_message", sizes.chain_bytes);
    add_saving(builder, "root", sizes.root_index, sizes.root_bytes);
    add_saving(builder, "last_ca", sizes.cross_index, sizes.cross_bytes);
    tlsfit_json_count(builder, "largest_record", sizes.largest_bytes[TLSFIT_RECORD_PLAIN]);
    tlsfit_json_count(builder, "largest_encrypted_record", sizes.largest_bytes[TLSFIT_RECORD_ENCRYPTED]);
    tlsfit_json_count(builder, "largest_datagram", sizes.largest_bytes[TLSFIT_RECORD_DATAGRAM]);
    add_fragment(builder, "max_fragment_length", &sizes.max_fragment_length);
    add_fragment(builder, "record_size_limit", &sizes.record_size_limit);
    add_limits(builder, session->device);
    json_builder_end_object(builder);
}
