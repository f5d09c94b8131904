/* Fonts that a document names without carrying them. Fontconfig's own files are read and every font
 * file is opened before the system call filter closes the file system; afterwards open() and
 * fopen() below, which stand before libc's for FreeType and poppler, hand out duplicates of those
 * descriptors. So nothing in the filter has to allow opening anything. Duplicates share one offset:
 * it starts at 0 each time, and both libraries are done with one reader (or map the file) before
 * they open the same font again. */
#include "render/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
    char *path;
    int fd;
} fonts[HELPER_MAX_FONTS];
static int font_count;
static bool locked;

int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);
FILE *fopen(const char *path, const char *mode);
FILE *fopen64(const char *path, const char *mode);

static int font_find(const char *path)
{
    for (int i = 0; i < font_count; i++) {
        if (strcmp(fonts[i].path, path) == 0)
            return fonts[i].fd;
    }
    return -1;
}

static int open_any(const char *path, int flags, mode_t mode)
{
    if (!locked)
        return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    int fd = (flags & O_ACCMODE) == O_RDONLY ? font_find(path) : -1;
    if (fd >= 0 && lseek(fd, 0, SEEK_SET) == 0)
        return fcntl(fd, F_DUPFD_CLOEXEC, 0);
    errno = EACCES;
    return -1;
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

static bool keep_font(const char *path)
{
    if (font_find(path) >= 0)
        return true;
    if (font_count == HELPER_MAX_FONTS)
        return false;
    int fd = open_any(path, O_RDONLY | O_CLOEXEC, 0);
    char *copy = fd < 0 ? NULL : strdup(path);
    if (copy == NULL)
        return false;
    fonts[font_count].path = copy;
    fonts[font_count++].fd = fd;
    return true;
}

/* Fonts that are not kept are taken out of the set, so that no match leads to one of them. */
bool fonts_open(void)
{
    FcConfig *config = FcInitLoadConfigAndFonts();
    if (config == NULL || !FcConfigSetCurrent(config)) {
        fprintf(stderr, "amphi-render: fontconfig cannot be set up\n");
        return false;
    }
    FcConfigSetRescanInterval(config, 0);
    FcFontSet *set = FcConfigGetFonts(config, FcSetSystem);
    int kept = 0;
    for (int i = 0; set != NULL && i < set->nfont; i++) {
        FcChar8 *path;
        if (FcPatternGetString(set->fonts[i], FC_FILE, 0, &path) == FcResultMatch &&
            keep_font((const char *)path))
            set->fonts[kept++] = set->fonts[i];
        else
            FcPatternDestroy(set->fonts[i]);
    }
    if (set != NULL)
        set->nfont = kept;
    return true;
}

void fonts_lock(void)
{
    locked = true;
}
