/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading captures. See source.h.
 *
 * Secrets that a pcapng file brings go where Wireshark's dissectors look for them, as in tshark.
 */
#include "source.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static Source *reading; /* the callbacks have no argument of ours */

static void
take_secrets(guint32 type, const void *secrets, guint size)
{
    reading->secrets = TRUE;
    if (reading->dissecting)
        secrets_wtap_callback(type, secrets, size);
}

#if !WS_WRITER_COPIES_NAMES
static void
take_ipv4(guint address, const char *name)
{
    hashipv4_t *host = g_new0(hashipv4_t, 1);

    host->addr = address;
    g_strlcpy(host->name, name, sizeof host->name);
    reading->names->ipv4_addr_list = g_list_append(reading->names->ipv4_addr_list, host);
    reading->hosts = g_slist_prepend(reading->hosts, host);
}

static void
take_ipv6(const void *address, const char *name)
{
    hashipv6_t *host = g_new0(hashipv6_t, 1);

    memcpy(host->addr, address, sizeof host->addr);
    g_strlcpy(host->name, name, sizeof host->name);
    reading->names->ipv6_addr_list = g_list_append(reading->names->ipv6_addr_list, host);
    reading->hosts = g_slist_prepend(reading->hosts, host);
}
#endif

/* What Wireshark's reader says, for people. Takes DETAIL over. */
static char *
problem_of(int code, char *detail)
{
    g_autofree char *owned = detail;

    switch (code) {
    case WTAP_ERR_FILE_UNKNOWN_FORMAT:
        return g_strdup("this is no capture in a format that Wireshark reads");
    case WTAP_ERR_SHORT_READ:
        return g_strdup("it ends in the middle of a packet");
    case EISDIR:
        return g_strdup("this is a folder; give the captures in it, such as tickets/*.pcapng");
    case WTAP_ERR_NOT_REGULAR_FILE:
    case WTAP_ERR_RANDOM_OPEN_PIPE:
        return g_strdup("this is no file; give \"-\" to read from a pipe");
    default:
        break;
    }
    const char *reason = code > 0 ? g_strerror(code) : wtap_strerror(code);
    return owned ? g_strdup_printf("%s (%s)", reason, owned) : g_strdup(reason);
}

/* Wireshark opens some files that hold no packets as if they were one, so that it can show how they are made up, and it
 * takes much for MP4. Whoever names such a file here has named the wrong one. Newly allocated; NULL for captures. */
static char *
no_packets(wtap *capture)
{
    const char *type = wtap_file_type_subtype_description(wtap_file_type_subtype(capture));

    switch (wtap_file_encap(capture)) {
    case WTAP_ENCAP_RFC7468:
        return g_strdup("this is no capture of packets but a PEM file; 'tlsfit check' judges certificates");
    case WTAP_ENCAP_BER:
    case WTAP_ENCAP_JPEG_JFIF:
    case WTAP_ENCAP_JSON:
    case WTAP_ENCAP_MIME:
    case WTAP_ENCAP_MP4:
    case WTAP_ENCAP_MPEG:
    case WTAP_ENCAP_MPEG_2_TS:
    case WTAP_ENCAP_RUBY_MARSHAL:
        return g_strdup_printf("this is no capture of packets (Wireshark takes it for %s)", type ? type : "another file");
    default:
        return NULL;
    }
}

static gboolean
copy_all(int from, int to)
{
    static char buffer[1u << 16];
    gssize bytes;

    while ((bytes = read(from, buffer, sizeof buffer)) > 0) {
        for (gssize done = 0, more; done < bytes; done += more) {
            more = write(to, buffer + done, (size_t)(bytes - done));
            if (more <= 0)
                return FALSE;
        }
    }
    return bytes == 0;
}

/* Standard input as a file: Wireshark's reader wants to go back and forth, which a pipe does not allow. The file loses
 * its name at once, so that nothing stays behind. */
static const char *
spool_standard_input(char **problem)
{
    static char *spooled;
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;

    if (spooled)
        return spooled;
    const int file = g_file_open_tmp("tlsfit-XXXXXX", &path, &error);
    if (file < 0) {
        *problem = g_strdup(error->message);
        return NULL;
    }
    (void)g_unlink(path);
    if (!copy_all(STDIN_FILENO, file)) {
        *problem = g_strdup_printf("standard input cannot be copied to a file: %s", g_strerror(errno));
        close(file);
        return NULL;
    }
    spooled = g_strdup_printf("/proc/self/fd/%d", file);
    return spooled;
}

const char *
source_path(const char *given, char **problem)
{
    return g_str_equal(given, "-") ? spool_standard_input(problem) : given;
}

static gboolean
is_empty(const char *path)
{
    GStatBuf status;

    return g_stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
}

Source *
source_open(const char *path)
{
    Source *source = g_new0(Source, 1);
    char *detail = NULL;
    int code = 0;

    source->given = g_strdup(path);
    source->names = g_new0(addrinfo_lists_t, 1);
    ws_record_init(&source->record);
    source->path = g_strdup(source_path(path, &source->problem));
    if (!source->problem && is_empty(source->path))
        source->problem = g_strdup("the file is empty"); /* Wireshark takes it for an Endace ERF capture */
    if (source->problem)
        return source;
    source->capture = wtap_open_offline(source->path, WTAP_TYPE_AUTO, &code, &detail, TRUE);
    if (!source->capture) {
        source->problem = problem_of(code, detail);
        return source;
    }
    source->problem = no_packets(source->capture);
    if (source->problem) {
        g_clear_pointer(&source->capture, wtap_close);
        return source;
    }
    source->file_type = wtap_file_type_subtype(source->capture);
    reading = source;
    wtap_set_cb_new_secrets(source->capture, take_secrets); /* those that are known already come at once */
#if !WS_WRITER_COPIES_NAMES
    wtap_set_cb_new_ipv4(source->capture, take_ipv4);
    wtap_set_cb_new_ipv6(source->capture, take_ipv6);
#endif
    return source;
}

void
source_dissect(Source *source)
{
    reading = source;
    source->dissecting = TRUE;
    if (source->capture)
        wtap_set_cb_new_secrets(source->capture, take_secrets);
}

gboolean
source_next(Source *source)
{
    char *detail = NULL;
    int code = 0;

    if (!source->capture || source->problem)
        return FALSE;
    wtap_rec_reset(&source->record.rec);
    reading = source;
    if (ws_read(source->capture, &source->record, &code, &detail, &source->offset)) {
        source->frames++;
        return TRUE;
    }
    if (code != 0)
        source->problem = problem_of(code, detail);
    return FALSE;
}

gboolean
source_read_at(Source *source, gint64 offset)
{
    char *detail = NULL;
    int code = 0;

    wtap_rec_reset(&source->record.rec);
    source->offset = offset;
    if (ws_read_at(source->capture, offset, &source->record, &code, &detail))
        return TRUE;
    g_free(detail);
    return FALSE;
}

gboolean
source_reopen(Source *source)
{
    int code = 0;

    wtap_fdclose(source->capture);
    return wtap_fdreopen(source->capture, source->path, &code);
}

gint64
source_position(const Source *source)
{
    return source->capture ? wtap_read_so_far(source->capture) : 0;
}

gint64
source_size(const Source *source)
{
    int code = 0;

    return source->capture ? wtap_file_size(source->capture, &code) : 0;
}

void
source_close(Source *source)
{
    if (!source)
        return;
    if (reading == source)
        reading = NULL;
    g_list_free(source->names->ipv4_addr_list);
    g_list_free(source->names->ipv6_addr_list);
    g_slist_free_full(source->hosts, g_free);
    g_free(source->names);
    if (source->capture)
        wtap_close(source->capture);
    ws_record_clear(&source->record);
    g_free(source->path);
    g_free(source->given);
    g_free(source->problem);
    g_free(source);
}
