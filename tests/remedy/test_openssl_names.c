/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * OpenSSL's names of cipher suites, groups and signature schemes, checked against the openssl command of this machine.
 *
 * In: the program openssl. Out: exit status 0, 1, or 77 where it is not installed. What this OpenSSL does not list (it
 * was built without it) is not checked: the number of names that were is printed and must not be small.
 */
#include "openssl_names.h"

#include <stdio.h>
#include <string.h>

#define NAMES_MIN 30u /* AES-GCM, CBC, CCM and ChaCha20 over four exchanges: no OpenSSL 3 has fewer */

static guint checked, wrong;

/* One line of `openssl ciphers -stdname`: IANA's name, a dash, OpenSSL's. */
static void check_line(const char *line, GHashTable *by_name)
{
    g_auto(GStrv) words = g_strsplit_set(line, " ", -1);
    g_autoptr(GPtrArray) full = g_ptr_array_new();
    g_autofree char *ours = NULL;
    guint code;

    for (guint i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0') {
            g_ptr_array_add(full, words[i]);
        }
    }
    if (full->len < 3 || !tlsfit_name_parse(TLSFIT_NAME_CIPHER_SUITE, g_ptr_array_index(full, 0), &code)) {
        return;
    }
    ours = tlsfit_openssl_suite(code);
    if (ours == NULL) {
        return;
    }
    checked++;
    g_hash_table_add(by_name, GUINT_TO_POINTER(code));
    if (!g_str_equal(ours, g_ptr_array_index(full, 2))) {
        wrong++;
        printf("%s: openssl says %s, we say %s\n", (char *)g_ptr_array_index(full, 0),
               (char *)g_ptr_array_index(full, 2), ours);
    }
}

/* openssl accepts NAME as the value of OPTION of s_server: it then gets as far as looking for the certificate. */
static void check_value(const char *openssl, const char *option, const char *name)
{
    const char *argv[] = { openssl, "s_server", option, name, "-cert", "/nonexistent", NULL };
    g_autofree char *error = NULL;

    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &error, NULL, NULL)) {
        return;
    }
    checked++;
    if (strstr(error, "Error with command") != NULL) {
        wrong++;
        printf("openssl s_server %s %s: %s", option, name, error);
    }
}

static void check_options(const char *openssl)
{
    static const char *const options[] = { "-groups", "-sigalgs", "-min_protocol" };
    static const char *(*const name_of[])(guint) = { tlsfit_openssl_group, tlsfit_openssl_scheme,
                                                     tlsfit_openssl_version };

    for (guint kind = 0; kind < G_N_ELEMENTS(options); kind++) {
        for (guint code = 0; code <= 0xFFFF; code++) {
            const char *name = name_of[kind](code);

            if (name != NULL) {
                check_value(openssl, options[kind], name);
            }
        }
    }
    check_value(openssl, "-cipher", "DEFAULT:@SECLEVEL=0");
    wrong += !g_str_equal(tlsfit_openssl_group(0x0017), "P-256");
}

int main(void)
{
    g_autofree char *openssl = g_find_program_in_path("openssl");
    const char *argv[] = { openssl, "ciphers", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0", NULL };
    g_autoptr(GHashTable) names = g_hash_table_new(NULL, NULL);
    g_autofree char *output = NULL;
    int status = 0;

    if (openssl == NULL) {
        puts("SKIP: openssl is not installed");
        return 77;
    }
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL, &status, NULL) ||
        status != 0) {
        puts("openssl ciphers failed");
        return 1;
    }
    g_auto(GStrv) lines = g_strsplit(output, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        check_line(lines[i], names);
    }
    /* the other way round: a suite that we name and this openssl does not have would be pasted in vain */
    for (guint code = 0; code <= 0xFFFF; code++) {
        g_autofree char *ours = tlsfit_openssl_suite(code);

        if (ours != NULL && !g_hash_table_contains(names, GUINT_TO_POINTER(code))) {
            printf("not in this openssl: %s\n", ours);
        }
    }
    check_options(openssl);
    printf("%u names checked, %u wrong\n", checked, wrong);
    return wrong > 0 || checked < NAMES_MIN ? 1 : 0;
}
