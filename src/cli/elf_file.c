/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading ELF (System V ABI, chapter 4). See elf_file.h. In: a file, which may hold anything. Out: facts. Every offset
 * and count in it is checked against the length of the file.
 */
#include "elf_file.h"

#include <elf.h>
#include <string.h>

#define SYMBOLS_MAX 1000000u
#define VERSION_BYTES_MAX 64u

/* A string that is compiled into every plugin of this product. */
static const char own_name[] = "tlsfit.device.source";

typedef struct {
    const char *data;
    gsize       length;
    gboolean    wide; /* 64 bits */
} Image;

typedef struct {
    guint64 type, address, offset, size, link;
} Section;

typedef struct {
    guint64 name, value, section;
} Symbol;

/* Copies COUNT bytes from OFFSET; FALSE where the file ends before. */
static gboolean take(const Image *image, guint64 offset, void *into, gsize count)
{
    if (offset > image->length || image->length - offset < count) {
        return FALSE;
    }
    memcpy(into, image->data + offset, count);
    return TRUE;
}

static gboolean section_at(const Image *image, guint index, Section *section)
{
    if (image->wide) {
        Elf64_Ehdr header;
        Elf64_Shdr raw;

        if (!take(image, 0, &header, sizeof header) || index >= header.e_shnum || header.e_shentsize != sizeof raw ||
            header.e_shoff > image->length || !take(image, header.e_shoff + (guint64)index * sizeof raw, &raw, sizeof raw)) {
            return FALSE;
        }
        *section = (Section){ raw.sh_type, raw.sh_addr, raw.sh_offset, raw.sh_size, raw.sh_link };
    } else {
        Elf32_Ehdr header;
        Elf32_Shdr raw;

        if (!take(image, 0, &header, sizeof header) || index >= header.e_shnum || header.e_shentsize != sizeof raw ||
            !take(image, header.e_shoff + (guint64)index * sizeof raw, &raw, sizeof raw)) {
            return FALSE;
        }
        *section = (Section){ raw.sh_type, raw.sh_addr, raw.sh_offset, raw.sh_size, raw.sh_link };
    }
    return TRUE;
}

static gboolean symbol_at(const Image *image, const Section *table, guint64 index, Symbol *symbol)
{
    const gsize bytes = image->wide ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);

    if (index >= MIN(table->size / bytes, SYMBOLS_MAX) || table->offset > image->length) {
        return FALSE;
    }
    if (image->wide) {
        Elf64_Sym raw;

        if (!take(image, table->offset + index * bytes, &raw, sizeof raw)) {
            return FALSE;
        }
        *symbol = (Symbol){ raw.st_name, raw.st_value, raw.st_shndx };
    } else {
        Elf32_Sym raw;

        if (!take(image, table->offset + index * bytes, &raw, sizeof raw)) {
            return FALSE;
        }
        *symbol = (Symbol){ raw.st_name, raw.st_value, raw.st_shndx };
    }
    return TRUE;
}

/* Does NAME, with its end, stand at OFFSET of the string table? */
static gboolean is_named(const Image *image, const Section *strings, guint64 offset, const char *name)
{
    const gsize bytes = strlen(name) + 1;

    return offset < strings->size && strings->offset <= image->length && strings->offset + offset <= image->length &&
           image->length - (strings->offset + offset) >= bytes &&
           memcmp(image->data + strings->offset + offset, name, bytes) == 0;
}

/* Where in the file the value of SYMBOL stands; FALSE where that is nowhere. */
static gboolean place_of(const Image *image, const Symbol *symbol, guint64 *offset)
{
    Section section;

    if (symbol->section == SHN_UNDEF || !section_at(image, (guint)symbol->section, &section) ||
        section.type == SHT_NOBITS || symbol->value < section.address ||
        symbol->value - section.address >= section.size || section.offset > image->length) {
        return FALSE;
    }
    *offset = section.offset + (symbol->value - section.address);
    return TRUE;
}

static void read_symbol(const Image *image, const Section *strings, const Symbol *symbol, TlsfitElf *elf, guint *found)
{
    guint64 offset = 0;

    if (is_named(image, strings, symbol->name, "plugin_register")) {
        elf->is_plugin = symbol->section != SHN_UNDEF;
    } else if (is_named(image, strings, symbol->name, "plugin_want_major")) {
        *found += place_of(image, symbol, &offset) && take(image, offset, &elf->want_major, sizeof elf->want_major);
    } else if (is_named(image, strings, symbol->name, "plugin_want_minor")) {
        *found += place_of(image, symbol, &offset) && take(image, offset, &elf->want_minor, sizeof elf->want_minor);
    } else if (elf->version == NULL && is_named(image, strings, symbol->name, "plugin_version") &&
               place_of(image, symbol, &offset) && offset < image->length) {
        elf->version = g_strndup(image->data + offset, MIN(VERSION_BYTES_MAX, image->length - offset));
    }
}

static void read_symbols(const Image *image, TlsfitElf *elf)
{
    Section table, strings;
    guint found = 0;

    for (guint i = 0; section_at(image, i, &table); i++) {
        Symbol symbol;

        if (table.type != SHT_DYNSYM || !section_at(image, (guint)table.link, &strings)) {
            continue;
        }
        for (guint64 j = 0; symbol_at(image, &table, j, &symbol); j++) {
            read_symbol(image, &strings, &symbol, elf, &found);
        }
        break;
    }
    elf->has_wanted = found == 2;
}

static gboolean contains(const Image *image, const char *text)
{
    const gsize bytes = strlen(text);
    const char *end = image->data + image->length;

    for (const char *at = image->data; (gsize)(end - at) >= bytes; at++) {
        at = memchr(at, text[0], (gsize)(end - at) - bytes + 1);
        if (at == NULL) {
            return FALSE;
        }
        if (memcmp(at, text, bytes) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static void read_image(const Image *image, TlsfitElf *elf)
{
    Elf32_Ehdr header; /* both kinds begin alike, up to e_machine */

    if (!take(image, 0, &header, sizeof header) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        return;
    }
    elf->is_elf = TRUE;
    elf->bits = header.e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32;
    elf->little = header.e_ident[EI_DATA] == ELFDATA2LSB;
    elf->machine = elf->little == (G_BYTE_ORDER == G_LITTLE_ENDIAN) ? header.e_machine
                                                                    : GUINT16_SWAP_LE_BE(header.e_machine);
    elf->is_tlsfit = contains(image, own_name);
    if (elf->little == (G_BYTE_ORDER == G_LITTLE_ENDIAN)) {
        Image wide = *image;

        wide.wide = elf->bits == 64;
        read_symbols(&wide, elf);
    }
}

TlsfitElf *tlsfit_elf_read(const char *path)
{
    TlsfitElf *elf = g_new0(TlsfitElf, 1);
    g_autoptr(GMappedFile) file =
        g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_mapped_file_new(path, FALSE, NULL) : NULL;

    elf->readable = file != NULL;
    if (file != NULL && g_mapped_file_get_length(file) > 0) {
        const Image image = { g_mapped_file_get_contents(file), g_mapped_file_get_length(file), FALSE };

        read_image(&image, elf);
    }
    return elf;
}

void tlsfit_elf_free(TlsfitElf *elf)
{
    if (elf != NULL) {
        g_free(elf->version);
        g_free(elf);
    }
}

char *tlsfit_elf_machine_text(const TlsfitElf *elf)
{
    static const struct {
        guint       machine;
        const char *name;
    } names[] = {
        { EM_X86_64, "x86-64" }, { EM_AARCH64, "arm64" }, { EM_386, "i386" },   { EM_ARM, "arm" },
        { EM_RISCV, "riscv" },   { EM_PPC64, "ppc64" },   { EM_S390, "s390" },  { EM_MIPS, "mips" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i].machine == elf->machine) {
            return g_strdup_printf("%s, %u bits", names[i].name, elf->bits);
        }
    }
    return g_strdup_printf("machine %u, %u bits", elf->machine, elf->bits);
}
