#include "base/url.h"
#include <string.h>

void url_escape(struct buf *out, const char *text, const char *kept)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        if (letter || (*at >= '0' && *at <= '9') || strchr(kept, *at))
            buf_add(out, at, 1);
        else
            buf_addf(out, "%%%02X", *at);
    }
}

bool url_host_is_here(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);
        if (!strncasecmp(host, names[i], len) && strchr(":/?#", host[len]))
            return true; /* also at the end of the text */
    }
    return false;
}
