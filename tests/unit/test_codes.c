/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of code points that share their memory, and what is remembered of a ClientHello by them.
 */
#include "recall.h"

static void test_shared(void)
{
    const guint16 values[] = { 0xC02B, 0xC02F, 0x009C };
    TlsfitCodes first = { 0 }, second = { 0 };

    g_assert_true(tlsfit_codes_set(&first, values, 3));
    g_assert_true(tlsfit_codes_set(&second, values, 3));
    g_assert_true(first.codes == second.codes);
    g_assert_true(tlsfit_codes_add(&second, 0x1301)); /* from here on it has its own */
    g_assert_true(first.codes != second.codes);
    g_assert_cmpuint(tlsfit_codes_length(&first), ==, 3);
    g_assert_cmpuint(tlsfit_codes_length(&second), ==, 4);
    g_assert_cmphex(tlsfit_codes_get(&second, 2), ==, 0x009C);
    g_assert_true(tlsfit_codes_has(&second, 0x1301));
    tlsfit_codes_clear(&first);
    tlsfit_codes_clear(&second);
    g_assert_cmpuint(tlsfit_codes_length(&second), ==, 0);
}

static void test_bounds(void)
{
    g_autofree guint16 *values = g_new0(guint16, TLSFIT_CODES_MAX + 1);
    TlsfitCodes codes = { 0 };

    g_assert_true(tlsfit_codes_set(&codes, values, 0));
    g_assert_true(codes.present);
    g_assert_cmpuint(tlsfit_codes_length(&codes), ==, 0);
    g_assert_false(tlsfit_codes_set(&codes, values, TLSFIT_CODES_MAX + 1));
    g_assert_cmpuint(tlsfit_codes_length(&codes), ==, TLSFIT_CODES_MAX);
    g_assert_false(tlsfit_codes_add(&codes, 1));
    tlsfit_codes_clear(&codes);
}

/* More lists than are remembered: each still says what it was made of. */
static void test_many(void)
{
    enum { MANY = 2000 };
    TlsfitCodes lists[MANY] = { { 0 } };

    for (guint i = 0; i < MANY; i++) {
        const guint16 values[] = { (guint16)i, (guint16)(i * 7) };

        g_assert_true(tlsfit_codes_set(&lists[i], values, 2));
    }
    for (guint i = 0; i < MANY; i++) {
        g_assert_cmpuint(tlsfit_codes_get(&lists[i], 0), ==, i);
        g_assert_cmpuint(tlsfit_codes_get(&lists[i], 1), ==, (guint16)(i * 7));
        tlsfit_codes_clear(&lists[i]);
    }
}

static void make_hello(TlsfitMessage *hello, guint16 suite, guint16 extension)
{
    tlsfit_message_init(hello);
    hello->type = TLSFIT_HS_CLIENT_HELLO;
    hello->version = 0x0303;
    tlsfit_codes_set(&hello->cipher_suites, &suite, 1);
    tlsfit_codes_set(&hello->extensions, &extension, 1);
}

static void test_recall(void)
{
    TlsfitRecall *limits = tlsfit_recall_new(TLSFIT_RECALL_LIMITS, g_free);
    TlsfitRecall *shape = tlsfit_recall_new(TLSFIT_RECALL_SHAPE, g_free);
    TlsfitMessage hello, again, other;

    make_hello(&hello, 0xC02B, 10);
    make_hello(&again, 0xC02B, 10);
    make_hello(&other, 0xC02B, 13);
    g_assert_null(tlsfit_recall_find(limits, &hello));
    g_assert_true(tlsfit_recall_keep(limits, &hello, g_strdup("limits")));
    g_assert_true(tlsfit_recall_keep(shape, &hello, g_strdup("shape")));
    g_assert_cmpstr(tlsfit_recall_find(limits, &again), ==, "limits");
    g_assert_cmpstr(tlsfit_recall_find(shape, &again), ==, "shape");
    g_assert_cmpstr(tlsfit_recall_find(limits, &other), ==, "limits"); /* another extension limits nothing */
    g_assert_null(tlsfit_recall_find(shape, &other));
    again.truncated = TRUE;
    g_assert_null(tlsfit_recall_find(shape, &again));
    again.groups.present = TRUE; /* an empty list is not the same as none */
    g_assert_null(tlsfit_recall_find(limits, &again));
    tlsfit_codes_add(&other.cipher_suites, 0xC02C); /* nobody else has this list: it may still change */
    g_assert_null(tlsfit_recall_find(limits, &other));
    g_assert_false(tlsfit_recall_keep(limits, &other, &other));
    tlsfit_message_clear(&hello);
    tlsfit_message_clear(&again);
    tlsfit_message_clear(&other);
    tlsfit_recall_free(limits);
    tlsfit_recall_free(shape);
}

static void test_recall_bound(void)
{
    TlsfitRecall *recall = tlsfit_recall_new(TLSFIT_RECALL_SHAPE, NULL);
    TlsfitMessage hello;
    guint found = 0;

    for (guint pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < 2 * TLSFIT_RECALL_MAX; i++) {
            make_hello(&hello, (guint16)i, 10);
            found += pass == 1 && tlsfit_recall_find(recall, &hello) != NULL ? 1 : 0;
            if (pass == 0) {
                g_assert_true(tlsfit_recall_keep(recall, &hello, recall));
            }
            tlsfit_message_clear(&hello);
        }
    }
    g_assert_cmpuint(found, <=, TLSFIT_RECALL_MAX);
    tlsfit_recall_free(recall);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/codes/shared", test_shared);
    g_test_add_func("/codes/bounds", test_bounds);
    g_test_add_func("/codes/many", test_many);
    g_test_add_func("/codes/recall", test_recall);
    g_test_add_func("/codes/recall-bound", test_recall_bound);
    return g_test_run();
}
