/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing annotated captures. See writer.h.
 *
 * The input is read twice: interfaces, their statistics, names and secrets may stand behind the packets, and Wireshark's
 * writer wants them before.
 */
#include "writer.h"

#include "blocks.h"
#include "output.h"
#include "source.h"

#include <errno.h>
#include <gio/gio.h>

typedef struct {
    Source          *head;     /* read to its end: what belongs to the file as a whole */
    Source          *packets;
    wtap_dump_params params;
    wtap_dumper     *dumper;
    const GPtrArray *comments;
    guint            next;     /* the first one that has not been written */
} Writer;

static gboolean
fail(GError **error, const char *path, int code, char *detail)
{
    g_autofree char *owned = detail;

    g_set_error(error, G_IO_ERROR, code > 0 ? (gint)g_io_error_from_errno(code) : G_IO_ERROR_FAILED, "%s: %s%s%s%s",
                g_str_equal(path, "-") ? "standard output" : path, code > 0 ? g_strerror(code) : wtap_strerror(code),
                owned ? " (" : "", owned ? owned : "", owned ? ")" : "");
    return FALSE;
}

/* A capture that was annotated before has them already. */
static gboolean
has_comment(wtap_block_t block, const char *text)
{
    char *there = NULL;

    for (guint i = 0; wtap_block_get_nth_string_option_value(block, OPT_COMMENT, i, &there) == WTAP_OPTTYPE_SUCCESS; i++) {
        if (g_str_equal(there, text))
            return TRUE;
    }
    return FALSE;
}

static void
add_comments(Writer *writer)
{
    wtap_rec *rec = &writer->packets->record.rec;

    while (writer->next < writer->comments->len) {
        const CaptureComment *comment = g_ptr_array_index(writer->comments, writer->next);
        if (comment->frame > writer->packets->frames)
            return;
        writer->next++;
        if (comment->frame < writer->packets->frames || rec->rec_type != REC_TYPE_PACKET)
            continue;
        if (!rec->block)
            rec->block = wtap_block_create(WTAP_BLOCK_PACKET);
        if (has_comment(rec->block, comment->text))
            continue;
        wtap_block_add_string_option(rec->block, OPT_COMMENT, comment->text, strlen(comment->text));
        rec->block_was_modified = TRUE;
    }
}

static gboolean
write_packets(Writer *writer, const char *shown, GError **error)
{
    char *detail = NULL;
    int code = 0;

    while (source_next(writer->packets)) {
        add_comments(writer);
        if (!ws_write(writer->dumper, &writer->packets->record, &code, &detail))
            return fail(error, shown, code, detail);
    }
    return TRUE;
}

static gboolean
write_file(Writer *writer, const char *path, const char *shown, GError **error)
{
    const int type = wtap_pcapng_file_type_subtype();
    char *detail = NULL;
    int code = 0;

    writer->dumper = g_str_equal(path, "-")
                         ? wtap_dump_open_stdout(type, WTAP_UNCOMPRESSED, &writer->params, &code, &detail)
                         : wtap_dump_open(path, type, WTAP_UNCOMPRESSED, &writer->params, &code, &detail);
    if (!writer->dumper)
        return fail(error, shown, code, detail);
    ws_write_names(writer->dumper, writer->head->names);
    const gboolean written = write_packets(writer, shown, error);
    const gboolean closed = wtap_dump_close(writer->dumper, NULL, &code, &detail);
    if (written && !closed)
        return fail(error, shown, code, detail);
    if (!closed)
        g_free(detail);
    return written && closed;
}

gboolean
writer_run(const char *input, const char *output, const GPtrArray *comments, char **lost, GError **error)
{
    g_autoptr(Source) head = source_open(input);
    g_autoptr(Source) packets = source_open(input);
    Writer writer = { .head = head, .packets = packets, .comments = comments, .params = WTAP_DUMP_PARAMS_INIT };

    *lost = NULL;
    if (!head->capture || !packets->capture) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", input, head->problem ? head->problem : "gone");
        return FALSE;
    }
    while (source_next(head))
        ;
    wtap_dump_params_init(&writer.params, head->capture);
    g_autoptr(TlsfitOutput) file = tlsfit_output_begin(output, error);
    gboolean written = file && write_file(&writer, tlsfit_output_path(file), output, error);
    g_clear_pointer(&writer.params.idb_inf, g_free); /* the list alone, which the next line leaves to its caller */
    wtap_dump_params_cleanup(&writer.params);
    if (!written)
        return FALSE;
    *lost = blocks_lost(head->path, tlsfit_output_path(file), wtap_file_get_num_shbs(head->capture));
    return tlsfit_output_finish(file, error);
}
