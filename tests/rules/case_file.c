/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of a case: values of its keys, and the list of what is wrong with it. See case.h.
 */
#include "case.h"

void case_problem(Case *test, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_string_append(test->problems, "  ");
    g_string_append_vprintf(test->problems, format, arguments);
    g_string_append_c(test->problems, '\n');
    va_end(arguments);
}

char *case_string(const Case *test, const char *group, const char *key)
{
    return g_key_file_get_string(test->file, group, key, NULL);
}

char **case_list(const Case *test, const char *group, const char *key)
{
    g_autofree char *value = case_string(test, group, key);
    g_auto(GStrv) parts = g_strsplit(value != NULL ? value : "", ";", -1);
    GPtrArray *result = g_ptr_array_new();

    for (guint i = 0; parts[i] != NULL; i++) {
        if (*g_strstrip(parts[i]) != '\0') {
            g_ptr_array_add(result, g_strdup(parts[i]));
        }
    }
    g_ptr_array_add(result, NULL);
    return (char **)g_ptr_array_free(result, FALSE);
}
