/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A ladder as SVG: two lanes, an arrow a packet's messages, certificates as boxes, what is held against them beside
 * (wide) or below (narrow).
 *
 * In: a ladder. Out: one <svg> element with classes of report_ladder.css, no ids and no references, so that many of them
 * stand in one page. Text is measured by counting: the estimate is generous, as nobody knows the reader's fonts.
 */
#include "report_escape.h"
#include "report_html.h"
#include "report_ladder.h"

#include <string.h>

#define LINE 17       /* height of a line of text */
#define NAME_WIDTH 78 /* of a character, in tenths: names are bold, 13 pixels */
#define TEXT_WIDTH 69 /* the same of small text, 12 pixels */
#define PAD 8

/* Where things are, from left to right. */
typedef struct {
    int width;
    int gutter;     /* right edge of time and frame; 0: they go into the text */
    int lanes[2];
    int text;       /* left edge and width of what stands between the lanes */
    int text_width;
    int notes;      /* the same of the reasons */
    int notes_width;
} Layout;

static const Layout wide = { 1000, 84, { 104, 604 }, 118, 472, 632, 360 };
static const Layout narrow = { 360, 0, { 8, 352 }, 20, 320, 20, 320 };

typedef struct {
    GString *out;
    const TlsfitLadder *ladder;
    const Layout *at;
    int y;          /* top of what comes next */
    int lane_from;  /* the lanes are drawn down to here */
} Drawing;

/* How many columns CHARACTER takes in a fixed font, which is as good a guess as any. */
static guint columns_of(gunichar character)
{
    return g_unichar_iszerowidth(character) ? 0 : g_unichar_iswide(character) ? 2 : 1;
}

/* Breaks TEXT into lines of at most COLUMNS: at spaces, and within words that are longer than a line. */
static GPtrArray *wrap(const char *text, guint columns)
{
    g_autofree char *visible = tlsfit_clean(text);
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    const char *start = visible, *space = NULL;
    guint used = 0;

    for (const char *c = visible; *c != '\0'; c = g_utf8_next_char(c)) {
        used += columns_of(g_utf8_get_char(c));
        if (*c == ' ') {
            space = c;
        }
        if (used > columns && c > start) {
            const char *end = space != NULL && space > start ? space : c;

            g_ptr_array_add(lines, g_strndup(start, (gsize)(end - start)));
            start = end == space ? end + 1 : end;
            space = NULL;
            used = 0;
            c = start > visible ? g_utf8_prev_char(start) : start;
            if (*start == '\0') {
                break;
            }
        }
    }
    if (*start != '\0') {
        g_ptr_array_add(lines, g_strdup(start));
    }
    return lines;
}

static void put_text(Drawing *drawing, int x, int y, const char *class, const char *anchor, const char *text)
{
    g_string_append_printf(drawing->out, "<text x=\"%d\" y=\"%d\" class=\"%s\"%s>", x, y, class, anchor);
    tlsfit_escape_html(drawing->out, text);
    g_string_append(drawing->out, "</text>\n");
}

/* Lines of text from Y downwards; the bottom of the last one. */
static int put_lines(Drawing *drawing, int x, int y, int width, const char *class, const char *text)
{
    const gboolean bold = strstr(class, "name") != NULL;
    g_autoptr(GPtrArray) lines = wrap(text, (guint)(width * 10 / (bold ? NAME_WIDTH : TEXT_WIDTH)));

    for (guint i = 0; i < lines->len; i++) {
        y += LINE;
        put_text(drawing, x, y - 4, class, "", g_ptr_array_index(lines, i));
    }
    return y;
}

static void put_lanes(Drawing *drawing, int to, const char *class)
{
    for (guint side = 0; side < 2; side++) {
        const int x = drawing->at->lanes[side];

        g_string_append_printf(drawing->out, "<path class=\"%s\" d=\"M%d %dV%d\"/>\n", class, x, drawing->lane_from, to);
    }
    drawing->lane_from = to;
}

/* Short strokes across a band, which reads as hatched and needs no definition that others would share. */
static void put_hatched(Drawing *drawing, int x, int y, int width, int height)
{
    g_string_append_printf(drawing->out,
                           "<rect class=\"box\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n"
                           "<path class=\"hidden-part\" d=\"",
                           x, y, width, height);
    for (int at = x; at + height <= x + width; at += 8) {
        g_string_append_printf(drawing->out, "M%d %dl%d-%d", at, y + height, height, height);
    }
    g_string_append(drawing->out, "\"/>\n");
}

/* An arrow from the sender's lane; a reset ends in a cross. */
static void put_arrow(Drawing *drawing, const TlsfitRung *rung, int y)
{
    const char *status = rung->status >= TLSFIT_SUSPECT ? tlsfit_html_class(rung->status) : "";
    const int way = rung->side == TLSFIT_CLIENT ? 1 : -1;
    const int middle = (drawing->at->lanes[0] + drawing->at->lanes[1]) / 2;
    const int from = rung->between ? middle : drawing->at->lanes[rung->side == TLSFIT_CLIENT ? 0 : 1];
    const int to = drawing->at->lanes[rung->side == TLSFIT_CLIENT ? 1 : 0];

    if (rung->kind == TLSFIT_RUNG_HIDDEN) {
        put_hatched(drawing, drawing->at->text, y - 5, drawing->at->text_width, 10);
        g_string_append_printf(drawing->out, "<path class=\"rung %s\" d=\"M%d %dH%dM%d %dH%d\"/>\n", status, from, y,
                               way > 0 ? drawing->at->text : drawing->at->text + drawing->at->text_width,
                               way > 0 ? drawing->at->text + drawing->at->text_width : drawing->at->text, y, to);
    } else {
        g_string_append_printf(drawing->out, "<path class=\"rung %s\" d=\"M%d %dH%d\"/>\n", status, from, y,
                               to - way * 6);
    }
    if (rung->kind == TLSFIT_RUNG_RESET) {
        g_string_append_printf(drawing->out, "<path class=\"rung %s\" d=\"M%d %dl12 12m0-12l-12 12\"/>\n", status,
                               to - way * 10 - 6, y - 6);
    } else {
        g_string_append_printf(drawing->out, "<path class=\"tip %s\" d=\"M%d %dl%d-6v12z\"/>\n", status, to - way, y,
                               -way * 11);
    }
}

static void put_box(Drawing *drawing, gsize at, const char *class, int x, int y, int width, int height)
{
    g_autofree char *box = g_strdup_printf(
        "<rect class=\"box %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>\n", class, x, y, width, height);

    g_string_insert(drawing->out, (gssize)at, box); /* behind its text, whose height is only known afterwards */
}

/* The third lane: somebody between the two, of whom nothing is seen but this. */
static void put_middlebox(Drawing *drawing, int y)
{
    const int middle = (drawing->at->lanes[0] + drawing->at->lanes[1]) / 2;

    put_text(drawing, middle, y + LINE - 3, "head", " text-anchor=\"middle\"", "Middlebox");
    g_string_append_printf(drawing->out, "<path class=\"lane\" d=\"M%d %dv30\"/>\n", middle, y + LINE + 2);
}

/* What is held against something, each in a box of its colour, and in the wide form a line FROM it to the first; the
 * bottom. */
static int put_reasons(Drawing *drawing, int y, int from, const GPtrArray *reasons)
{
    const Layout *at = drawing->at;

    for (guint i = 0; reasons != NULL && i < reasons->len; i++) {
        const TlsfitReason *reason = g_ptr_array_index(reasons, i);
        const char *class = tlsfit_html_class(reason->status);
        const gsize box_at = drawing->out->len;
        g_autofree char *text_class = g_strdup_printf("small %s", class);
        g_autofree char *text = g_strdup_printf("%s %s", tlsfit_html_sign(reason->status), reason->text);
        const int bottom = put_lines(drawing, at->notes + PAD, y + 2, at->notes_width - 2 * PAD, text_class, text) + 4;

        put_box(drawing, box_at, class, at->notes, y, at->notes_width, bottom - y);
        if (i == 0 && at->gutter > 0) {
            g_string_append_printf(drawing->out, "<path class=\"link %s\" d=\"M%d %dH%d\"/>\n", class,
                                   from, y + 13, at->notes);
        }
        y = bottom + 5;
    }
    return y;
}

/* One certificate, with what is held against it; the bottom of both. */
static int put_certificate(Drawing *drawing, int y, const TlsfitLadderCertificate *certificate)
{
    const char *class = certificate->status == TLSFIT_OK ? "" : tlsfit_html_class(certificate->status);
    const gsize box_at = drawing->out->len;
    g_autofree char *name_class = g_strdup_printf("name %s", class);
    g_autofree char *name = g_strdup_printf(
        "%s%s[%u] %s", certificate->status == TLSFIT_OK ? "" : tlsfit_html_sign(certificate->status),
        certificate->status == TLSFIT_OK ? "" : " ", certificate->index, certificate->name);
    const int x = drawing->at->text + PAD;
    const int width = drawing->at->text_width - 2 * PAD;
    int bottom = put_lines(drawing, x, y + 3, width, name_class, name);
    int noted;

    bottom = put_lines(drawing, x, bottom, width, "small", certificate->facts) + 5;
    put_box(drawing, box_at, class, drawing->at->text, y, drawing->at->text_width, bottom - y);
    noted = put_reasons(drawing, drawing->at->gutter > 0 ? y : bottom + 4, drawing->at->text + drawing->at->text_width,
                        certificate->reasons);
    return MAX(bottom + 5, noted);
}

/* Time and frame: in the gutter, or as a line of the text. */
static int put_place(Drawing *drawing, const TlsfitRung *rung, int y)
{
    g_autofree char *time = g_strdup_printf("%.3f s", (double)rung->time_us / 1e6);
    g_autofree char *frame = rung->frame > 0 ? g_strdup_printf("frame %u", rung->frame) : g_strdup("");

    if (drawing->at->gutter > 0) {
        put_text(drawing, drawing->at->gutter, y + LINE - 4, "small", " text-anchor=\"end\"", time);
        put_text(drawing, drawing->at->gutter, y + 2 * LINE - 4, "small", " text-anchor=\"end\"", frame);
        return y;
    }
    g_autofree char *both = g_strdup_printf("%s%s%s", time, frame[0] != '\0' ? ", " : "", frame);

    return put_lines(drawing, drawing->at->text, y, drawing->at->text_width, "small", both);
}

static void put_message(Drawing *drawing, const TlsfitRung *rung)
{
    const char *class = rung->status >= TLSFIT_SUSPECT ? tlsfit_html_class(rung->status) : "";
    g_autofree char *size = tlsfit_rung_size(drawing->ladder, rung);
    g_autofree char *name = g_strdup_printf("%s%s%s", rung->name, size != NULL ? ", " : "", size != NULL ? size : "");
    g_autofree char *name_class = g_strdup_printf("name %s", class);
    const int top = drawing->y;
    int y = put_lines(drawing, drawing->at->text, top, drawing->at->text_width, name_class, name);
    int noted;

    y = put_place(drawing, rung, drawing->at->gutter > 0 ? top : y) + (drawing->at->gutter > 0 ? y - top : 0);
    if (rung->detail != NULL) {
        y = put_lines(drawing, drawing->at->text, y, drawing->at->text_width, "small", rung->detail);
    }
    if (rung->between) {
        put_middlebox(drawing, y + 4);
        y += 28;
    }
    y += 9;
    put_arrow(drawing, rung, y);
    y += 12;
    noted = put_reasons(drawing, drawing->at->gutter > 0 ? y - 25 : y, drawing->at->lanes[1], rung->reasons);
    if (drawing->at->gutter == 0) {
        y = MAX(y, noted);
    } else if (rung->certificates != NULL) {
        y = MAX(y, noted + (rung->reasons != NULL ? 6 : 0)); /* their own reasons come below */
    }
    for (guint i = 0; rung->certificates != NULL && i < rung->certificates->len; i++) {
        y = put_certificate(drawing, y, g_ptr_array_index(rung->certificates, i));
    }
    drawing->y = MAX(MAX(y, noted), top + (drawing->at->gutter > 0 ? 2 * LINE : 0)) + 10;
}

/* Silence: the lanes go on dotted, and say what did not come. */
static void put_silence(Drawing *drawing, const TlsfitRung *rung)
{
    const int top = drawing->y;

    put_lanes(drawing, top, "lane");
    drawing->y = put_lines(drawing, drawing->at->text, top + 16, drawing->at->text_width, "name", rung->name);
    put_lanes(drawing, drawing->y + 20, "quiet");
    drawing->y += 30;
}

static void put_remark(Drawing *drawing, const TlsfitRung *rung)
{
    const int top = drawing->y;
    const gboolean aside = drawing->at->gutter > 0;
    const int text = put_lines(drawing, drawing->at->text, top, drawing->at->text_width, "small", rung->name);
    const int place = put_place(drawing, rung, aside ? top : text);

    drawing->y = (aside ? MAX(text, place + (rung->frame > 0 ? 2 : 1) * LINE) : place) + 10;
}

static void put_heads(Drawing *drawing)
{
    for (guint side = 0; side < 2; side++) {
        const int x = drawing->at->gutter > 0 ? drawing->at->lanes[side] : side == 0 ? 2 : drawing->at->width - 2;
        const char *anchor = drawing->at->gutter > 0 ? " text-anchor=\"middle\"" : side == 0 ? "" : " text-anchor=\"end\"";
        g_autoptr(GPtrArray) lines = wrap(drawing->ladder->addresses[side], drawing->at->gutter > 0 ? 30 : 22);

        put_text(drawing, x, LINE, "head", anchor, drawing->ladder->heads[side]);
        if (lines->len > 0) {
            put_text(drawing, x, 2 * LINE, "small", anchor, g_ptr_array_index(lines, 0));
        }
    }
    drawing->y = 3 * LINE;
    drawing->lane_from = 2 * LINE + 8;
}

static void put_description(Drawing *drawing)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) lines = NULL;

    tlsfit_ladder_write_text(text, drawing->ladder);
    lines = g_strsplit(text->str, "\n", -1);
    g_string_append(drawing->out, "<title>Ladder of the messages of this handshake</title>\n<desc>");
    for (guint i = 0; lines[i] != NULL; i++) {
        tlsfit_escape_html(drawing->out, g_strstrip(lines[i]));
        g_string_append(drawing->out, lines[i][0] != '\0' ? ". " : "");
    }
    g_string_append(drawing->out, "</desc>\n");
}

void tlsfit_ladder_write_svg(GString *out, const TlsfitLadder *ladder, gboolean is_narrow)
{
    g_autoptr(GString) body = g_string_new(NULL);
    Drawing drawing = { .out = body, .ladder = ladder, .at = is_narrow ? &narrow : &wide };

    put_description(&drawing);
    put_heads(&drawing);
    for (guint i = 0; i < ladder->rungs->len; i++) {
        const TlsfitRung *rung = g_ptr_array_index(ladder->rungs, i);

        if (rung->kind == TLSFIT_RUNG_SILENCE) {
            put_silence(&drawing, rung);
        } else if (rung->kind == TLSFIT_RUNG_REMARK) {
            put_remark(&drawing, rung);
        } else {
            put_message(&drawing, rung);
        }
    }
    put_lanes(&drawing, drawing.y, "lane");
    g_string_append_printf(out,
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ladder %s\" role=\"img\" "
                           "viewBox=\"0 0 %d %d\">\n%s</svg>\n",
                           is_narrow ? "narrow" : "wide", drawing.at->width, drawing.y + 8, body->str);
}

char *tlsfit_report_ladder_svg(const TlsfitSession *session, const TlsfitReportWhere *where)
{
    g_autoptr(TlsfitLadder) ladder = tlsfit_ladder_new(session, where);
    g_autofree char *style = tlsfit_html_ladder_style();
    GString *out = g_string_new(NULL);
    const char *inner;

    tlsfit_ladder_write_svg(out, ladder, FALSE);
    inner = strstr(out->str, "<title>");
    g_autofree char *styled = g_strdup_printf("<style>%s</style>\n", style);

    g_string_insert(out, inner - out->str, styled);
    return g_string_free(out, FALSE);
}
