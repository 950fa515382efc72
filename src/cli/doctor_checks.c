/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keeps one Wireshark from loading the plugin. See doctor.h. In: its answers, the files that were found. Out:
 * findings, each with what to do. Changes nothing.
 */
#include "doctor.h"

#include "run.h"
#include "tlsfit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void tlsfit_doctor_finding_free(gpointer data)
{
    TlsfitDoctorFinding *finding = data;

    g_free(finding->text);
    g_free(finding->fix);
    g_free(finding);
}

void tlsfit_doctor_add(GPtrArray *findings, TlsfitDoctorLevel level, const char *id, char *fix, const char *format, ...)
{
    TlsfitDoctorFinding *finding = g_new0(TlsfitDoctorFinding, 1);
    va_list arguments;

    finding->level = level;
    finding->id = id;
    finding->fix = fix;
    va_start(arguments, format);
    finding->text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(findings, finding);
}

char *tlsfit_doctor_word(const char *path)
{
    static const char plain[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_./+:@%-";

    return path[strspn(path, plain)] == '\0' ? g_strdup(path) : g_shell_quote(path);
}

/* "chmod a+r FILE" */
static char *command_on(const char *command, const char *path)
{
    g_autofree char *word = tlsfit_doctor_word(path);

    return g_strdup_printf("%s %s", command, word);
}

static gboolean is_root(void)
{
    return geteuid() == 0;
}

/* Where the plugin belongs: everybody's folder for root, else one's own. Newly allocated; NULL: Wireshark does not tell. */
static char *right_place(const TlsfitWireshark *wireshark)
{
    const char *folder = is_root() || wireshark->personal == NULL ? wireshark->global : wireshark->personal;

    return folder != NULL ? g_build_filename(folder, "epan", "tlsfit.so", NULL) : NULL;
}

static char *build_command(const TlsfitWireshark *wireshark)
{
    return g_strdup_printf("build it with the development files of Wireshark %d.%d: cmake -B build && cmake --build build && "
                           "cmake --install build", wireshark->major, wireshark->minor);
}

static char *move_command(const TlsfitWireshark *wireshark, const char *path)
{
    g_autofree char *place = right_place(wireshark);
    g_autofree char *from = tlsfit_doctor_word(path);
    g_autofree char *to = place != NULL ? tlsfit_doctor_word(place) : NULL;

    return to != NULL ? g_strdup_printf("install -D -m 644 %s %s && rm %s", from, to, from) : NULL;
}

/* --- One file where Wireshark loads from ------------------------------------------------------------------------- */

/* The libraries that the loader does not find, as ldd prints them; NULL: none, or it cannot be told. */
static char *missing_libraries(const char *path)
{
    const char *const argv[] = { "ldd", path, NULL };
    g_autofree char *out = NULL;
    g_autoptr(GString) missing = g_string_new(NULL);
    g_auto(GStrv) lines = NULL;

    if (!tlsfit_run(argv, TLSFIT_DOCTOR_LIMIT_S, &out, NULL, NULL)) {
        return NULL;
    }
    lines = g_strsplit(out, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = g_strchug(lines[i]);

        if (strstr(line, "=> not found") != NULL) {
            g_string_append_printf(missing, "%s%.*s", missing->len > 0 ? ", " : "", (int)strcspn(line, " "), line);
        }
    }
    return missing->len > 0 ? g_string_free(g_steal_pointer(&missing), FALSE) : NULL;
}

static gboolean other_can_read(const char *path)
{
    struct stat there;

    return stat(path, &there) != 0 || (there.st_mode & S_IROTH) != 0;
}

static gboolean same_machine(const TlsfitElf *left, const TlsfitElf *right)
{
    return left->machine == right->machine && left->bits == right->bits && left->little == right->little;
}

/* What it is: TRUE where it can be loaded by what its header and its symbols say. */
static gboolean check_contents(TlsfitWireshark *wireshark, const TlsfitPluginFile *file)
{
    const TlsfitElf *elf = file->elf;
    GPtrArray *findings = wireshark->findings;

    if (!elf->readable || (file->where == TLSFIT_PLACE_GLOBAL && !other_can_read(file->path))) {
        tlsfit_doctor_add(findings, TLSFIT_DOCTOR_PROBLEM, "not-readable", command_on("chmod a+r", file->path),
                          "%s cannot be read%s", file->path, elf->readable ? " by others than its owner" : "");
        return elf->readable;
    }
    if (!elf->is_elf) {
        tlsfit_doctor_add(findings, TLSFIT_DOCTOR_PROBLEM, "no-plugin", build_command(wireshark),
                          "%s is no program file (ELF): it may have been damaged on its way", file->path);
        return FALSE;
    }
    if (wireshark->elf->is_elf && !same_machine(elf, wireshark->elf)) {
        g_autofree char *own = tlsfit_elf_machine_text(elf);
        g_autofree char *wanted = tlsfit_elf_machine_text(wireshark->elf);

        tlsfit_doctor_add(findings, TLSFIT_DOCTOR_PROBLEM, "other-machine", build_command(wireshark),
                          "%s is built for another machine (%s); this Wireshark is %s", file->path, own, wanted);
        return FALSE;
    }
    if (elf->has_wanted && wireshark->version != NULL &&
        (elf->want_major != wireshark->major || elf->want_minor != wireshark->minor)) {
        tlsfit_doctor_add(findings, TLSFIT_DOCTOR_PROBLEM, "wrong-version", build_command(wireshark),
                          "%s is built for Wireshark %d.%d, and this one is %s; a plugin is bound to one minor version",
                          file->path, elf->want_major, elf->want_minor, wireshark->version);
        return FALSE;
    }
    return TRUE;
}

static gboolean check_libraries(TlsfitWireshark *wireshark, const TlsfitPluginFile *file)
{
    g_autofree char *missing = missing_libraries(file->path);

    if (missing == NULL || file->listed) {
        return TRUE;
    }
    tlsfit_doctor_add(wireshark->findings, TLSFIT_DOCTOR_PROBLEM, "missing-library",
                      g_strdup("install the packages that have them (Debian: apt-get install libgnutls30 "
                               "libjson-glib-1.0-0), or build the plugin on this machine"),
                      "%s needs libraries that are not here: %s", file->path, missing);
    return FALSE;
}

/* Wireshark does not list it, and nothing is wrong with the file: the last words are its own. */
static void unexplained(TlsfitWireshark *wireshark, const TlsfitPluginFile *file)
{
    g_autofree char *said = wireshark->complaints != NULL ? g_strdup(wireshark->complaints) : g_strdup("");

    g_strdelimit(g_strstrip(said), "\r\n\t", ' ');
    tlsfit_doctor_add(wireshark->findings, TLSFIT_DOCTOR_PROBLEM, "not-loaded",
                      g_strdup_printf("%s -G plugins", wireshark->path), "%s lies in the right place and is not loaded%s%s",
                      file->path, *said != '\0' ? "; Wireshark says: " : ", and Wireshark does not say why", said);
}

static void check_file(TlsfitWireshark *wireshark, const TlsfitPluginFile *file)
{
    g_autofree char *place = right_place(wireshark);

    if (!check_contents(wireshark, file) || !check_libraries(wireshark, file) || file->listed) {
        return;
    }
    if (file->where == TLSFIT_PLACE_PERSONAL && is_root()) {
        g_autofree char *from = tlsfit_doctor_word(file->path);
        g_autofree char *to = tlsfit_doctor_word(place != NULL ? place : "GLOBAL-FOLDER");

        tlsfit_doctor_add(wireshark->findings, TLSFIT_DOCTOR_PROBLEM, "root",
                          g_strdup_printf("run Wireshark as an ordinary user, or: install -D -m 644 %s %s", from, to),
                          "%s is a personal plugin, and this is root: Wireshark ignores personal plugins of root silently",
                          file->path);
        return;
    }
    if (!wireshark->crashed) {
        unexplained(wireshark, file);
    }
}

/* --- Files elsewhere, and more than one ---------------------------------------------------------------------------- */

static gboolean is_in_place(const TlsfitPluginFile *file)
{
    return file->where == TLSFIT_PLACE_GLOBAL || (file->where == TLSFIT_PLACE_PERSONAL && !is_root());
}

/* A file elsewhere explains why nothing is loaded; where something is, it is no business of ours. */
static void check_misplaced(TlsfitWireshark *wireshark, const TlsfitPluginFile *file)
{
    const TlsfitElf *elf = file->elf;
    const gboolean fits = elf->has_wanted && elf->want_major == wireshark->major && elf->want_minor == wireshark->minor;
    char *fix = elf->has_wanted && !fits ? build_command(wireshark) : move_command(wireshark, file->path);
    g_autofree char *place = right_place(wireshark);

    switch (file->where) {
    case TLSFIT_PLACE_OTHER_VERSION:
        tlsfit_doctor_add(wireshark->findings, TLSFIT_DOCTOR_PROBLEM, "wrong-folder", fix,
                          "%s lies in the folder of Wireshark %s, and this one (%s) never looks there", file->path,
                          file->folder, wireshark->version != NULL ? wireshark->version : "version not known");
        return;
    case TLSFIT_PLACE_NOT_IN_EPAN:
    case TLSFIT_PLACE_ELSEWHERE:
        tlsfit_doctor_add(wireshark->findings, TLSFIT_DOCTOR_PROBLEM, "wrong-folder", fix,
                          "%s lies where Wireshark does not look; it belongs to %s", file->path,
                          place != NULL ? place : "the folder epan of this version");
        return;
    case TLSFIT_PLACE_GLOBAL:
    case TLSFIT_PLACE_PERSONAL:
        g_free(fix);
        return;
    }
}

/* Of two copies the one to be removed: that with a name of its own, else the personal one. */
static const TlsfitPluginFile *one_too_many(const TlsfitPluginFile *first, const TlsfitPluginFile *second)
{
    return g_str_has_suffix(first->path, "/tlsfit.so") ? second : first;
}

static void check_twice(TlsfitWireshark *wireshark)
{
    const TlsfitPluginFile *first = NULL;

    for (guint i = 0; i < wireshark->files->len; i++) {
        const TlsfitPluginFile *file = g_ptr_array_index(wireshark->files, i);

        if (is_in_place(file) && first != NULL) {
            tlsfit_doctor_add(wireshark->findings, TLSFIT_DOCTOR_PROBLEM, "twice",
                              command_on("rm", one_too_many(first, file)->path),
                              "installed twice: %s and %s; only one takes effect, and older ones end Wireshark", first->path,
                              file->path);
        }
        first = first == NULL && is_in_place(file) ? file : first;
    }
}

static void check_loaded(TlsfitWireshark *wireshark)
{
    if (wireshark->listed->len == 0) {
        return;
    }
    tlsfit_doctor_add(wireshark->findings, TLSFIT_DOCTOR_OK, "loaded", NULL, "loads tlsfit %s from %s",
                      wireshark->listed_version, (const char *)g_ptr_array_index(wireshark->listed, 0));
    if (g_strcmp0(wireshark->listed_version, TLSFIT_VERSION) != 0) {
        tlsfit_doctor_add(wireshark->findings, TLSFIT_DOCTOR_NOTE, "other-release", build_command(wireshark),
                          "the plugin is of release %s and this command of %s: their devices and rules differ",
                          wireshark->listed_version, TLSFIT_VERSION);
    }
}

static void check_absent(TlsfitWireshark *wireshark)
{
    g_autofree char *place = right_place(wireshark);

    if (wireshark->files->len > 0 || wireshark->listed->len > 0 || wireshark->crashed) {
        return;
    }
    tlsfit_doctor_add(wireshark->findings, TLSFIT_DOCTOR_PROBLEM, "absent", build_command(wireshark),
                      "no tlsfit plugin is installed for this Wireshark; it belongs to %s",
                      place != NULL ? place : "its folder of plugins");
}

void tlsfit_doctor_check(TlsfitWireshark *wireshark)
{
    const char *other = g_getenv("WIRESHARK_PLUGIN_DIR");
    gboolean off;

    check_loaded(wireshark);
    for (guint i = 0; i < wireshark->files->len; i++) {
        const TlsfitPluginFile *file = g_ptr_array_index(wireshark->files, i);

        if (file->where == TLSFIT_PLACE_GLOBAL || file->where == TLSFIT_PLACE_PERSONAL) {
            if (wireshark->listed->len == 0 || is_in_place(file)) {
                check_file(wireshark, file);
            }
        } else if (wireshark->listed->len == 0) {
            check_misplaced(wireshark, file);
        }
    }
    check_twice(wireshark);
    check_absent(wireshark);
    off = tlsfit_doctor_switched_off(wireshark);
    if (other != NULL && wireshark->listed->len == 0) {
        tlsfit_doctor_add(wireshark->findings, TLSFIT_DOCTOR_NOTE, "plugin-dir", g_strdup("unset WIRESHARK_PLUGIN_DIR"),
                          "WIRESHARK_PLUGIN_DIR is set: %s stands for the global folder%s", other,
                          is_root() ? ", and root ignores it" : "");
    }
    wireshark->works = wireshark->listed->len > 0 && !off && !wireshark->crashed;
}
