#include "http/cookie.h"
#include <string.h>

const char *const sign_in_cookies[SIDES] = {HTTP_COOKIE, HTTP_COOKIE_HCP};

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static void trim(const char **from, const char **to)
{
    while (*from < *to && is_space(**from))
        (*from)++;
    while (*to > *from && is_space((*to)[-1]))
        (*to)--;
}

static enum err copy_value(const char *from, const char *to, char *out, size_t size)
{
    if (to - from >= 2 && *from == '"' && to[-1] == '"') {
        from++;
        to--;
    }
    size_t len = (size_t)(to - from);
    if (len >= size)
        return ERR_TOO_LARGE;
    memcpy(out, from, len);
    out[len] = '\0';
    return ERR_OK;
}

enum err cookie_find(const char *header, const char *name, char *out, size_t size)
{
    size_t name_len = strlen(name);
    enum err err = ERR_NOT_FOUND;
    for (const char *at = header; at && *at;) {
        const char *end = strchr(at, ';');
        const char *next = end ? end + 1 : NULL;
        if (!end)
            end = at + strlen(at);
        const char *equals = memchr(at, '=', (size_t)(end - at));
        if (equals) {
            const char *from = at, *to = equals;
            trim(&from, &to);
            if ((size_t)(to - from) == name_len && memcmp(from, name, name_len) == 0) {
                if (err != ERR_NOT_FOUND)
                    return ERR_INVALID;
                from = equals + 1;
                to = end;
                trim(&from, &to);
                err = copy_value(from, to, out, size);
            }
        }
        at = next;
    }
    return err;
}

bool cookie_sign_ins(const char *header,
                     bool (*token_hash)(const char *text, uint8_t hash[TOKEN_HASH_SIZE]),
                     struct sign_ins *out)
{
    char text[128];
    bool once = true;
    for (int side = 0; side < SIDES; side++) {
        enum err err = cookie_find(header, sign_in_cookies[side], text, sizeof text);
        out->held[side] = err == ERR_OK && token_hash(text, out->token[side]);
        once &= err != ERR_INVALID;
    }
    explicit_bzero(text, sizeof text);
    return once;
}
