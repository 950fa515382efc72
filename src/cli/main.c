/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command `tlsfit`: finds the subcommand and hands over. Judges nothing itself.
 */
#include "cli.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} Command;

static const Command commands[] = {
    { "check", tlsfit_cli_check, "check a certificate chain against devices, without a capture" },
    { "devices", tlsfit_cli_devices, "list, show or lint device profiles" },
    { "explain", tlsfit_cli_explain, "explain a rule, or list the rules" },
};

void tlsfit_cli_error(const char *format, ...)
{
    va_list arguments;

    fputs("tlsfit: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

TlsfitLibrary *tlsfit_cli_library(const char *directory)
{
    TlsfitLibrary *library = tlsfit_library_new();
    g_autofree char *personal = g_build_filename(g_get_user_config_dir(), "wireshark", "tlsfit", NULL);

    tlsfit_library_add_builtin(library);
    tlsfit_library_add_directory(library, personal, FALSE);
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

static void usage(FILE *stream)
{
    fputs("Usage: tlsfit COMMAND [OPTIONS]\n\nWhich certificate of a chain, or which choice of a server, a device cannot "
          "handle.\n\nCommands:\n",
          stream);
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        fprintf(stream, "  %-9s %s\n", commands[i].name, commands[i].summary);
    }
    fputs("\n'tlsfit COMMAND --help' tells more. In Wireshark and tshark the plugin judges captures: see README.md.\n",
          stream);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    if (argc < 2) {
        usage(stderr);
        return TLSFIT_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        usage(stdout);
        return TLSFIT_EXIT_FITS;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("tlsfit " TLSFIT_VERSION);
        return TLSFIT_EXIT_FITS;
    }
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    tlsfit_cli_error("no command '%s'; 'tlsfit --help' lists them", argv[1]);
    return TLSFIT_EXIT_USAGE;
}
