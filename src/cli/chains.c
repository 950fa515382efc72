/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chains for a check without a capture. See chains.h. In: paths, names. Out: certificates and notes. Judges nothing.
 */
#include "chains.h"

#include "cli.h"
#include "input.h"
#include "terminal.h"
#include "tlsfit_json.h"

#include <stdio.h>

void tlsfit_chain_input_free(TlsfitChainInput *input)
{
    if (input == NULL) {
        return;
    }
    g_free(input->name);
    g_clear_pointer(&input->certificates, g_ptr_array_unref);
    g_clear_pointer(&input->notes, g_ptr_array_unref);
    g_free(input);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitChainInput, tlsfit_chain_input_free)

static TlsfitChainInput *input_new(const char *name)
{
    TlsfitChainInput *input = g_new0(TlsfitChainInput, 1);

    input->name = g_strdup(name);
    input->notes = g_ptr_array_new_with_free_func(g_free);
    return input;
}

static void G_GNUC_PRINTF(2, 3) note(TlsfitChainInput *input, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(input->notes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* --- What looks like a mistake -------------------------------------------------------------------------------- */

static const TlsfitCertificate *certificate_at(const TlsfitChainInput *input, guint index)
{
    return g_ptr_array_index(input->certificates, index);
}

static gboolean is_end_entity(const TlsfitCertificate *certificate)
{
    return certificate->readable && !certificate->is_ca && !certificate->self_signed && certificate->version == 3;
}

/* Another certificate that is no CA, behind the first: two chains in one file. */
static void note_second_chain(TlsfitChainInput *input)
{
    for (guint i = 1; i < input->certificates->len && is_end_entity(certificate_at(input, 0)); i++) {
        if (is_end_entity(certificate_at(input, i))) {
            note(input, "certificate[%u] is an end-entity certificate like certificate[0]: a server sends the whole file as "
                 "one chain, and so it is judged; put a second chain into a file of its own", i);
            return;
        }
    }
}

static void note_order(TlsfitChainInput *input)
{
    for (guint i = 0; i + 1 < input->certificates->len; i++) {
        const TlsfitCertificate *below = certificate_at(input, i);

        if (below->readable && certificate_at(input, i + 1)->readable && !below->self_signed &&
            !tlsfit_certificate_certifies(certificate_at(input, i + 1), below)) {
            note(input, "certificate[%u] does not certify certificate[%u]: the order of the file is that in which a server "
                 "sends it, and it is judged so", i + 1, i);
            return;
        }
    }
}

static void note_certificates(TlsfitChainInput *input)
{
    const TlsfitCertificate *last = certificate_at(input, input->certificates->len - 1);

    for (guint i = 0; i < input->certificates->len; i++) {
        if (!certificate_at(input, i)->readable) {
            note(input, "certificate[%u] cannot be read: %s", i, certificate_at(input, i)->error);
        }
    }
    if (input->certificates->len > 1 && last->readable && last->self_signed) {
        note(input, "certificate[%u] is a self-signed root: no device needs it from the server, and leaving it out saves %u "
             "bytes", input->certificates->len - 1, last->bytes + 3);
    }
}

/* --- Files ---------------------------------------------------------------------------------------------------- */

TlsfitChainInput *tlsfit_chain_input_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    const char *shown = tlsfit_input_shown(path);
    const TlsfitInput kind = tlsfit_input_of(path); /* before it is read: standard input can be looked at but once */
    g_autoptr(TlsfitBundle) bundle = tlsfit_bundle_read(path, &error);
    g_autoptr(TlsfitChainInput) input = NULL;

    if (bundle == NULL && kind == TLSFIT_INPUT_CAPTURE) {
        tlsfit_cli_error("%s: this is a capture and no chain; 'tlsfit annotate' and 'tlsfit matrix' read it", shown);
        return NULL;
    }
    if (bundle == NULL) {
        tlsfit_cli_error("%s", error->message);
        return NULL;
    }
    if (bundle->cut) {
        tlsfit_cli_error("%s: cut short after certificate[%u]: what follows has no end; write the file anew", shown,
                         bundle->certificates->len - 1);
        return NULL;
    }
    if (bundle->certificates->len > TLSFIT_CERTIFICATES_MAX) {
        tlsfit_cli_error("%s: %u certificates, this is a store of trusted roots and no chain; give the file that the server "
                         "sends", shown, bundle->certificates->len);
        return NULL;
    }
    input = input_new(path);
    input->certificates = g_ptr_array_ref(bundle->certificates);
    if (bundle->private_keys > 0) {
        note(input, "the file also holds a private key; no check needs it: do not pass this file around");
    }
    if (bundle->others != NULL) {
        note(input, "the file also holds %s, which is passed over", bundle->others);
    }
    note_certificates(input);
    note_order(input);
    note_second_chain(input);
    return g_steal_pointer(&input);
}

/* --- Chains in profiles ---------------------------------------------------------------------------------------- */

static GPtrArray *chain_names(TlsfitLibrary *library)
{
    const GPtrArray *devices = tlsfit_library_devices(library);
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < devices->len; i++) {
        const GPtrArray *chains = tlsfit_device_chains(g_ptr_array_index(devices, i));

        for (guint j = 0; j < chains->len; j++) {
            g_ptr_array_add(names, ((TlsfitChain *)g_ptr_array_index(chains, j))->name);
        }
    }
    return names;
}

TlsfitChainInput *tlsfit_chain_input_named(TlsfitLibrary *library, const char *name)
{
    const TlsfitChain *described = tlsfit_library_chain(library, name);
    TlsfitChainInput *input;

    if (described == NULL) {
        g_autoptr(GPtrArray) names = chain_names(library);
        g_autofree char *near = tlsfit_spelling_near(name, names);

        tlsfit_cli_error("no profile describes a chain '%s'%s%s; 'tlsfit check --chain list' has them all", name,
                         near != NULL ? ", did you mean " : "", near != NULL ? near : "");
        return NULL;
    }
    input = input_new(name);
    input->described = TRUE;
    input->certificates = tlsfit_chain_certificates(described);
    note(input, "known by its description (%s, %s): dates, names and extensions cannot be judged",
         tlsfit_confidence_name(described->source->confidence), described->source->where);
    return input;
}

GPtrArray *tlsfit_chain_inputs(TlsfitLibrary *library, char *const *names, char *const *paths, gboolean *failed)
{
    GPtrArray *inputs = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_chain_input_free);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        TlsfitChainInput *input = tlsfit_chain_input_named(library, names[i]);

        if (input != NULL) {
            g_ptr_array_add(inputs, input);
        }
        *failed = *failed || input == NULL;
    }
    for (guint i = 0; paths != NULL && paths[i] != NULL; i++) {
        TlsfitChainInput *input = tlsfit_chain_input_file(paths[i]);

        if (input != NULL) {
            g_ptr_array_add(inputs, input);
        }
        *failed = *failed || input == NULL;
    }
    return inputs;
}

/* --- For people ----------------------------------------------------------------------------------------------- */

static const char *signature_name(const TlsfitCertificate *certificate)
{
    const char *name = certificate->signature != TLSFIT_SIGNATURE_UNKNOWN
                           ? tlsfit_name(TLSFIT_NAME_CERT_SIGNATURE, certificate->signature)
                           : NULL;

    return name != NULL ? name : certificate->signature_oid;
}

char *tlsfit_certificate_brief(const TlsfitCertificate *certificate, gboolean described)
{
    g_autofree char *key = NULL;
    g_autofree char *size = NULL;
    g_autofree char *date = NULL;

    if (!certificate->readable) {
        return g_strdup_printf("cannot be read, %u bytes", certificate->bytes);
    }
    key = tlsfit_key_text(certificate->key_type, certificate->key_bits, certificate->curve);
    size = certificate->bytes > 0 ? g_strdup_printf(", %u bytes", certificate->bytes) : g_strdup("");
    if (!described) {
        g_autoptr(GDateTime) until = g_date_time_new_from_unix_utc(certificate->not_after_s);

        date = until != NULL ? g_date_time_format(until, ", until %F") : NULL;
    }
    return g_strdup_printf("%s, signed %s%s%s", key, signature_name(certificate), size, date != NULL ? date : "");
}

static void list_json(TlsfitLibrary *library, const GPtrArray *names)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(GString) out = g_string_new(NULL);

    json_builder_begin_array(builder);
    for (guint i = 0; i < names->len; i++) {
        const TlsfitChain *chain = tlsfit_library_chain(library, g_ptr_array_index(names, i));

        json_builder_begin_object(builder);
        tlsfit_json_string(builder, "chain", chain->name);
        json_builder_set_member_name(builder, "certificates");
        json_builder_begin_array(builder);
        for (guint j = 0; j < chain->links->len; j++) {
            const TlsfitChainLink *link = &g_array_index(chain->links, TlsfitChainLink, j);
            g_autofree char *key = tlsfit_key_text(link->key_type, link->key_bits, link->curve);

            json_builder_begin_object(builder);
            tlsfit_json_string(builder, "key", key);
            tlsfit_json_string(builder, "signature", tlsfit_name(TLSFIT_NAME_CERT_SIGNATURE, link->signature));
            if (link->bytes > 0) {
                tlsfit_json_count(builder, "bytes", link->bytes);
            }
            if (link->name != NULL) {
                tlsfit_json_string(builder, "name", link->name);
            }
            json_builder_end_object(builder);
        }
        json_builder_end_array(builder);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    tlsfit_json_append(out, builder);
    fputs(out->str, stdout);
}

void tlsfit_chain_list(TlsfitLibrary *library, gboolean as_json)
{
    g_autoptr(GPtrArray) names = chain_names(library);
    g_autoptr(GString) out = g_string_new(NULL);

    if (as_json) {
        list_json(library, names);
        return;
    }
    for (guint i = 0; i < names->len; i++) {
        const TlsfitChain *chain = tlsfit_library_chain(library, g_ptr_array_index(names, i));

        tlsfit_text_append(out, TLSFIT_STYLE_STRONG, chain->name, 24);
        for (guint j = 0; j < chain->links->len; j++) {
            const TlsfitChainLink *link = &g_array_index(chain->links, TlsfitChainLink, j);
            g_autofree char *key = tlsfit_key_text(link->key_type, link->key_bits, link->curve);

            g_string_append(out, j > 0 ? " < " : "");
            g_string_append(out, key);
            if (link->name != NULL && j > 0) {
                g_string_append(out, " (");
                tlsfit_text_append(out, TLSFIT_STYLE_PLAIN, link->name, 0);
                g_string_append_c(out, ')');
            }
        }
        g_string_append_c(out, '\n');
    }
    tlsfit_text_print(out);
}
