#include "features/representatives/representatives_routes.h"
#include "base/address.h"
#include "base/app.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "features/representatives/representatives_store.h"
#include "http/cursor.h"
#include "mail/mail.h"

#define NAME_CHARS      100
#define TOKEN_CHARS_MAX 200 /* longer than any token: a longer text is refused as a fault */

static const char *const languages[] = {"fr", "en", NULL};

void get_representatives(struct http_exchange *x)
{
    json_t *items = NULL;
    enum err err = representatives_list(x->db, &x->who, &x->place.congress, &items);
    if (err == ERR_OK)
        cursor_reply(x, items, NULL);
    else
        http_problem_err(x, err);
}

void post_representative(struct http_exchange *x)
{
    json_t *body = http_body_json(x), *added = NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    char email[ADDRESS_SIZE];
    struct representative_new wanted = {.base_url = x->app->base_url, .email = email};
    wanted.name = read_line(&r, "name", 1, NAME_CHARS);
    read_address(&r, "email", email);
    int language = json_read_word(&r, "language", languages);
    wanted.label = read_line(&r, "label", 0, NAME_CHARS);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    wanted.language = languages[language];
    if (!*wanted.label)
        wanted.label = wanted.name;
    enum err err = representatives_add(x->db, &x->who, &x->place.congress, &wanted,
                                       clock_now_us(x->clock), &added);
    if (err == ERR_OK) {
        mail_sender_wake(x->app->mail);
        http_reply_json(x, 201, added);
    } else if (err == ERR_CONFLICT) {
        http_problem(x, 409, "link.exists", "There is a link for this channel and label already.");
    } else if (err == ERR_TOO_LARGE) {
        http_problem(x, 409, "congress.full", "This congress holds as many of these as it can.");
    } else {
        http_problem_err(x, err);
    }
}

void post_representative_send(struct http_exchange *x)
{
    struct id link;
    if (!http_path_id(x, "link", &link))
        return;
    enum err err =
        representatives_send(x->db, &x->who, &link, x->app->base_url, clock_now_us(x->clock));
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    mail_sender_wake(x->app->mail);
    http_reply_empty(x, 204);
}

void delete_representative(struct http_exchange *x)
{
    struct id link;
    if (!http_path_id(x, "link", &link))
        return;
    enum err err = representatives_end(x->db, &x->who, &link, clock_now_us(x->clock));
    if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        http_problem_err(x, err);
}

/* A secret that is good is limited by whose it is, guesses by address. False after having replied.
 */
static bool find_secret(struct http_exchange *x, const char *token, struct id *link,
                        struct id *organisation)
{
    uint8_t hash[TOKEN_HASH_SIZE];
    enum err err = token_hash(token, hash)
                       ? representatives_of_secret(x->db, hash, link, organisation)
                       : ERR_NOT_FOUND;
    if (err == ERR_OK)
        return http_vouch(x, link);
    if (err == ERR_NOT_FOUND)
        http_problem(x, 410, "link.expired",
                     "This link is not valid any more. Please ask for a new one.");
    else
        http_problem_err(x, err);
    return false;
}

void post_representative_page(struct http_exchange *x)
{
    json_t *body = http_body_json(x), *page = NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *token = json_read_string(&r, "token", 1, TOKEN_CHARS_MAX);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct id link, organisation;
    if (!find_secret(x, token, &link, &organisation))
        return;
    enum err err = representatives_page(x->db, &link, &organisation, x->app->base_url,
                                        clock_now_us(x->clock), &page);
    if (err == ERR_OK)
        http_reply_json(x, 200, page);
    else
        http_problem_err(x, err);
}
