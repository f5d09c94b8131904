#include "http.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void http_get(struct gen *g, struct conn *c, struct exchange *x, const char *path)
{
    char request[1024];
    x->head_len = x->left = 0;
    x->status = 0;
    int len = snprintf(request, sizeof request,
                       "GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: gzip, br\r\n%s%s%s\r\n",
                       path, g->target.host, c->cookie ? "Cookie: __Host-amphi=" : "",
                       c->cookie ? c->cookie : "", c->cookie ? "\r\n" : "");
    conn_write(g, c, request, (size_t)len);
}

static size_t content_length(const char *head)
{
    for (const char *line = head; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncasecmp(line, "content-length:", 15) == 0)
            return strtoul(line + 15, NULL, 10);
    }
    return 0;
}

bool http_received(struct exchange *x, const char *bytes, size_t len)
{
    if (!x->status) {
        size_t room = sizeof x->head - 1 - x->head_len, take = len < room ? len : room;
        size_t before = x->head_len;
        memcpy(x->head + before, bytes, take);
        x->head_len += take;
        x->head[x->head_len] = '\0';
        const char *end = strstr(x->head, "\r\n\r\n");
        if (!end || sscanf(x->head, "HTTP/1.1 %d", &x->status) != 1)
            return false;
        x->left = x->body = content_length(x->head);
        size_t used = (size_t)(end + 4 - x->head) - before;
        bytes += used;
        len -= used;
    }
    x->left -= len < x->left ? len : x->left;
    return x->left == 0;
}
