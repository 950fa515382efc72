/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit doctor` in its parts: which Wiresharks are here (doctor_wireshark.c), which files could be the plugin
 * (doctor_plugin.c), what is wrong (doctor_checks.c), and the subcommand (doctor.c).
 */
#ifndef TLSFIT_DOCTOR_H
#define TLSFIT_DOCTOR_H

#include "elf_file.h"

/* How long Wireshark may take for an answer. */
#define TLSFIT_DOCTOR_LIMIT_S 20u

typedef enum { TLSFIT_DOCTOR_OK, TLSFIT_DOCTOR_NOTE, TLSFIT_DOCTOR_PROBLEM } TlsfitDoctorLevel;

typedef struct {
    TlsfitDoctorLevel level;
    const char *id;  /* for programs: wrong-version, root, twice, ...; static */
    char *text;      /* one line */
    char *fix;       /* what to do, a command where there is one; NULL: nothing */
} TlsfitDoctorFinding;

/* Where a file that could be the plugin lies, seen from one Wireshark. */
typedef enum {
    TLSFIT_PLACE_GLOBAL,       /* where it loads from */
    TLSFIT_PLACE_PERSONAL,     /* where it loads from, unless it runs as root */
    TLSFIT_PLACE_OTHER_VERSION,/* the folder of another version */
    TLSFIT_PLACE_NOT_IN_EPAN,  /* the right version, but not its folder epan */
    TLSFIT_PLACE_ELSEWHERE     /* a folder that no version of today loads plugins from */
} TlsfitPluginPlace;

typedef struct {
    char             *path;
    TlsfitPluginPlace where;
    char             *folder;  /* TLSFIT_PLACE_OTHER_VERSION: "4.4" */
    TlsfitElf        *elf;
    gboolean          listed;  /* Wireshark says that it loaded it */
} TlsfitPluginFile;

/* One Wireshark. */
typedef struct {
    char      *path;            /* of tshark */
    char      *version;         /* "4.0.17"; NULL where it does not tell */
    int        major, minor;
    char      *personal;        /* folders of plugins, with the version; NULL where it does not tell */
    char      *global;
    char      *configuration;   /* personal */
    char      *global_configuration;
    char      *complaints;      /* what it wrote to standard error while loading plugins */
    gboolean   crashed;         /* while loading plugins */
    TlsfitElf *elf;
    GPtrArray *listed;          /* of char *: paths of the plugins of this product that it loaded */
    char      *listed_version;  /* of the first */
    GPtrArray *files;           /* of TlsfitPluginFile */
    GPtrArray *findings;        /* of TlsfitDoctorFinding */
    gboolean   works;           /* it loads the plugin, and the plugin is on */
} TlsfitWireshark;

/* doctor_wireshark.c. The programs named in PATHS, or where PATHS is NULL, every tshark in PATH and in the usual
 * folders, each once. Asks each for its version, its folders and its plugins. Array of TlsfitWireshark, owned. */
GPtrArray *tlsfit_doctor_wiresharks(char *const *paths);

/* doctor_plugin.c. Fills files. */
void tlsfit_doctor_find_plugins(TlsfitWireshark *wireshark);
void tlsfit_plugin_file_free(gpointer file);

/* doctor_checks.c. Fills findings and works. */
void tlsfit_doctor_check(TlsfitWireshark *wireshark);

void tlsfit_doctor_add(GPtrArray *findings, TlsfitDoctorLevel level, const char *id, char *fix, const char *format, ...)
    G_GNUC_PRINTF(5, 6);
void tlsfit_doctor_finding_free(gpointer finding);

/* PATH as one word for a shell. Newly allocated. */
char *tlsfit_doctor_word(const char *path);

/* doctor_settings.c. The plugin switched off: disabled_protos and the preference tlsfit.enable. TRUE where the settings
 * that Wireshark starts with switch it off. */
gboolean tlsfit_doctor_switched_off(TlsfitWireshark *wireshark);

#endif
