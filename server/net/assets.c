#include "net/assets.h"
#include "base/mem.h"
#include "http/path.h"
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ASSET_MAX_BYTES (32 * 1024 * 1024)
#define ASSET_MAX_DEPTH 8

struct assets {
    struct asset *items; /* by path */
    size_t count, cap;
};

static const struct {
    const char *extension, *type;
} types[] = {{".html", "text/html; charset=utf-8"},
             {".js", "text/javascript; charset=utf-8"},
             {".mjs", "text/javascript; charset=utf-8"},
             {".css", "text/css; charset=utf-8"},
             {".json", "application/json"},
             {".map", "application/json"},
             {".webmanifest", "application/manifest+json"},
             {".svg", "image/svg+xml"},
             {".png", "image/png"},
             {".webp", "image/webp"},
             {".ico", "image/x-icon"},
             {".woff2", "font/woff2"},
             {".txt", "text/plain; charset=utf-8"}};

static const char *type_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcmp(dot, types[i].extension) == 0)
            return types[i].type;
    return "application/octet-stream";
}

/* "name-1A2B3C4D.ext", as the bundler writes it. */
static bool name_has_hash(const char *path)
{
    const char *name = strrchr(path, '/');
    const char *dot = name ? strchr(name, '.') : NULL;
    const char *dash = dot ? memrchr(name, '-', (size_t)(dot - name)) : NULL;
    if (!dash || dot - dash - 1 < 8)
        return false;
    for (const char *c = dash + 1; c < dot; c++)
        if (!isalnum((unsigned char)*c))
            return false;
    return true;
}

static void make_etag(const struct payload *p, enum asset_coding coding, char out[static 40])
{
    uint64_t h = 0xcbf29ce484222325ULL; /* FNV-1a: names a version, guards nothing */
    for (size_t i = 0; i < p->len; i++)
        h = (h ^ p->bytes[i]) * 0x100000001b3ULL;
    snprintf(out, 40, "\"%016llx-%zx%s\"", (unsigned long long)h, p->len,
             coding == ASSET_GZIP     ? "g"
             : coding == ASSET_BROTLI ? "b"
                                      : "");
}

static struct payload *read_file(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;
    struct payload *p = NULL;
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= ASSET_MAX_BYTES) {
        p = payload_new((size_t)st.st_size);
        size_t have = 0;
        ssize_t n = 0;
        while (have < p->len && (n = read(fd, p->bytes + have, p->len - have)) > 0)
            have += (size_t)n;
        if (have < p->len) {
            payload_unref(p);
            p = NULL;
        }
    }
    if (fd >= 0)
        close(fd);
    return p;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static void add_file(struct assets *a, int folder, const char *prefix, const char *name)
{
    static const char *const suffix[ASSET_CODINGS] = {"", ".gz", ".br"};
    char path[PATH_MAX_BYTES], file[300];
    if (ends_with(name, ".gz") || ends_with(name, ".br") ||
        snprintf(path, sizeof path, "%s/%s", prefix, name) >= (int)sizeof path)
        return;
    struct payload *plain = read_file(folder, name);
    if (!plain)
        return;
    if (a->count == a->cap) {
        a->cap = a->cap ? 2 * a->cap : 32;
        a->items = mem_resize(a->items, a->cap * sizeof *a->items);
    }
    struct asset *asset = &a->items[a->count++];
    *asset = (struct asset){
        .path = mem_strdup(path), .content_type = type_of(path), .immutable = name_has_hash(path)};
    for (int i = 0; i < ASSET_CODINGS; i++) {
        snprintf(file, sizeof file, "%s%s", name, suffix[i]);
        asset->bytes[i] = i == ASSET_PLAIN ? plain : read_file(folder, file);
        if (asset->bytes[i])
            make_etag(asset->bytes[i], (enum asset_coding)i, asset->etag[i]);
    }
}

static void load_folder(struct assets *a, int fd, const char *prefix, int depth)
{
    DIR *dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue;
        int sub =
            openat(dirfd(dir), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        char path[PATH_MAX_BYTES];
        if (sub < 0)
            add_file(a, dirfd(dir), prefix, entry->d_name);
        else if (depth > 0 &&
                 snprintf(path, sizeof path, "%s/%s", prefix, entry->d_name) < (int)sizeof path)
            load_folder(a, sub, path, depth - 1);
        else
            close(sub);
    }
    closedir(dir);
}

static int by_path(const void *left, const void *right)
{
    return strcmp(((const struct asset *)left)->path, ((const struct asset *)right)->path);
}

struct assets *assets_load(const char *folder)
{
    struct assets *a = mem_new(sizeof *a);
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0)
        load_folder(a, fd, "", ASSET_MAX_DEPTH);
    if (a->count)
        qsort(a->items, a->count, sizeof *a->items, by_path);
    return a;
}

void assets_free(struct assets *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->count; i++) {
        free(a->items[i].path);
        for (int coding = 0; coding < ASSET_CODINGS; coding++)
            payload_unref(a->items[i].bytes[coding]);
    }
    free(a->items);
    free(a);
}

const struct asset *assets_find(const struct assets *a, const char *path)
{
    struct asset key = {.path = (char *)(uintptr_t)path};
    return a->count ? bsearch(&key, a->items, a->count, sizeof *a->items, by_path) : NULL;
}

const char *asset_coding_name(enum asset_coding coding)
{
    return coding == ASSET_GZIP ? "gzip" : coding == ASSET_BROTLI ? "br" : NULL;
}

enum asset_coding asset_choose(const struct asset *asset, const char *accept_encoding)
{
    enum asset_coding best = ASSET_PLAIN;
    for (int i = ASSET_GZIP; i < ASSET_CODINGS; i++)
        if (asset->bytes[i] && asset->bytes[i]->len < asset->bytes[best]->len &&
            encoding_accepted(accept_encoding, asset_coding_name((enum asset_coding)i)))
            best = (enum asset_coding)i;
    return best;
}
