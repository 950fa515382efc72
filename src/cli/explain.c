/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit explain [RULE]`: the text of a rule. In: a rule id. Out: its text, as the plugin shows it.
 */
#include "cli.h"

#include <stdio.h>

static void list_rules(void)
{
    for (guint i = 0; i < tlsfit_rule_count(); i++) {
        const TlsfitRuleText *text = tlsfit_rule_text(i);

        printf("%-26s %s\n", text->id, text->title);
    }
}

static void paragraph(const char *heading, const char *text)
{
    if (text != NULL) {
        printf("\n%s\n  %s\n", heading, text);
    }
}

static void show_rule(const TlsfitRuleText *text)
{
    printf("%s: %s\n", text->id, text->title);
    paragraph("Why it matters", text->why);
    paragraph("What it cannot know", text->cannot_know);
    paragraph("What to change on the server", text->fix_server);
    paragraph("What to change on the device", text->fix_device);
    paragraph("Specification", text->spec);
}

int tlsfit_cli_explain(int argc, char **argv)
{
    int index;

    if (argc == 1) {
        list_rules();
        return TLSFIT_EXIT_FITS;
    }
    if (argc != 2 || argv[1][0] == '-') {
        g_printerr("Usage: tlsfit explain [RULE]\n\nWithout a rule, lists them. Example: tlsfit explain cert_key_bits\n");
        return argc == 2 && g_str_equal(argv[1], "--help") ? TLSFIT_EXIT_FITS : TLSFIT_EXIT_USAGE;
    }
    index = tlsfit_rule_index(argv[1]);
    if (index < 0) {
        tlsfit_cli_error("no rule '%s'; 'tlsfit explain' lists them", argv[1]);
        return TLSFIT_EXIT_USAGE;
    }
    show_rule(tlsfit_rule_text((guint)index));
    return TLSFIT_EXIT_FITS;
}
