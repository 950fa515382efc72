/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A ladder as lines of text: for Markdown, for tests, for people who hear instead of see. In: a ladder. Out: lines of
 * plain text, cleaned, in a fixed layout.
 */
#include "report_escape.h"
#include "report_ladder.h"

#include <string.h>

#define DETAIL_INDENT "                            "

static void add_line(GString *out, const char *mark, const char *text)
{
    g_autofree char *visible = tlsfit_clean(text);

    g_string_append_printf(out, "%.*s%-4s%s\n", (int)strlen(DETAIL_INDENT) - 4, DETAIL_INDENT, mark, visible);
}

static void add_reasons(GString *out, const GPtrArray *reasons)
{
    for (guint i = 0; reasons != NULL && i < reasons->len; i++) {
        const TlsfitReason *reason = g_ptr_array_index(reasons, i);
        g_autofree char *text = g_strdup_printf("  ^ %s", reason->text);

        add_line(out, "", text);
    }
}

static const char *mark_of(TlsfitStatus status)
{
    static const char *const marks[] = {
        [TLSFIT_OK] = "", [TLSFIT_UNKNOWN] = "?", [TLSFIT_SUSPECT] = "!", [TLSFIT_BROKEN] = "X", [TLSFIT_CANNOT] = "X",
    };

    return marks[status];
}

static const char *arrow_of(const TlsfitRung *rung)
{
    if (rung->between) {
        return rung->side == TLSFIT_CLIENT ? " |>" : "<|";
    }
    switch (rung->kind) {
    case TLSFIT_RUNG_ARROW:
        return rung->side == TLSFIT_CLIENT ? "-->" : "<--";
    case TLSFIT_RUNG_HIDDEN:
        return rung->side == TLSFIT_CLIENT ? "##>" : "<##";
    case TLSFIT_RUNG_RESET:
        return rung->side == TLSFIT_CLIENT ? "--X" : "X--";
    case TLSFIT_RUNG_SILENCE:
        return "...";
    case TLSFIT_RUNG_REMARK:
        break;
    }
    return "";
}

static void add_rung(GString *out, const TlsfitLadder *ladder, const TlsfitRung *rung)
{
    g_autofree char *frame = rung->frame > 0 ? g_strdup_printf("#%u", rung->frame) : g_strdup("");
    g_autofree char *name = tlsfit_clean(rung->name);
    g_autofree char *size = tlsfit_rung_size(ladder, rung);

    g_string_append_printf(out, "%8.3f s  %-7s %-4s %-2s%s%s%s\n", (double)rung->time_us / 1e6, frame, arrow_of(rung),
                           rung->certificates == NULL ? mark_of(rung->status) : "", name, size != NULL ? ", " : "",
                           size != NULL ? size : "");
    if (rung->detail != NULL) {
        add_line(out, "", rung->detail);
    }
    add_reasons(out, rung->reasons);
    for (guint i = 0; rung->certificates != NULL && i < rung->certificates->len; i++) {
        const TlsfitLadderCertificate *certificate = g_ptr_array_index(rung->certificates, i);
        g_autofree char *text = g_strdup_printf("[%u] %s: %s", certificate->index, certificate->name,
                                                certificate->facts);

        add_line(out, mark_of(certificate->status), text);
        add_reasons(out, certificate->reasons);
    }
}

void tlsfit_ladder_write_text(GString *out, const TlsfitLadder *ladder)
{
    for (guint side = 0; side < 2; side++) {
        g_autofree char *address = tlsfit_clean(ladder->addresses[side]);

        g_string_append_printf(out, "%s%s%s%s", side > 0 ? "  <-->  " : "", ladder->heads[side],
                               address[0] != '\0' ? " " : "", address);
    }
    g_string_append_c(out, '\n');
    for (guint i = 0; i < ladder->rungs->len; i++) {
        add_rung(out, ladder, g_ptr_array_index(ladder->rungs, i));
    }
}

char *tlsfit_report_ladder_text(const TlsfitSession *session, const TlsfitReportWhere *where)
{
    g_autoptr(TlsfitLadder) ladder = tlsfit_ladder_new(session, where);
    GString *out = g_string_new(NULL);

    tlsfit_ladder_write_text(out, ladder);
    return g_string_free(out, FALSE);
}
