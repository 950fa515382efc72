/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command `tlsfit`: finds the subcommand and hands over. Judges nothing itself.
 */
#include "cli.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} Command;

static const Command commands[] = {
    { "annotate", tlsfit_cli_capture, "put the findings into captures, as packet comments, and into reports" },
    { "check", tlsfit_cli_check, "check a certificate chain against devices, without a capture" },
    { "devices", tlsfit_cli_devices, "list, show or lint device profiles" },
    { "doctor", tlsfit_cli_doctor, "find out why Wireshark does not load the plugin" },
    { "explain", tlsfit_cli_explain, "explain a rule, or list the rules" },
    { "learn", tlsfit_cli_capture, "a device profile from what a client offered and what it completed" },
    { "matrix", tlsfit_cli_matrix, "which devices can handle which chains or handshakes" },
};

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

/* NULL, when that has been said. */
static const Command *find_command(const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *near = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(name, commands[i].name) == 0) {
            return &commands[i];
        }
        g_ptr_array_add(names, (char *)commands[i].name);
    }
    near = tlsfit_spelling_near(name, names);
    tlsfit_cli_error("no command '%s'%s%s; 'tlsfit --help' lists them", name, near != NULL ? ", did you mean " : "",
                     near != NULL ? near : "");
    return NULL;
}

static int run_command(int argc, char **argv)
{
    const Command *command = find_command(argv[0]);
    g_autofree char *name = command != NULL ? g_strdup_printf("tlsfit %s", command->name) : NULL;

    if (command == NULL) {
        return TLSFIT_EXIT_USAGE;
    }
    g_set_prgname(name); /* what --help says */
    return command->run(argc, argv);
}

/* "tlsfit help COMMAND" is what others call "COMMAND --help". */
static int run_help(char *name)
{
    char option[] = "--help";
    char *words[] = { name, option, NULL };

    return run_command(2, words);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    if (argc < 2) {
        usage(stderr);
        return TLSFIT_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("tlsfit " TLSFIT_VERSION);
        return TLSFIT_EXIT_FITS;
    }
    if (argc > 2 && strcmp(argv[1], "help") == 0) {
        return run_help(argv[2]);
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        usage(stdout);
        return TLSFIT_EXIT_FITS;
    }
    return run_command(argc - 1, argv + 1);
}
