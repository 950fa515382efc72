/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subcommands that read captures: handed over to a program of its own, tlsfit-capture, which needs Wireshark's
 * libraries. So this command needs none of them.
 *
 * In: the arguments. Out: another program in the place of this one, or one line about where it was looked for.
 */
#include "cli.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "tlsfit-capture"

/* In the build tree the programs lie side by side; an installed one is found from the place of this one too, because
 * people unpack it where they like. */
static const char *const places[] = { "../capture", "../" TLSFIT_LIBEXEC_FOLDER "/tlsfit" };

static char *own_folder(void)
{
    g_autofree char *path = g_file_read_link("/proc/self/exe", NULL);

    return path != NULL ? g_path_get_dirname(path) : NULL;
}

static char *find_program(void)
{
    const char *named = g_getenv("TLSFIT_CAPTURE_PROGRAM");
    g_autofree char *folder = own_folder();

    if (named != NULL && *named != '\0') {
        return g_strdup(named);
    }
    for (guint i = 0; folder != NULL && i < G_N_ELEMENTS(places); i++) {
        g_autofree char *path = g_build_filename(folder, places[i], PROGRAM, NULL);

        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE)) {
            return g_steal_pointer(&path);
        }
    }
    return g_build_filename(TLSFIT_LIBEXEC_PATH, "tlsfit", PROGRAM, NULL);
}

gboolean tlsfit_cli_has_capture(void)
{
    g_autofree char *program = find_program();

    return g_file_test(program, G_FILE_TEST_IS_EXECUTABLE);
}

int tlsfit_cli_capture(int argc, char **argv)
{
    g_autofree char *program = find_program();
    g_autoptr(GPtrArray) arguments = g_ptr_array_new();

    g_ptr_array_add(arguments, (char *)PROGRAM);
    for (int i = 0; i < argc; i++) {
        g_ptr_array_add(arguments, argv[i]);
    }
    g_ptr_array_add(arguments, NULL);
    execv(program, (char **)arguments->pdata);
    tlsfit_cli_error("'%s' reads captures with " PROGRAM ", and %s cannot be run (%s); it comes with the package "
                     "tlsfit-wireshark", argv[0], program, g_strerror(errno));
    return TLSFIT_EXIT_USAGE;
}
