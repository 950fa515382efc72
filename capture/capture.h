/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshakes out of capture files, for the commands of this program: files in, judged sessions out.
 *
 * Wireshark's own libraries read and dissect; the plugin's own code follows the handshakes, so that what is found here
 * is what tshark with the plugin finds. Files are spread over processes: a command gives two functions. One looks at a
 * handshake, in the process that has dissected it, and says what is worth keeping; the other gets all that was kept of
 * a file, in the process that called. Nothing but what is returned comes back from the first one.
 *
 * Knows no output format, and changes no file.
 */
#ifndef TLSFIT_CAPTURE_H
#define TLSFIT_CAPTURE_H

#include "tlsfit.h"

/* What is asked for. A pointer that is NULL and a number that is 0 leave the user's Wireshark preference, or the
 * default, as it is. */
typedef struct {
    const char        *device;      /* tlsfit.device: an id, "advertised" or "auto" */
    const char        *peer;        /* tlsfit.peer */
    const char        *device_path; /* tlsfit.device_path */
    const char        *keylog;      /* a file of TLS secrets (SSLKEYLOGFILE) */
    guint              stall_ms;    /* tlsfit.stall_time */
    const char *const *preferences; /* more preferences of Wireshark, "name:value", up to NULL */
    guint              jobs;        /* processes at a time; 0: as many as there are processors */
    gboolean           comments;    /* make the comments of CaptureFile */
    gboolean           everything;  /* dissect every packet, in one process for each file: slow, for comparison */
    gboolean           progress;    /* tell on standard error how far it is, when that is a terminal */
} CaptureOptions;

/* One handshake, when its file has been read completely. It and all it points to live as long as the call. */
typedef struct {
    TlsfitSession *session;      /* judged. May be judged again, against other devices: nobody looks at it afterwards */
    const char    *file;         /* as given */
    guint          number;       /* tlsfit_session_stream() */
    guint32        frame;        /* with which it began */
    gint64         time_us;      /* of that frame, since 1970 */
    const char    *client;       /* address as text; "" where the capture has none (EAP) */
    const char    *server;
    guint          client_port;  /* 0 without */
    guint          server_port;
    const char    *client_mac;   /* "" without */
    const char    *server_mac;
} CaptureHandshake;

/* What is to be kept of a handshake; a floating reference is taken. NULL: nothing. */
typedef GVariant *(*CaptureVisit)(const CaptureHandshake *handshake, gpointer data);

typedef struct {
    guint32 frame;
    char   *text; /* UTF-8, some lines */
} CaptureComment;

/* One file, when everything about it has arrived. Lives as long as the call. */
typedef struct {
    const char      *path;       /* as given */
    guint            index;      /* in the list of files, from 0 */
    gboolean         opened;     /* FALSE: it is no capture, or could not be opened */
    const char      *problem;    /* NULL: read to its end. Else why not, in words, without the file's name; what could
                                    be read before it is here all the same */
    guint32          frames;     /* that were read */
    gboolean         partial;    /* a process ended early: handshakes are missing (problem says so) */
    const GPtrArray *handshakes; /* of GVariant: what was kept, by the number of the handshake */
    const GPtrArray *comments;   /* of CaptureComment, by frame; empty unless they were asked for */
} CaptureFile;

/* FALSE ends the run: no further file is given. */
typedef gboolean (*CaptureCollect)(const CaptureFile *file, gpointer data);

/* Starts Wireshark's libraries and takes the options over: once in a process, and before everything else here. FALSE
 * and ERROR where an option makes no sense, such as a device that does not exist. ARGV0 is the program's own name. */
gboolean capture_start(const char *argv0, const CaptureOptions *options, GError **error);

/* All device profiles that the options lead to. Valid until the program ends. */
TlsfitLibrary *capture_library(void);

/* Reads FILES (up to NULL; "-" is standard input) with the options of capture_start(). VISIT is called for each
 * handshake, in another process; COLLECT for each file, in the order of FILES, in this one. Both get DATA, VISIT a
 * copy of it as it was at the start. FALSE where COLLECT ended it. */
gboolean capture_run(const char *const *files, CaptureVisit visit, CaptureCollect collect, gpointer data);

#endif
