/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of devices share: profiles written to a folder of their own and read as a user's would be, and
 * assertions that say which verdict was wrong.
 */
#ifndef TLSFIT_TESTS_PROFILE_FIXTURE_H
#define TLSFIT_TESTS_PROFILE_FIXTURE_H

#include "device.h"

#define IDENTITY(id) "[device]\nid = " id "\nname = A device\nkind = modem\nrole = client\n"
#define SOURCE(target, confidence) "[source " target "]\nconfidence = " confidence "\nwhere = https://example.org/\n"

typedef struct {
    char *path;
    GPtrArray *files;
} Folder;

Folder *folder_new(void);
void folder_free(Folder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Folder, folder_free)

/* LENGTH -1: TEXT ends with its NUL. */
void folder_write(Folder *folder, const char *name, const char *text, gssize length);

TlsfitLibrary *read_folder(const Folder *folder);

/* The one device that TEXT describes, without any problem. */
TlsfitDevice *read_device(const char *text);

/* The one problem of LIBRARY has LINE and says WORDS. */
void assert_problem(TlsfitLibrary *library, guint line, const char *words);

void assert_code(const TlsfitDevice *device, TlsfitSet set, guint code, TlsfitStatus status, const char *limit);
void assert_number(const TlsfitDevice *device, TlsfitNumber number, guint64 value, TlsfitStatus status,
                   const char *limit);

#endif
