/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What messages have beside their lists: extensions, names, sizes that are asked for, a CertificateRequest.
 *
 * In: the keys of a step. Out: the rest of its TlsfitMessage.
 */
#include "case_step.h"

static const struct {
    const char *name;
    guint type;
} certificate_types[] = { { "rsa_sign", 1 }, { "dss_sign", 2 }, { "ecdsa_sign", 64 } };

static void read_numbers(Step *step, const char *key, TlsfitCodes *codes)
{
    g_auto(GStrv) values = step_list(step, key);

    codes->present = g_key_file_has_key(step->test->file, step->group, key, NULL);
    codes->place = (TlsfitPlace){ codes->present ? step->frame : 0, 0, 0 };
    for (guint i = 0; values[i] != NULL; i++) {
        guint64 number = 0;

        if (!g_ascii_string_to_unsigned(values[i], 10, 0, G_MAXUINT16, &number, NULL)) {
            case_problem(step->test, "[%s] %s has numbers, not \"%s\"", step->group, key, values[i]);
        }
        tlsfit_codes_add(codes, (guint)number);
    }
}

static guint certificate_type(Step *step, const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(certificate_types); i++) {
        if (g_str_equal(name, certificate_types[i].name)) {
            return certificate_types[i].type;
        }
    }
    case_problem(step->test, "[%s] there is no certificate type \"%s\"", step->group, name);
    return 0;
}

static int fragment_code(Step *step)
{
    const guint bytes = step_number(step, "max_fragment_length", 0);

    for (int code = 1; code <= 4; code++) {
        if (bytes == 1u << (8 + code)) {
            return code;
        }
    }
    if (bytes != 0) {
        case_problem(step->test, "[%s] max_fragment_length is 512, 1024, 2048 or 4096", step->group);
    }
    return 0;
}

void step_certificate_request(Step *step, TlsfitMessage *message)
{
    g_auto(GStrv) types = step_list(step, "certificate_types");

    message->certificate_types.place = message->place;
    for (guint i = 0; types[i] != NULL; i++) {
        tlsfit_codes_add(&message->certificate_types, certificate_type(step, types[i]));
    }
}

void step_extensions(Step *step, TlsfitMessage *message)
{
    g_auto(GStrv) extensions = step_list(step, "extensions");

    message->server_name = step_string(step, "server_name");
    message->has_server_name = message->server_name != NULL;
    read_numbers(step, "alpn_lengths", &message->alpn_lengths);
    message->max_fragment_length = fragment_code(step);
    message->record_size_limit = step_number(step, "record_size_limit", 0);
    message->extensions.present = g_key_file_has_key(step->test->file, step->group, "extensions", NULL);
    for (guint i = 0; extensions[i] != NULL; i++) {
        guint code = 0;

        if (!tlsfit_name_parse(TLSFIT_NAME_EXTENSION, extensions[i], &code)) {
            case_problem(step->test, "[%s] there is no extension \"%s\"", step->group, extensions[i]);
        }
        tlsfit_codes_add(&message->extensions, code);
    }
}
