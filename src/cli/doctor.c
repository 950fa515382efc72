/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit doctor`: is the plugin installed where this Wireshark will load it? See doctor.h.
 *
 * In: what is on this machine. Out: findings, each with what to do, as text or JSON; exit status 0 where a plugin that
 * works was found. Changes nothing.
 */
#include "doctor.h"

#include "cli.h"
#include "terminal.h"
#include "tlsfit_json.h"

#include <unistd.h>

typedef struct {
    char   **programs;
    gboolean json;
} Options;

static const char description[] =
    "Examples:\n"
    "  tlsfit doctor\n"
    "  tlsfit doctor --tshark /opt/wireshark/bin/tshark\n"
    "  tlsfit doctor --json\n\n"
    "Exit status: 0 a plugin that works was found, 1 none, 2 bad usage.\n";

static gboolean parse(Options *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {
        { "tshark", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->programs,
          "look at this program instead of those in PATH and in the usual folders", "FILE" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "JSON, for programs", NULL },
        TLSFIT_COLOUR_OPTION,
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };

    if (!tlsfit_cli_parse("Finds out why Wireshark does not load the plugin, and says what to do.", description, entries,
                          &argc, &argv)) {
        return FALSE;
    }
    if (argc > 1) {
        tlsfit_cli_error("doctor takes no '%s'; 'tlsfit doctor --help' tells more", argv[1]);
        return FALSE;
    }
    for (guint i = 0; options->programs != NULL && options->programs[i] != NULL; i++) {
        if (!g_file_test(options->programs[i], G_FILE_TEST_IS_EXECUTABLE)) {
            tlsfit_cli_error("%s: no such program", options->programs[i]);
            return FALSE;
        }
    }
    return TRUE;
}

/* --- For people ------------------------------------------------------------------------------------------------- */

static void print_finding(GString *out, const TlsfitDoctorFinding *finding)
{
    static const TlsfitStatus like[] = {
        [TLSFIT_DOCTOR_OK] = TLSFIT_OK, [TLSFIT_DOCTOR_NOTE] = TLSFIT_SUSPECT, [TLSFIT_DOCTOR_PROBLEM] = TLSFIT_CANNOT,
    };
    const TlsfitStatus status = like[finding->level];

    g_string_append(out, "  ");
    tlsfit_text_append(out, tlsfit_style_of(status), tlsfit_symbol_of(status), 2);
    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_PLAIN, finding->text, 4);
    if (finding->fix != NULL) { /* never broken into lines: it is to be copied */
        g_string_append(out, "    do: ");
        tlsfit_text_append(out, TLSFIT_STYLE_STRONG, finding->fix, 0);
        g_string_append_c(out, '\n');
    }
}

static void print_all(const GPtrArray *all)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < all->len; i++) {
        const TlsfitWireshark *wireshark = g_ptr_array_index(all, i);
        g_autofree char *title = g_strdup_printf("Wireshark %s, %s",
                                                 wireshark->version != NULL ? wireshark->version : "(version not known)",
                                                 wireshark->path);

        g_string_append(out, i > 0 ? "\n" : "");
        tlsfit_text_append(out, TLSFIT_STYLE_STRONG, title, 0);
        g_string_append_c(out, '\n');
        for (guint j = 0; j < wireshark->findings->len; j++) {
            print_finding(out, g_ptr_array_index(wireshark->findings, j));
        }
    }
    tlsfit_text_print(out);
}

/* --- For programs ----------------------------------------------------------------------------------------------- */

static void add_wireshark(JsonBuilder *builder, const TlsfitWireshark *wireshark)
{
    static const char *const levels[] = {
        [TLSFIT_DOCTOR_OK] = "ok", [TLSFIT_DOCTOR_NOTE] = "note", [TLSFIT_DOCTOR_PROBLEM] = "problem",
    };

    json_builder_begin_object(builder);
    tlsfit_json_string(builder, "path", wireshark->path);
    tlsfit_json_string(builder, "version", wireshark->version);
    tlsfit_json_string(builder, "personal_plugins", wireshark->personal);
    tlsfit_json_string(builder, "global_plugins", wireshark->global);
    tlsfit_json_string(builder, "plugin_version", wireshark->listed_version);
    tlsfit_json_yes(builder, "works", wireshark->works);
    json_builder_set_member_name(builder, "findings");
    json_builder_begin_array(builder);
    for (guint i = 0; i < wireshark->findings->len; i++) {
        const TlsfitDoctorFinding *finding = g_ptr_array_index(wireshark->findings, i);

        json_builder_begin_object(builder);
        tlsfit_json_string(builder, "level", levels[finding->level]);
        tlsfit_json_string(builder, "id", finding->id);
        tlsfit_json_string(builder, "text", finding->text);
        tlsfit_json_string(builder, "fix", finding->fix);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}

static void print_json(const GPtrArray *all, gboolean works)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(GString) out = g_string_new(NULL);

    json_builder_begin_object(builder);
    tlsfit_json_string(builder, "tlsfit", TLSFIT_VERSION);
    tlsfit_json_yes(builder, "works", works);
    tlsfit_json_yes(builder, "root", geteuid() == 0);
    json_builder_set_member_name(builder, "wiresharks");
    json_builder_begin_array(builder);
    for (guint i = 0; i < all->len; i++) {
        add_wireshark(builder, g_ptr_array_index(all, i));
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    tlsfit_json_append(out, builder);
    tlsfit_cli_write(NULL, out, TRUE);
}

int tlsfit_cli_doctor(int argc, char **argv)
{
    Options options = { 0 };
    g_autoptr(GPtrArray) all = NULL;
    gboolean works = FALSE;

    if (!parse(&options, argc, argv)) {
        g_strfreev(options.programs);
        return TLSFIT_EXIT_USAGE;
    }
    all = tlsfit_doctor_wiresharks(options.programs);
    g_strfreev(options.programs);
    for (guint i = 0; i < all->len; i++) {
        TlsfitWireshark *wireshark = g_ptr_array_index(all, i);

        tlsfit_doctor_find_plugins(wireshark);
        tlsfit_doctor_check(wireshark);
        works = works || wireshark->works;
    }
    if (options.json) {
        print_json(all, works);
    } else {
        print_all(all);
    }
    if (all->len == 0) {
        tlsfit_cli_error("no tshark in PATH or in the usual folders; install it (Debian: apt-get install tshark), or name it "
                         "with --tshark");
    }
    return works ? TLSFIT_EXIT_FITS : TLSFIT_EXIT_CANNOT;
}
