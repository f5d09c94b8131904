/* What a document needs of the machine without carrying it: fonts, and the character maps of
 * poppler-data. Fontconfig's own files are read, poppler is set up, and every font and every map is
 * opened before the system call filter closes the file system; afterwards open() and fopen() below,
 * which stand before libc's for FreeType and poppler, hand out duplicates of those descriptors. So
 * nothing in the filter has to allow opening anything. Duplicates share one offset: it starts at 0
 * each time, and the libraries are done with one reader (or map the file) before they open the same
 * file again. */
#include "render/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef POPPLER_DATA
#define POPPLER_DATA "/usr/share/poppler"
#endif

static struct {
    char *path;
    int fd;
    bool used;
} files[HELPER_MAX_FILES];
static int file_count, map_count; /* the maps come first */
static bool locked;
static bool font_used;             /* any */
static FcCharSet *font_characters; /* of the used ones; NULL: to be gathered */

int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);
FILE *fopen(const char *path, const char *mode);
FILE *fopen64(const char *path, const char *mode);

static int file_find(const char *path)
{
    for (int i = 0; i < file_count; i++) {
        if (strcmp(files[i].path, path) == 0)
            return i;
    }
    return -1;
}

static int open_kept(const char *path, int flags)
{
    int i = (flags & O_ACCMODE) == O_RDONLY ? file_find(path) : -1;
    if (i < 0 || lseek(files[i].fd, 0, SEEK_SET) != 0) {
        errno = EACCES;
        return -1;
    }
    if (i >= map_count && !files[i].used) {
        files[i].used = font_used = true;
        g_clear_pointer(&font_characters, FcCharSetDestroy);
    }
    return fcntl(files[i].fd, F_DUPFD_CLOEXEC, 0);
}

static int open_any(const char *path, int flags, mode_t mode)
{
    return locked ? open_kept(path, flags) : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

#define OPEN_MODE(mode, flags)                                                                     \
    mode_t mode = 0;                                                                               \
    if (((flags)&O_CREAT) != 0 || ((flags)&O_TMPFILE) == O_TMPFILE) {                              \
        va_list args;                                                                              \
        va_start(args, flags);                                                                     \
        mode = va_arg(args, mode_t);                                                               \
        va_end(args);                                                                              \
    }

int open(const char *path, int flags, ...)
{
    OPEN_MODE(mode, flags)
    return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    OPEN_MODE(mode, flags)
    return open_any(path, flags | O_LARGEFILE, mode);
}

/* Only reading is ever needed here, by the libraries as by fontconfig. */
FILE *fopen(const char *path, const char *mode)
{
    if (mode[0] != 'r' || strchr(mode, '+') != NULL) {
        errno = EACCES;
        return NULL;
    }
    int fd = open_any(path, O_RDONLY | O_CLOEXEC, 0);
    return fd < 0 ? NULL : fdopen(fd, "r");
}

FILE *fopen64(const char *path, const char *mode)
{
    return fopen(path, mode);
}

static bool keep_file(const char *path)
{
    if (file_find(path) >= 0)
        return true;
    if (file_count == HELPER_MAX_FILES)
        return false;
    int fd = open_any(path, O_RDONLY | O_CLOEXEC, 0);
    char *copy = fd < 0 ? NULL : strdup(path);
    if (copy == NULL)
        return false;
    files[file_count].path = copy;
    files[file_count++].fd = fd;
    return true;
}

static int keep_map(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)walk;
    if (type == FTW_F && file_count < HELPER_MAX_MAPS)
        keep_file(path);
    return 0;
}

/* Poppler lists its character maps when its first document is opened, and forgets the list with the
 * last: this one, of ours, stays open. */
static bool poppler_set_up(void)
{
    static const char none[] = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                               "2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
                               "trailer<</Root 1 0 R>>\n%%EOF\n";
    static PopplerDocument *kept;
    GBytes *bytes = g_bytes_new_static(none, sizeof none - 1);
    kept = poppler_document_new_from_bytes(bytes, NULL, NULL);
    g_bytes_unref(bytes);
    return kept != NULL;
}

/* Fonts that are not kept are taken out of the set, so that no match leads to one of them. */
static bool keep_fonts(void)
{
    FcConfig *config = FcInitLoadConfigAndFonts();
    if (config == NULL || !FcConfigSetCurrent(config))
        return false;
    FcConfigSetRescanInterval(config, 0);
    FcFontSet *set = FcConfigGetFonts(config, FcSetSystem);
    int kept = 0;
    for (int i = 0; set != NULL && i < set->nfont; i++) {
        FcChar8 *path;
        if (FcPatternGetString(set->fonts[i], FC_FILE, 0, &path) == FcResultMatch &&
            keep_file((const char *)path))
            set->fonts[kept++] = set->fonts[i];
        else
            FcPatternDestroy(set->fonts[i]);
    }
    if (set != NULL)
        set->nfont = kept;
    return true;
}

bool files_open(void)
{
    nftw(POPPLER_DATA, keep_map, 16, FTW_PHYS);
    map_count = file_count;
    if (poppler_set_up() && keep_fonts())
        return true;
    fprintf(stderr, "amphi-render: poppler or fontconfig cannot be set up\n");
    return false;
}

void files_lock(void)
{
    locked = true;
}

bool files_font_used(void)
{
    return font_used;
}

static void gather_characters(void)
{
    const FcFontSet *set = FcConfigGetFonts(NULL, FcSetSystem);
    font_characters = FcCharSetCreate();
    for (int i = 0; i < set->nfont; i++) {
        FcChar8 *path;
        FcCharSet *one;
        int file = -1;
        if (FcPatternGetString(set->fonts[i], FC_FILE, 0, &path) == FcResultMatch)
            file = file_find((const char *)path);
        if (file >= 0 && files[file].used &&
            FcPatternGetCharSet(set->fonts[i], FC_CHARSET, 0, &one) == FcResultMatch)
            FcCharSetMerge(font_characters, one, NULL);
    }
}

bool files_fonts_have(uint32_t character)
{
    if (font_characters == NULL)
        gather_characters();
    return FcCharSetHasChar(font_characters, character);
}
