/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registration of fields and expert fields. See fields.h.
 *
 * Wireshark fixes the severity of an expert field when it is registered, but a rule's severity follows from the
 * status of what it finds. So every rule has three expert fields under one name: filters and columns know one
 * tlsfit.rule.<id>, which matches all three. The table of severities in the preferences reaches the one that was
 * registered last under the name, which is the Error; where the user has changed that, his severity counts for all.
 * The choice of the device, tlsfit.device.chosen, is registered in the same way, as Chat and as Note.
 */
#include "fields.h"

enum { SEVERITY_NOTE, SEVERITY_WARN, SEVERITY_ERROR, SEVERITIES };

static const int severity_values[SEVERITIES] = { PI_NOTE, PI_WARN, PI_ERROR };

int field_ids[FIELD_COUNT];
int field_tree_frame = -1, field_tree_finding = -1, field_tree_part = -1, field_tree_text = -1;

static expert_field     *expert_fields; /* rule * SEVERITIES + severity */
static ei_register_info *expert_infos;

int fields_expert_protocol = -1, fields_expert_tap = 0;

static expert_field choice_chat = EI_INIT, choice_note = EI_INIT;
static ei_register_info choice_infos[] = {
    { &choice_chat, { "tlsfit.device.chosen", PI_ASSUMPTION, PI_CHAT, "The device that is judged", EXPFILL } },
    { &choice_note, { "tlsfit.device.chosen", PI_ASSUMPTION, PI_NOTE, "The device that is judged", EXPFILL } },
};

static void
register_fields(int protocol)
{
#define FIELD(id, name, type, title, blurb) \
    { &field_ids[FIELD_##id], { title, "tlsfit." name, type, type == FT_UINT32 ? BASE_DEC : BASE_NONE, NULL, 0, blurb, \
                                HFILL } },
    static hf_register_info infos[] = { FIELDS_ALL(FIELD) };
#undef FIELD

    for (guint i = 0; i < FIELD_COUNT; i++)
        field_ids[i] = -1;
    /* Wireshark draws arrows in the list of packets: to what comes before, and to what follows. */
    infos[FIELD_cause_frame].hfinfo.strings = FRAMENUM_TYPE(FT_FRAMENUM_REQUEST);
    infos[FIELD_hello_frame].hfinfo.strings = FRAMENUM_TYPE(FT_FRAMENUM_REQUEST);
    infos[FIELD_diagnosis_frame].hfinfo.strings = FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE);
    proto_register_field_array(protocol, infos, (int)G_N_ELEMENTS(infos));
}

static void
register_trees(void)
{
    static int *trees[] = { &field_tree_frame, &field_tree_finding, &field_tree_part, &field_tree_text };

    proto_register_subtree_array(trees, (int)G_N_ELEMENTS(trees));
}

/* The arrays live as long as the process: Wireshark keeps pointers into them. */
static void
register_expert_fields(int protocol)
{
    guint count = tlsfit_rule_count() * SEVERITIES;

    expert_fields = g_new(expert_field, count);
    expert_infos = g_new0(ei_register_info, count);
    for (guint i = 0; i < count; i++) {
        const TlsfitRuleText *rule = tlsfit_rule_text(i / SEVERITIES);
        const expert_field none = EI_INIT;
        expert_fields[i] = none;
        expert_infos[i].ids = &expert_fields[i];
        expert_infos[i].eiinfo.name = g_strdup_printf("tlsfit.rule.%s", rule->id);
        expert_infos[i].eiinfo.group = PI_SECURITY;
        expert_infos[i].eiinfo.severity = severity_values[i % SEVERITIES];
        expert_infos[i].eiinfo.summary = rule->title;
    }
    expert_module_t *module = expert_register_protocol(protocol);
    expert_register_field_array(module, expert_infos, (int)count);
    expert_register_field_array(module, choice_infos, (int)G_N_ELEMENTS(choice_infos));
}

void
fields_resolve(void)
{
    fields_expert_protocol = proto_get_id_by_filter_name("_ws.expert");
    fields_expert_tap = find_tap_id("expert");
}

void
fields_register(int protocol)
{
    register_fields(protocol);
    register_trees();
    register_expert_fields(protocol);
}

/* Which of the three is used for STATUS. */
static guint
severity_of(guint first, TlsfitStatus status)
{
    if (expert_infos[first + SEVERITY_ERROR].eiinfo.severity != PI_ERROR)
        return SEVERITY_ERROR;
    if (status == TLSFIT_CANNOT || status == TLSFIT_BROKEN)
        return SEVERITY_ERROR;
    return status == TLSFIT_SUSPECT ? SEVERITY_WARN : SEVERITY_NOTE;
}

expert_field *
fields_expert(const char *rule, TlsfitStatus status)
{
    int index = tlsfit_rule_index(rule);

    if (index < 0)
        return NULL;
    guint first = (guint)index * SEVERITIES;
    return &expert_fields[first + severity_of(first, status)];
}

guint
fields_severity(const char *rule, TlsfitStatus status)
{
    int index = tlsfit_rule_index(rule);

    if (index < 0)
        return 0;
    guint first = (guint)index * SEVERITIES;
    return (guint)expert_infos[first + severity_of(first, status)].eiinfo.severity;
}

expert_field *
fields_expert_choice(gboolean notable)
{
    return notable || choice_infos[1].eiinfo.severity != PI_NOTE ? &choice_note : &choice_chat;
}
