/* What whoever holds a link of an invitation may do, without a sign-in. */
#include "base/app.h"
#include "base/json.h"
#include "features/invitations/invitations_routes.h"
#include "features/invitations/invitations_store.h"
#include <stdio.h>
#include <string.h>

#define TOKEN_CHARS_MAX 200 /* longer than any token: a longer text is refused as a fault */
#define LOCATION_SIZE   600

static void reply_unknown(struct http_exchange *x, enum err err)
{
    if (err == ERR_NOT_FOUND)
        http_problem(x, 410, "link.expired", "This link is not valid any more.");
    else
        http_problem_err(x, err);
}

/* Many people of one hospital follow their links at once: good ones are limited by whose they are,
 * guesses by address. */
static bool vouch(struct http_exchange *x, enum invitation_link kind,
                  const uint8_t hash[static TOKEN_HASH_SIZE])
{
    struct id holder;
    enum err err = invitation_holder(x->db, kind, hash, &holder);
    if (err == ERR_OK)
        return http_vouch(x, &holder);
    reply_unknown(x, err);
    return false;
}

static bool read_token(struct http_exchange *x, enum invitation_link kind, struct json_reader *r,
                       uint8_t hash[static TOKEN_HASH_SIZE])
{
    const char *text = json_read_string(r, "token", 1, TOKEN_CHARS_MAX);
    if (!json_reader_end(r)) {
        http_problem_field(x, r->field, r->reason);
        return false;
    }
    if (!token_hash(text, hash)) {
        reply_unknown(x, ERR_NOT_FOUND);
        return false;
    }
    return vouch(x, kind, hash);
}

/* The hash of the body's only field; false after having replied. */
static bool read_only_token(struct http_exchange *x, enum invitation_link kind,
                            uint8_t hash[static TOKEN_HASH_SIZE])
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    return read_token(x, kind, &r, hash);
}

static void reply(struct http_exchange *x, enum err err, json_t *answer)
{
    if (err == ERR_OK)
        http_reply_json(x, 200, answer);
    else
        reply_unknown(x, err);
}

void post_invitation_open(struct http_exchange *x)
{
    uint8_t hash[TOKEN_HASH_SIZE];
    json_t *answer = NULL;
    if (!read_only_token(x, LINK_PERSONAL, hash))
        return;
    enum err err = invitation_open(x->db, hash, clock_now_us(x->clock), &answer);
    reply(x, err, answer);
}

void post_invitation_decline(struct http_exchange *x)
{
    uint8_t hash[TOKEN_HASH_SIZE];
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    bool declines = json_read_bool(&r, "declines");
    if (!read_token(x, LINK_PERSONAL, &r, hash))
        return;
    enum err err = invitation_decline(x->db, hash, declines, clock_now_us(x->clock));
    if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        reply_unknown(x, err);
}

void post_opt_out_preview(struct http_exchange *x)
{
    uint8_t hash[TOKEN_HASH_SIZE];
    json_t *answer = NULL;
    if (!read_only_token(x, LINK_OPT_OUT, hash))
        return;
    enum err err = invitation_opt_out_read(x->db, hash, &answer);
    reply(x, err, answer);
}

static void set(struct http_exchange *x, bool out)
{
    uint8_t hash[TOKEN_HASH_SIZE];
    json_t *answer = NULL;
    if (!read_only_token(x, LINK_OPT_OUT, hash))
        return;
    enum err err = invitation_opt_out(x->db, hash, out, clock_now_us(x->clock), &answer);
    reply(x, err, answer);
}

void post_opt_out(struct http_exchange *x)
{
    set(x, true);
}

void post_opt_out_undo(struct http_exchange *x)
{
    set(x, false);
}

/* RFC 8058: a mail program posts this to the header's URL, as a form of one field. */
void post_one_click(struct http_exchange *x)
{
    uint8_t hash[TOKEN_HASH_SIZE];
    json_t *answer = NULL;
    const char *token = http_path_text(x, "token");
    if (!x->body || !strstr(x->body, "List-Unsubscribe")) {
        http_problem_field(x, "List-Unsubscribe", "missing");
        return;
    }
    if (!token || !token_hash(token, hash)) {
        reply_unknown(x, ERR_NOT_FOUND);
        return;
    }
    if (!vouch(x, LINK_OPT_OUT, hash))
        return;
    enum err err = invitation_opt_out(x->db, hash, true, clock_now_us(x->clock), &answer);
    json_decref(answer);
    if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        reply_unknown(x, err);
}

/* Whoever opens that URL in a browser decides on a page: nothing is done by looking. */
void get_one_click(struct http_exchange *x)
{
    char location[LOCATION_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    const char *token = http_path_text(x, "token");
    if (!token || !token_hash(token, hash) ||
        snprintf(location, sizeof location, "%s/unsubscribe#%s", x->app->base_url, token) >=
            (int)sizeof location) {
        reply_unknown(x, ERR_NOT_FOUND);
        return;
    }
    http_header(x, "Location", location);
    http_reply_empty(x, 303);
}
