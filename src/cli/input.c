/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input files: chains and captures told apart, short names, kept from being written over. See input.h.
 *
 * In: paths; of one file the beginning is read, of standard input it is looked at and left there. Out: a guess, a text.
 * Judges and writes nothing.
 */
#define _GNU_SOURCE /* tee() */
#include "input.h"

#include "cli.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As much as text above a certificate may take, such as openssl writes it. */
#define BEGINNING_BYTES 65536

/* pcapng, pcap in both byte orders and with nanoseconds, anything compressed (gzip, zstd, lz4). */
static gboolean begins_like_capture(const char *begin, gsize length)
{
    static const char beginnings[][5] = { "\x0a\x0d\x0d\x0a", "\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4", "\x4d\x3c\xb2\xa1",
                                          "\xa1\xb2\x3c\x4d", "\x1f\x8b", "\x28\xb5\x2f\xfd", "\x04\x22\x4d\x18" };

    for (guint i = 0; i < G_N_ELEMENTS(beginnings); i++) {
        if (length >= strlen(beginnings[i]) && memcmp(begin, beginnings[i], strlen(beginnings[i])) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* PEM, or DER: a SEQUENCE with a long length. */
static gboolean begins_like_chain(const char *begin, gsize length)
{
    return g_strstr_len(begin, (gssize)length, "-----BEGIN ") != NULL ||
           (length > 1 && begin[0] == 0x30 && ((guint8)begin[1] & 0x80) != 0);
}

static TlsfitInput input_of(const char *begin, gsize length)
{
    if (length == 0) {
        return TLSFIT_INPUT_UNSEEN;
    }
    if (begins_like_capture(begin, length)) {
        return TLSFIT_INPUT_CAPTURE;
    }
    return begins_like_chain(begin, length) ? TLSFIT_INPUT_CHAIN : TLSFIT_INPUT_OTHER;
}

/* What is in the pipe now, at least a byte unless its writer has closed it; it stays there. Linux alone can do that. */
static gsize look_into_pipe(char *begin, gsize bytes)
{
    gssize length = 0;
#ifdef SPLICE_F_MOVE
    int copy[2];

    if (pipe(copy) != 0) {
        return 0;
    }
    length = tee(STDIN_FILENO, copy[1], bytes, 0);
    close(copy[1]);
    length = length > 0 ? read(copy[0], begin, bytes) : 0;
    close(copy[0]);
#else
    (void)begin, (void)bytes;
#endif
    return length > 0 ? (gsize)length : 0;
}

static TlsfitInput input_of_standard_input(void)
{
    g_autofree char *begin = g_malloc(BEGINNING_BYTES);
    struct stat status;
    gssize length;
    TlsfitInput input;

    if (fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode)) {
        length = pread(STDIN_FILENO, begin, BEGINNING_BYTES, lseek(STDIN_FILENO, 0, SEEK_CUR));
        return input_of(begin, length > 0 ? (gsize)length : 0);
    }
    input = input_of(begin, look_into_pipe(begin, BEGINNING_BYTES));
    return input == TLSFIT_INPUT_OTHER ? TLSFIT_INPUT_UNSEEN : input; /* the certificates may be still to come */
}

TlsfitInput tlsfit_input_of(const char *path)
{
    g_autofree char *begin = g_malloc(BEGINNING_BYTES);
    FILE *file;
    gsize length;

    if (g_str_equal(path, "-")) {
        return input_of_standard_input();
    }
    file = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? fopen(path, "rb") : NULL;
    length = file != NULL ? fread(begin, 1, BEGINNING_BYTES, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    return input_of(begin, length);
}

const char *tlsfit_input_shown(const char *path)
{
    return g_str_equal(path, "-") ? "standard input" : path;
}

char *tlsfit_input_identity(const char *path)
{
    GStatBuf status;

    return g_stat(path, &status) == 0 ? g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                                        (guint64)status.st_dev, (guint64)status.st_ino)
                                      : NULL;
}

gboolean tlsfit_input_among(const char *path, char *const *files)
{
    g_autofree char *own = tlsfit_input_identity(path);
    gboolean among = FALSE;

    for (guint i = 0; own != NULL && files != NULL && files[i] != NULL && !among; i++) {
        g_autofree char *other = tlsfit_input_identity(files[i]);

        among = g_strcmp0(own, other) == 0;
    }
    return among;
}

gboolean tlsfit_input_spared(const char *output, char *const *files)
{
    TlsfitInput there;

    if (output == NULL || g_str_equal(output, "-")) {
        return TRUE;
    }
    if (tlsfit_input_among(output, files)) {
        tlsfit_cli_error("%s is an input, and inputs are not written to: choose another name with -o", output);
        return FALSE;
    }
    there = tlsfit_input_of(output);
    if (there == TLSFIT_INPUT_CAPTURE || there == TLSFIT_INPUT_CHAIN) {
        tlsfit_cli_error("%s is a %s, which no text is written over: choose another name with -o", output,
                         there == TLSFIT_INPUT_CAPTURE ? "capture" : "certificate");
        return FALSE;
    }
    return TRUE;
}

/* How many bytes of TEXT and OTHER are the same, up to and with the last slash among them. */
static gsize common_folders(const char *text, const char *other)
{
    gsize common = 0;

    for (gsize i = 0; text[i] != '\0' && text[i] == other[i]; i++) {
        common = text[i] == G_DIR_SEPARATOR ? i + 1 : common;
    }
    return common;
}

gsize tlsfit_input_common(char *const *paths)
{
    const char *first = paths != NULL ? paths[0] : NULL;
    const char *name = first != NULL ? strrchr(first, G_DIR_SEPARATOR) : NULL;
    gsize common = name != NULL ? (gsize)(name - first) + 1 : 0;

    for (guint i = 1; common > 0 && paths[i] != NULL; i++) {
        common = MIN(common, common_folders(first, paths[i]));
    }
    return common;
}
