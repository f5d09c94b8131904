/* What a request's head says, copied out of libwebsockets within our limits. Loop's thread. */
#ifndef AMPHI_NET_HEAD_H
#define AMPHI_NET_HEAD_H

#include "http/path.h"
#include "http/server.h"
#include "net/internal.h"

struct head {
    char path[PATH_MAX_BYTES + 1];
    char host[256], content_type[128], accept_language[256], accept_encoding[256],
        if_none_match[512];
    char idempotency_key[128], origin[256], x_amphi[8], cookie[8192];
    char person[ID_TEXT_SIZE];
    char arg_text[8192];
    const char *args[HTTP_MAX_ARGS];
    size_t arg_count;
};

/* Everything but the path. False: too long, too much, or a NUL inside. */
bool head_read(struct lws *wsi, struct head *h);
const char *head_method(int method); /* of LWSHUMETH_…; NULL: one we do not know */

#endif
