#include "features/stage/stage_routes.h"

/* The page takes the time until it is answered; nothing of the body is kept. */
void post_upload_check(struct http_exchange *x)
{
    http_reply_json(x, 200, json_pack("{s:I}", "bytes", (json_int_t)x->body_len));
}
