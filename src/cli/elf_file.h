/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an ELF file says of itself, as far as it decides whether Wireshark can load it as a plugin. The file is read, never
 * loaded: nothing of it runs.
 */
#ifndef TLSFIT_ELF_FILE_H
#define TLSFIT_ELF_FILE_H

#include <glib.h>

typedef struct {
    gboolean readable;   /* FALSE: the file cannot be read; nothing else holds */
    gboolean is_elf;
    guint    bits;       /* 32 or 64 */
    gboolean little;     /* little endian */
    guint    machine;    /* EM_* of the header */
    gboolean is_plugin;  /* it has plugin_register */
    gboolean has_wanted; /* plugin_want_major and plugin_want_minor could be read */
    int      want_major; /* the Wireshark that it was built for */
    int      want_minor;
    char    *version;    /* plugin_version; NULL where it cannot be read */
    gboolean is_tlsfit;  /* it has this product's names in it */
} TlsfitElf;

/* Never NULL: a file that is not there is not readable. */
TlsfitElf *tlsfit_elf_read(const char *path);
void tlsfit_elf_free(TlsfitElf *elf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitElf, tlsfit_elf_free)

/* "x86-64", "arm64", ...; Newly allocated. */
char *tlsfit_elf_machine_text(const TlsfitElf *elf);

#endif
