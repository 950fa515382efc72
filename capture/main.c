/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit-capture: the subcommands of `tlsfit` that read captures. `tlsfit` starts it; people need not know of it.
 *
 * Finds the subcommand and hands over.
 */
#include "command.h"

#include <locale.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(const char *program, int argc, char **argv);
} commands[] = {
    { "annotate", command_annotate },
    { "learn", command_learn },
    { "matrix", command_matrix },
};

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    for (guint i = 0; argc > 1 && i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            g_autofree char *name = g_strdup_printf("tlsfit %s", commands[i].name);
            g_set_prgname(name); /* what --help says */
            return commands[i].run(argv[0], argc - 1, argv + 1);
        }
    }
    tlsfit_cli_error("this program is started by 'tlsfit'; 'tlsfit --help' lists the commands");
    return TLSFIT_EXIT_USAGE;
}
