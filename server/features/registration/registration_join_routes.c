/* What a mailed link opens, shows and cancels. */
#include "base/app.h"
#include "base/json.h"
#include "features/registration/registration_routes.h"
#include <string.h>

#define TOKEN_CHARS_MAX 200 /* longer than any token: a longer text is refused as a fault */

static void reply_expired(struct http_exchange *x)
{
    http_problem(x, 410, "link.expired",
                 "This link is not valid any more. Please ask for a new one.");
}

/* Many people of one hospital open their links at once: good ones are limited by who they are of,
 * guesses by address. */
static bool vouch(struct http_exchange *x, const uint8_t link[static TOKEN_HASH_SIZE])
{
    struct id holder;
    enum err err = registration_link_holder(x->db, link, clock_now_us(x->clock), &holder);
    if (err == ERR_OK)
        return http_vouch(x, &holder);
    if (err == ERR_NOT_FOUND)
        reply_expired(x);
    else
        http_problem_err(x, err);
    return false;
}

/* The hash of the token that was read; false after having replied. */
static bool check_token(struct http_exchange *x, struct json_reader *r, const char *text,
                        uint8_t hash[static TOKEN_HASH_SIZE])
{
    if (!json_reader_end(r)) {
        http_problem_field(x, r->field, r->reason);
        return false;
    }
    if (token_hash(text, hash))
        return true;
    reply_expired(x);
    return false;
}

/* The hash of the body's token, which is somebody's; false after having replied. */
static bool read_token(struct http_exchange *x, uint8_t hash[static TOKEN_HASH_SIZE])
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    return check_token(x, &r, json_read_string(&r, "token", 1, TOKEN_CHARS_MAX), hash) &&
           vouch(x, hash);
}

void post_join_preview(struct http_exchange *x)
{
    uint8_t link[TOKEN_HASH_SIZE];
    json_t *preview = NULL;
    if (!read_token(x, link))
        return;
    enum err err = registration_preview(x->db, link, clock_now_us(x->clock), &preview);
    if (err == ERR_NOT_FOUND || (err == ERR_OK && !preview))
        reply_expired(x);
    else if (err != ERR_OK)
        http_problem_err(x, err);
    else
        http_reply_json(x, 200, preview);
}

/* "person": absent, the id of somebody known at the address, or "new". False after having replied.
 */
static bool read_join(struct http_exchange *x, uint8_t link[static TOKEN_HASH_SIZE],
                      struct join_wish *wish, struct id *person)
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    const char *text = json_read_string(&r, "token", 1, TOKEN_CHARS_MAX);
    const char *who = json_read_optional_string(&r, "person", ID_TEXT_SIZE);
    wish->somebody_else = who && strcmp(who, "new") == 0;
    if (who && !wish->somebody_else && !id_parse(who, person))
        json_reader_fault(&r, "person", "neither an id nor \"new\"");
    wish->person = who && !wish->somebody_else ? person : NULL;
    return check_token(x, &r, text, link);
}

static void reply_joined(struct http_exchange *x, const struct join_result *result,
                         const char *token, int64_t now)
{
    registration_changed(x, &result->touched, false);
    registration_wake_mail(x);
    if (result->in_review) {
        http_reply_json(x, 202, json_pack("{s:s}", "state", "in_review"));
        return;
    }
    if (result->waiting_place) {
        http_reply_json(x, 202,
                        json_pack("{s:I}", "waiting_place", (json_int_t)result->waiting_place));
        return;
    }
    http_set_sign_in(x, SIDE_HCP, token, (int)((result->expires_at - now) / US_PER_S));
    http_reply_json(x, 200, json_pack("{s:o}", "registration", result->mine));
}

static bool vouch_for(void *x, const struct id *holder)
{
    return http_vouch(x, holder);
}

void post_join(struct http_exchange *x)
{
    uint8_t link[TOKEN_HASH_SIZE], hash[TOKEN_HASH_SIZE];
    char token[TOKEN_TEXT_SIZE];
    struct id person;
    struct join_wish wish = {.base_url = x->app->base_url,
                             .at = clock_now_us(x->clock),
                             .vouch = vouch_for,
                             .voucher = x};
    if (!read_join(x, link, &wish, &person))
        return;
    token_new(token, hash);
    struct join_result result;
    struct change change;
    change_init(&change, x->app, NULL, wish.at);
    enum err err = registration_join(x->db, &change, link, hash, &wish, &result);
    if (err == ERR_RATE)
        return; /* http_vouch() has replied */
    if (err == ERR_NOT_FOUND)
        reply_expired(x);
    else if (err == ERR_CONFLICT)
        http_problem(x, 410, "registration.cancelled", "This registration was cancelled.");
    else if (err != ERR_OK)
        http_problem_err(x, err);
    else if (registration_not_refused(x, result.refusal))
        reply_joined(x, &result, token, wish.at);
}

void post_join_cancel(struct http_exchange *x)
{
    uint8_t link[TOKEN_HASH_SIZE];
    if (!read_token(x, link))
        return;
    struct registration_touched touched;
    enum err err = registration_cancel_by_link(x->db, link, x->app->base_url,
                                               clock_now_us(x->clock), &touched);
    if (err == ERR_NOT_FOUND) {
        reply_expired(x);
        return;
    }
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    registration_left(x, &touched);
    http_reply_empty(x, 204);
}
