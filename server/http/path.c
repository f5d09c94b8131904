#include "http/path.h"
#include "base/json.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool segment_valid(const char *s, size_t len, bool last)
{
    if (len == 0)
        return last;
    return !(len == 1 && s[0] == '.') && !(len == 2 && s[0] == '.' && s[1] == '.');
}

bool path_valid(const char *path, size_t len)
{
    if (len == 0 || len > PATH_MAX_BYTES || path[0] != '/' || !utf8_valid(path, len))
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)path[i];
        if (c < 0x20 || c == 0x7f || c == '\\')
            return false;
    }
    const char *end = path + len;
    for (const char *at = path + 1; at <= end;) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        if (!segment_valid(at, (size_t)((slash ? slash : end) - at), !slash))
            return false;
        if (!slash)
            break;
        at = slash + 1;
    }
    return true;
}

bool path_has_extension(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strchr(slash ? slash : path, '.') != NULL;
}

bool decimal_parse(const char *text, size_t len, uint64_t *out)
{
    if (len == 0 || len > 18)
        return false;
    uint64_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        n = n * 10 + (uint64_t)(text[i] - '0');
    }
    *out = n;
    return true;
}

bool etag_matches(const char *if_none_match, const char *etag)
{
    size_t etag_len = strlen(etag);
    const char *at = if_none_match;
    while (etag_len && *at) {
        at += strspn(at, " \t,");
        if (strncmp(at, "W/", 2) == 0)
            at += 2;
        if (*at == '*' && strcspn(at, ",") >= 1)
            return true;
        const char *end = *at == '"' ? strchr(at + 1, '"') : NULL;
        if (!end)
            return false;
        if ((size_t)(end - at + 1) == etag_len && memcmp(at, etag, etag_len) == 0)
            return true;
        at = end + 1;
    }
    return false;
}

bool encoding_accepted(const char *accept_encoding, const char *coding)
{
    size_t coding_len = strlen(coding);
    for (const char *at = accept_encoding; *at;) {
        at += strspn(at, " \t,");
        size_t len = strcspn(at, ",");
        size_t name_len = strcspn(at, " \t;,");
        if (name_len == coding_len && strncasecmp(at, coding, coding_len) == 0) {
            const char *q = memmem(at, len, "q=", 2);
            return !q || strtod(q + 2, NULL) > 0;
        }
        at += len;
    }
    return false;
}
