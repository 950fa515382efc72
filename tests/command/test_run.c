/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking other programs: what they say, and that nothing waits for one that hangs or for its children. Uses run.h alone.
 */
#include "run.h"

#include <gio/gio.h>
#include <string.h>

static void test_answer(void)
{
    const char *const argv[] = { "sh", "-c", "echo out; echo error >&2; exit 3", NULL };
    g_autofree char *out = NULL;
    g_autofree char *errors = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(tlsfit_run(argv, 30, &out, &errors, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(out, ==, "out\n");
    g_assert_cmpstr(errors, ==, "error\n");
}

static void test_silent(void)
{
    const char *const argv[] = { "true", NULL };
    g_autofree char *out = NULL;

    g_assert_true(tlsfit_run(argv, 30, &out, NULL, NULL));
    g_assert_cmpstr(out, ==, "");
}

static void test_absent(void)
{
    const char *const argv[] = { "/no/such/program", NULL };
    g_autoptr(GError) error = NULL;

    g_assert_false(tlsfit_run(argv, 30, NULL, NULL, &error));
    g_assert_nonnull(error);
}

static void test_crash(void)
{
    const char *const argv[] = { "sh", "-c", "kill -SEGV $$", NULL };
    g_autoptr(GError) error = NULL;

    g_assert_false(tlsfit_run(argv, 30, NULL, NULL, &error));
    g_assert_nonnull(strstr(error->message, "it crashed (signal 11)"));
}

/* The child keeps the pipes open after its parent was stopped. */
static void test_hang(void)
{
    const char *const argv[] = { "sh", "-c", "sleep 20 & wait", NULL };
    g_autoptr(GError) error = NULL;

    g_assert_false(tlsfit_run(argv, 1, NULL, NULL, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/run/answer", test_answer);
    g_test_add_func("/run/silent", test_silent);
    g_test_add_func("/run/absent", test_absent);
    g_test_add_func("/run/crash", test_crash);
    g_test_add_func("/run/hang", test_hang);
    return g_test_run();
}
