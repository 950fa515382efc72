/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the subcommands share: messages, and the library of profiles. See cli.h.
 */
#include "cli.h"

#include "output.h"
#include "terminal.h"

#include <stdarg.h>
#include <stdio.h>

void tlsfit_cli_error(const char *format, ...)
{
    va_list arguments;

    fputs("tlsfit: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

gboolean tlsfit_cli_parse(const char *summary, const char *description, const GOptionEntry *entries, int *argc,
                          char ***argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, description);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, &error)) {
        tlsfit_cli_error("%s; '%s --help' tells more", error->message, g_get_prgname());
        return FALSE;
    }
    return TRUE;
}

gboolean tlsfit_cli_jobs(int jobs)
{
    if (jobs < 0 || jobs > 1024) {
        tlsfit_cli_error("--jobs is a number from 1 to 1024");
        return FALSE;
    }
    return TRUE;
}

/* Where Wireshark of the system and of this user has its files: the plugin reads the same profiles there. */
static void add_installed(TlsfitLibrary *library)
{
    const char *const *system = g_get_system_data_dirs();
    const char *own = g_getenv("WIRESHARK_CONFIG_DIR");
    g_autofree char *personal = own != NULL && *own != '\0'
                                    ? g_build_filename(own, "tlsfit", NULL)
                                    : g_build_filename(g_get_user_config_dir(), "wireshark", "tlsfit", NULL);

    /* the first of the system's directories is the strongest, and of profiles the last one of an id wins */
    for (guint i = g_strv_length((char **)system); i > 0; i--) {
        g_autofree char *path = g_build_filename(system[i - 1], "wireshark", "tlsfit", NULL);

        tlsfit_library_add_directory(library, path, FALSE);
    }
    tlsfit_library_add_directory(library, personal, FALSE);
}

TlsfitLibrary *tlsfit_cli_library(const char *directory)
{
    TlsfitLibrary *library = tlsfit_library_new();

    tlsfit_library_add_builtin(library);
    add_installed(library);
    if (directory != NULL) {
        tlsfit_library_add_directory(library, directory, TRUE);
    }
    tlsfit_library_finish(library);
    for (guint i = 0; i < tlsfit_library_problems(library)->len; i++) {
        const TlsfitProblem *problem = g_ptr_array_index(tlsfit_library_problems(library), i);

        if (problem->line > 0) {
            tlsfit_cli_error("%s:%u: %s (this profile is left out)", problem->file, problem->line, problem->message);
        } else {
            tlsfit_cli_error("%s: %s", problem->file, problem->message);
        }
    }
    return library;
}

gboolean tlsfit_cli_write(const char *path, const GString *text, gboolean as_utf8)
{
    g_autoptr(GError) error = NULL;

    if (path == NULL && !as_utf8) {
        tlsfit_text_print(text);
        return TRUE;
    }
    if (!tlsfit_output_text(path != NULL ? path : "-", text->str, &error)) {
        tlsfit_cli_error("%s; nothing was written", error->message);
        return FALSE;
    }
    return TRUE;
}
