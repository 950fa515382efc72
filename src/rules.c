/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one list of rules. In: rules.def. Out: the rules by index and by id, in handshake order.
 */
#include "engine.h"

#define TLSFIT_RULE(id) extern const TlsfitRule tlsfit_rule_##id;
#include "rules.def"
#undef TLSFIT_RULE

static const TlsfitRule *const rules[] = {
#define TLSFIT_RULE(id) &tlsfit_rule_##id,
#include "rules.def"
#undef TLSFIT_RULE
};

guint tlsfit_rule_count(void)
{
    return G_N_ELEMENTS(rules);
}

const TlsfitRule *tlsfit_rule_at(guint index)
{
    g_return_val_if_fail(index < G_N_ELEMENTS(rules), NULL);
    return rules[index];
}

const TlsfitRuleText *tlsfit_rule_text(guint index)
{
    return &tlsfit_rule_at(index)->text;
}

int tlsfit_rule_index(const char *id)
{
    for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (g_str_equal(rules[i]->text.id, id)) {
            return (int)i;
        }
    }
    return -1;
}
