/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output files: whole or not there, whatever ends the program. Works in a directory of its own; uses output.h alone.
 */
#include "output.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    char *directory;
    char *path; /* a file in it that is not there */
} Place;

static void set_up(Place *place, gconstpointer data)
{
    (void)data;
    place->directory = g_dir_make_tmp("tlsfit-output-XXXXXX", NULL);
    g_assert_nonnull(place->directory);
    place->path = g_build_filename(place->directory, "out", NULL);
}

static guint count_files(const char *directory)
{
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    guint count = 0;

    while (g_dir_read_name(dir) != NULL) {
        count++;
    }
    return count;
}

static void tear_down(Place *place, gconstpointer data)
{
    g_autoptr(GDir) dir = g_dir_open(place->directory, 0, NULL);
    const char *name;

    (void)data;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(place->directory, name, NULL);

        g_remove(path);
    }
    g_rmdir(place->directory);
    g_free(place->directory);
    g_free(place->path);
}

static void assert_contents(const char *path, const char *wanted)
{
    g_autofree char *contents = NULL;

    g_assert_true(g_file_get_contents(path, &contents, NULL, NULL));
    g_assert_cmpstr(contents, ==, wanted);
}

static void test_whole(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    GStatBuf there;
    const mode_t mask = umask(027);

    (void)data;
    g_assert_true(tlsfit_output_text(place->path, "first", &error));
    assert_contents(place->path, "first");
    g_assert_cmpint(g_stat(place->path, &there), ==, 0);
    g_assert_cmpuint(there.st_mode & 0777, ==, 0640);
    g_assert_cmpint(g_chmod(place->path, 0604), ==, 0);
    g_assert_true(tlsfit_output_text(place->path, "second", &error));
    assert_contents(place->path, "second");
    g_assert_cmpint(g_stat(place->path, &there), ==, 0);
    g_assert_cmpuint(there.st_mode & 0777, ==, 0604);
    g_assert_cmpuint(count_files(place->directory), ==, 1);
    umask(mask);
}

/* Nothing under the final name while it is written, and nothing at all when it is given up. */
static void test_given_up(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    TlsfitOutput *output = tlsfit_output_begin(place->path, &error);

    (void)data;
    g_assert_nonnull(output);
    g_assert_true(g_file_set_contents(tlsfit_output_path(output), "half", -1, NULL));
    g_assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
    tlsfit_output_free(output);
    g_assert_cmpuint(count_files(place->directory), ==, 0);
}

/* A write that fails: the disk is full. */
static void test_full(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    if (!g_file_test("/dev/full", G_FILE_TEST_EXISTS)) {
        g_test_skip("no /dev/full");
        return;
    }
    g_assert_cmpint(symlink("/dev/full", place->path), ==, 0);
    g_assert_false(tlsfit_output_text(place->path, "text", &error));
    g_assert_nonnull(strstr(error->message, "out: "));
    g_assert_true(g_file_test(place->path, G_FILE_TEST_IS_SYMLINK));
}

/* A device is written to, never replaced; a link to a file stays a link. */
static void test_special(Place *place, gconstpointer data)
{
    g_autofree char *link = g_build_filename(place->directory, "link", NULL);
    g_autofree char *fifo = g_build_filename(place->directory, "fifo", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(TlsfitOutput) output = NULL;

    (void)data;
    g_assert_true(g_file_set_contents(place->path, "before", -1, NULL));
    g_assert_cmpint(symlink(place->path, link), ==, 0);
    g_assert_true(tlsfit_output_text(link, "after", &error));
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    assert_contents(place->path, "after");
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    output = tlsfit_output_begin(fifo, &error);
    g_assert_nonnull(output);
    g_assert_cmpstr(tlsfit_output_path(output), ==, fifo);
}

static void test_errors(Place *place, gconstpointer data)
{
    g_autofree char *below = g_build_filename(place->path, "out", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) other = NULL;

    (void)data;
    g_assert_null(tlsfit_output_begin(place->directory, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
    g_assert_true(g_str_has_prefix(error->message, place->directory));
    g_assert_null(tlsfit_output_begin(below, &other));
    g_assert_error(other, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

/* Ctrl-C: the child ends by the signal, and what it had begun is gone. A child of that child removes nothing. */
static void test_interrupted(Place *place, gconstpointer data)
{
    int status = 0;
    const pid_t child = fork();

    (void)data;
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        TlsfitOutput *output = tlsfit_output_begin(place->path, NULL);
        const pid_t grandchild = output != NULL ? fork() : -1;

        if (grandchild == 0) {
            raise(SIGTERM);
        }
        if (grandchild < 0 || waitpid(grandchild, &status, 0) < 0 || g_access(tlsfit_output_path(output), F_OK) != 0) {
            _exit(1);
        }
        raise(SIGTERM);
        _exit(2);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status));
    g_assert_cmpint(WTERMSIG(status), ==, SIGTERM);
    g_assert_cmpuint(count_files(place->directory), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/output/whole", Place, NULL, set_up, test_whole, tear_down);
    g_test_add("/output/given-up", Place, NULL, set_up, test_given_up, tear_down);
    g_test_add("/output/full", Place, NULL, set_up, test_full, tear_down);
    g_test_add("/output/special", Place, NULL, set_up, test_special, tear_down);
    g_test_add("/output/errors", Place, NULL, set_up, test_errors, tear_down);
    g_test_add("/output/interrupted", Place, NULL, set_up, test_interrupted, tear_down);
    return g_test_run();
}
