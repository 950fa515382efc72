/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit matrix` on captures: devices by handshakes.
 *
 * In: captures, device ids. Out: a matrix. The device that was on the wire is judged on its whole handshake; every other
 * one on what the server sent, as if it had sent it to that device (tlsfit_session_judge_other()). A device that is a
 * server is judged only where it was on the wire.
 */
#include "command.h"
#include "input.h"
#include "matrix_options.h"
#include "select.h"

typedef struct {
    const TlsfitMatrixOptions *options;
    const GPtrArray *devices; /* of TlsfitDevice, the rows */
    TlsfitMatrix    *matrix;
    gboolean         failed;  /* a file could not be read to its end */
    gboolean         any;     /* a handshake was found */
    gsize            common;  /* bytes of folders that the names of all files begin with */
} Matrix;

/* b judged, u status, rule, subject, text, fix; "" where there is none. */
#define CELL_TYPE "(bussss)"
#define HANDSHAKE_TYPE "(ssa" CELL_TYPE ")"

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static const char *or_null(const char *text)
{
    return *text != '\0' ? text : NULL;
}

static GVariant *packed(const TlsfitCell *cell)
{
    return g_variant_new(CELL_TYPE, cell->judged, (guint32)cell->status, or_empty(cell->rule), or_empty(cell->subject),
                         or_empty(cell->text), or_empty(cell->fix));
}

static GVariant *own_cell(const TlsfitSession *session)
{
    g_autofree char *text = NULL;
    TlsfitCell cell;

    tlsfit_cell_of_session(session, &cell, &text);
    return packed(&cell);
}

/* As if it had been there. */
static GVariant *other_cell(TlsfitSession *session, TlsfitDevice *device)
{
    g_autofree char *text = NULL;
    TlsfitCell cell;

    tlsfit_cell_of_other(session, device, &cell, &text);
    return packed(&cell);
}

static GVariant *not_judged(void)
{
    const TlsfitCell cell = { .judged = FALSE, .status = TLSFIT_UNKNOWN };

    return packed(&cell);
}

/* "192.0.2.7 to 192.0.2.1:443, stalled, inventek-ism43362" */
static char *name_of(const CaptureHandshake *handshake)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(handshake->session);
    const TlsfitDevice *device = tlsfit_session_device(handshake->session);
    GString *name = g_string_new(NULL);

    if (*handshake->client != '\0') {
        g_string_append_printf(name, "%s to %s:%u, ", handshake->client, handshake->server, handshake->server_port);
    }
    g_string_append(name, tlsfit_outcome_name(diagnosis != NULL ? diagnosis->outcome : TLSFIT_OUTCOME_OPEN));
    if (device != NULL && !g_str_equal(tlsfit_session_device_source(handshake->session), "advertised")) {
        g_string_append_printf(name, ", on the wire: %s", tlsfit_device_id(device));
    }
    return g_string_free(name, FALSE);
}

static GVariant *visit(const CaptureHandshake *handshake, gpointer data)
{
    const Matrix *matrix = data;
    g_autofree char *name = name_of(handshake);
    g_autofree char *id = g_strdup_printf("%s #%u", tlsfit_input_shown(handshake->file + matrix->common),
                                         handshake->number);
    g_autoptr(GPtrArray) cells = g_ptr_array_new();

    /* the judgement that is there goes first: the next one takes its place */
    g_ptr_array_set_size(cells, (gint)matrix->devices->len);
    for (guint i = 0; i < matrix->devices->len; i++) {
        if (tlsfit_cell_is_own(handshake->session, g_ptr_array_index(matrix->devices, i))) {
            g_ptr_array_index(cells, i) = own_cell(handshake->session);
        }
    }
    for (guint i = 0; i < matrix->devices->len; i++) {
        TlsfitDevice *device = g_ptr_array_index(matrix->devices, i);

        if (g_ptr_array_index(cells, i) == NULL && tlsfit_device_role(device) == TLSFIT_CLIENT) {
            g_ptr_array_index(cells, i) = other_cell(handshake->session, device);
        } else if (g_ptr_array_index(cells, i) == NULL) {
            g_ptr_array_index(cells, i) = not_judged();
        }
    }
    return g_variant_new("(ss@a" CELL_TYPE ")", id, name,
                         g_variant_new_array(G_VARIANT_TYPE(CELL_TYPE), (GVariant *const *)cells->pdata, cells->len));
}

static void add_handshake(Matrix *matrix, GVariant *handshake)
{
    const char *id, *name;
    GVariantIter *cells = NULL;
    TlsfitCell cell;
    guint32 status;
    guint column;

    g_variant_get(handshake, "(&s&sa" CELL_TYPE ")", &id, &name, &cells);
    column = tlsfit_matrix_add_column(matrix->matrix, id, name);
    for (guint row = 0; g_variant_iter_next(cells, "(bu&s&s&s&s)", &cell.judged, &status, &cell.rule, &cell.subject,
                                            &cell.text, &cell.fix);
         row++) {
        cell.status = (TlsfitStatus)status;
        cell.rule = or_null(cell.rule);
        cell.subject = or_null(cell.subject);
        cell.text = or_null(cell.text);
        cell.fix = or_null(cell.fix);
        tlsfit_matrix_set(matrix->matrix, row, column, &cell);
    }
    g_variant_iter_free(cells);
}

static gboolean collect(const CaptureFile *file, gpointer data)
{
    Matrix *matrix = data;

    if (file->problem != NULL) {
        tlsfit_cli_error("%s: %s%s", tlsfit_input_shown(file->path), file->problem,
                         !file->opened && tlsfit_input_of(file->path) == TLSFIT_INPUT_OTHER
                             ? ", and no chain of certificates" : "");
        matrix->failed = TRUE;
    } else if (file->handshakes->len == 0) {
        tlsfit_cli_error("%s: no TLS handshake in it", tlsfit_input_shown(file->path));
    }
    matrix->any = matrix->any || file->handshakes->len > 0;
    for (guint i = 0; i < file->handshakes->len; i++) {
        add_handshake(matrix, g_ptr_array_index(file->handshakes, i));
    }
    return TRUE;
}

static int status_of(const Matrix *matrix)
{
    const TlsfitStatus status = tlsfit_matrix_status(matrix->matrix);

    if (matrix->failed || !matrix->any) {
        return matrix->failed ? TLSFIT_EXIT_USAGE : TLSFIT_EXIT_UNKNOWN;
    }
    return status == TLSFIT_OK ? TLSFIT_EXIT_FITS : status == TLSFIT_UNKNOWN ? TLSFIT_EXIT_UNKNOWN : TLSFIT_EXIT_CANNOT;
}

int command_matrix(const char *program, int argc, char **argv)
{
    g_auto(TlsfitMatrixOptions) options = { 0 };
    CaptureOptions capture = { .device = "auto", .progress = TRUE };
    g_autoptr(GPtrArray) devices = NULL;
    g_autoptr(TlsfitMatrix) matrix = NULL;
    g_autoptr(GError) error = NULL;
    Matrix run = { 0 };

    if (!tlsfit_matrix_options_parse(&options, argc, argv)) {
        return TLSFIT_EXIT_USAGE;
    }
    capture.device_path = options.directory;
    capture.keylog = options.keylog;
    capture.jobs = (guint)options.jobs;
    if (!capture_start(program, &capture, &error)) {
        tlsfit_cli_error("%s", error->message);
        return TLSFIT_EXIT_USAGE;
    }
    devices = tlsfit_select_devices(capture_library(), options.devices);
    if (devices == NULL) {
        return TLSFIT_EXIT_USAGE;
    }
    matrix = tlsfit_matrix_of_devices(devices, "handshake");
    run.options = &options;
    run.devices = devices;
    run.matrix = matrix;
    run.common = tlsfit_input_common(options.files);
    capture_run((const char *const *)options.files, visit, collect, &run);
    if (!run.any) {
        return status_of(&run); /* it has been said of each file why; a table without columns says no more */
    }
    return tlsfit_matrix_options_write(&options, matrix) ? status_of(&run) : TLSFIT_EXIT_USAGE;
}
