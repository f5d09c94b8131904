#include "features/accounts/accounts_routes.h"
#include "base/address.h"
#include "base/json.h"
#include "base/person_name.h"
#include "crypto/common.h"
#include "features/accounts/accounts_guard.h"
#include "features/accounts/accounts_store.h"
#include "jobs/jobs.h"
#include "mail/mail.h"
#include "room/tell.h"
#include <string.h>

void accounts_revoked(struct http_exchange *x, const struct id *person, const struct id *sign_in)
{
    char text[ID_TEXT_SIZE];
    id_text(sign_in ? sign_in : person, text);
    tell(x->app, scope_person(person), "revoked",
         json_pack("{s:s}", sign_in ? "sign_in" : "person", text));
}

void accounts_grants_changed(struct http_exchange *x, const struct id *person)
{
    char text[ID_TEXT_SIZE];
    tell(x->app, scope_person(person), "revoked",
         json_pack("{s:s,s:b}", "person", id_text(person, text), "again", 1));
}

struct deed accounts_deed(const struct http_exchange *x)
{
    return (struct deed){
        .secrets = x->app->secrets, .base_url = x->app->base_url, .now = clock_now_us(x->clock)};
}

void accounts_wake_mail(const struct http_exchange *x)
{
    if (x->app->mail)
        mail_sender_wake(x->app->mail);
}

struct credentials {
    char email[ADDRESS_SIZE];
    const char *password; /* borrowed from the body */
};

/* False after having replied. */
static bool read_credentials(struct http_exchange *x, struct credentials *out)
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    read_address(&r, "email", out->email);
    out->password = json_read_string(&r, "password", 1, PASSWORD_MAX_BYTES);
    if (out->password && strlen(out->password) > PASSWORD_MAX_BYTES)
        json_reader_fault(&r, "password", "too long");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return false;
    }
    return true;
}

/* Whoever tried too often hears of it before a worker spends a computation on them. */
bool gate_sign_in(struct http_exchange *x)
{
    struct credentials typed;
    if (!read_credentials(x, &typed))
        return false;
    struct guard guard = guard_of(x, GUARD_PASSWORD, typed.email);
    x->returning |= guard.device;
    return guard_allows(x, &guard);
}

/* Which account the password opens; NULL: none. One computation, whatever there is. */
static const struct account_login *match(const struct account_login *logins, int n,
                                         const char *password)
{
    const char *hashes[SIGN_IN_ACCOUNTS];
    for (int i = 0; i < n; i++)
        hashes[i] = logins[i].password_hash;
    int found = password_match(hashes, n, password);
    return found < 0 ? NULL : &logins[found];
}

void post_sign_in(struct http_exchange *x)
{
    struct credentials typed;
    struct account_login logins[SIGN_IN_ACCOUNTS];
    int n = 0;
    if (!read_credentials(x, &typed))
        return;
    struct guard guard = guard_of(x, GUARD_PASSWORD, typed.email);
    if (!guard_take(x, &guard))
        return;
    enum err err = accounts_logins(x->db, typed.email, logins, &n);
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    struct entrance entrance = {0};
    const struct account_login *login = NULL;
    if (err == ERR_OK) {
        login = match(logins, n, typed.password);
        token_new(token, hash);
        err = login ? accounts_sign_in(x->db, &login->account, "password", hash,
                                       clock_now_us(x->clock), &entrance)
                    : ERR_NOT_FOUND;
    }
    if (err == ERR_NOT_FOUND) {
        http_problem(x, 401, "auth.failed", "The address or the password is not right.");
        return;
    }
    guard_give_back(x, &guard); /* right, or nobody knows */
    if (err != ERR_OK)
        http_problem_err(x, err);
    else if (http_vouch(x, &login->account)) /* many of one office come from one address */
        accounts_reply_entrance(x, token, &entrance, NULL);
}

static void ask_link(struct http_exchange *x, enum link_purpose purpose)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    char email[ADDRESS_SIZE];
    read_address(&r, "email", email);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct guard guard = guard_of(x, GUARD_LINK, email);
    if (!guard_take(x, &guard))
        return;
    enum err err = accounts_ask_link(
        x->db, &(struct link_wish){.email = email, .purpose = purpose, .known = guard.device},
        clock_now_us(x->clock));
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    http_reply_json(x, 202, json_object());
    jobs_wake(x->app->jobs, &account_link_job);
}

/* On a worker for jobs. */
static enum job_result mail_links(struct job *job)
{
    enum err err = accounts_mail_links(job->db, &job->object, job->app->base_url,
                                       clock_now_us(job->app->clock));
    if (err == ERR_OK && job->app->mail)
        mail_sender_wake(job->app->mail);
    return err == ERR_OK ? JOB_DONE : JOB_FAILED;
}

/* Whoever asked asks again. */
static enum err give_up(struct job *job)
{
    return accounts_forget_wish(job->db, &job->object);
}

const struct job_kind account_link_job = {
    .name = "account.link", .pool = DB_JOB, .tries = 5, .run = mail_links, .give_up = give_up};

void post_sign_in_link(struct http_exchange *x)
{
    ask_link(x, LINK_SIGN_IN);
}

void post_password_link(struct http_exchange *x)
{
    ask_link(x, LINK_PASSWORD);
}

/* A browser that never signed in to the address is told to its owner. */
static enum err meet_browser(struct http_exchange *x, const struct identity *who, const char *email)
{
    struct deed deed = accounts_deed(x);
    if (guard_knows_device(x, email))
        return ERR_OK;
    enum err err = accounts_new_browser(x->db, &deed, who, x->address);
    if (err == ERR_OK)
        accounts_wake_mail(x);
    return err;
}

void accounts_reply_signed_in(struct http_exchange *x, const char *token,
                              const struct identity *who, const char *purpose, json_t *codes)
{
    json_t *me = NULL;
    enum err err = accounts_me(x->db, who, clock_now_us(x->clock), &me);
    const char *email = json_string_value(json_object_get(json_object_get(me, "account"), "email"));
    if (err == ERR_OK)
        err = meet_browser(x, who, email);
    if (err != ERR_OK) {
        json_decref(codes);
        json_decref(me);
        http_problem_err(x, err);
        return;
    }
    http_set_sign_in(x, SIDE_STAFF, token, STAFF_SIGN_IN_S);
    guard_know_device(x, email);
    json_t *body = json_pack("{s:o}", "me", me);
    if (purpose)
        json_object_set_new(body, "purpose", json_string(purpose));
    if (codes)
        json_object_set_new(body, "recovery_codes", codes);
    http_reply_json(x, 200, body);
}

void post_sign_in_token(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *text = json_read_string(&r, "token", 1, 200);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    uint8_t link[TOKEN_HASH_SIZE], hash[TOKEN_HASH_SIZE];
    char token[TOKEN_TEXT_SIZE];
    struct entrance entrance;
    enum link_purpose purpose;
    token_new(token, hash);
    enum err err = ERR_NOT_FOUND;
    if (token_hash(text, link))
        err = accounts_use_link(x->db, link, hash, clock_now_us(x->clock), &purpose, &entrance);
    if (err == ERR_CONFLICT) {
        http_problem(x, 410, "link.used", "This link was used already. Please ask for a new one.");
    } else if (err == ERR_NOT_FOUND) {
        http_problem(x, 410, "link.expired",
                     "This link is not valid any more. Please ask for a new one.");
    } else if (err != ERR_OK) {
        http_problem_err(x, err);
    } else if (http_vouch(x, NULL)) {
        accounts_reply_entrance(x, token, &entrance, link_purpose_word(purpose));
    }
}

void post_sign_out(struct http_exchange *x)
{
    enum err err = accounts_sign_out(x->db, &x->who, clock_now_us(x->clock));
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    accounts_revoked(x, &x->who.person, &x->who.sign_in);
    http_clear_sign_in(x);
    /* Not "cookies": the browser stays one that signed in here before. What it stores may be of
     * whoever else is signed in; a page forgets what is its own. */
    http_header(x, "Clear-Site-Data", x->beside ? "\"cache\"" : "\"cache\", \"storage\"");
    http_reply_empty(x, 204);
}

void get_sign_ins(struct http_exchange *x)
{
    json_t *items = NULL;
    enum err err = accounts_sign_ins(x->db, &x->who, clock_now_us(x->clock), &items);
    if (err == ERR_OK)
        cursor_reply(x, items, NULL);
    else
        http_problem_err(x, err);
}

void delete_sign_in(struct http_exchange *x)
{
    struct id sign_in;
    if (!http_path_id(x, "sign_in", &sign_in))
        return;
    enum err err = accounts_end_sign_in(x->db, &x->who, &sign_in, clock_now_us(x->clock));
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    accounts_revoked(x, &x->who.person, &sign_in);
    http_reply_empty(x, 204);
}

void get_me(struct http_exchange *x)
{
    json_t *me = NULL;
    enum err err = accounts_me(x->db, &x->who, clock_now_us(x->clock), &me);
    if (err == ERR_OK)
        http_reply_json(x, 200, me);
    else
        http_problem_err(x, err);
}

static const char *const languages[] = {"fr", "en", NULL};

void patch_me(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *name =
        json_read_has(&r, "name") ? read_person_name(&r, "name", PERSON_NAME_MAX) : NULL;
    int language = json_read_has(&r, "language") ? json_read_word(&r, "language", languages) : -1;
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err = accounts_change_me(
        x->db, &x->who, name, language < 0 ? NULL : languages[language], clock_now_us(x->clock));
    if (err == ERR_OK)
        get_me(x);
    else
        http_problem_err(x, err);
}

/* False after having replied: the present password is needed and was not given rightly. */
static bool may_set_password(struct http_exchange *x, const char *current, struct own_password *own)
{
    enum err err = accounts_password(x->db, &x->who, clock_now_us(x->clock), own);
    const char *hash = own->hash;
    if (err != ERR_OK)
        http_problem_err(x, err);
    else if (!own->free_to_set && !current)
        http_problem_field(x, "current", "missing");
    else if (!own->free_to_set && password_match(&hash, 1, current) < 0)
        http_problem_field(x, "current", "wrong");
    else /* whoever only found the page open sets no first password */
        return hash[0] || http_fresh(x);
    return false;
}

void put_password(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *password = json_read_string(&r, "password", PASSWORD_MIN_CHARS, PASSWORD_MAX_BYTES);
    const char *current = json_read_optional_string(&r, "current", PASSWORD_MAX_BYTES);
    if (password && strlen(password) > PASSWORD_MAX_BYTES)
        json_reader_fault(&r, "password", "too long");
    if (current && strlen(current) > PASSWORD_MAX_BYTES)
        json_reader_fault(&r, "current", "too long");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct own_password own;
    if (!may_set_password(x, current, &own))
        return;
    if (password_is_common(password, own.email)) {
        http_problem_field(x, "password", "common");
        return;
    }
    char hash[PASSWORD_HASH_SIZE];
    json_t *ended = NULL;
    enum err err = password_hash(password, own.beside[0] ? own.beside : NULL, hash);
    if (err == ERR_OK)
        err = accounts_set_password(
            x->db, &x->who, &(struct account_password){.hash = hash, .base_url = x->app->base_url},
            clock_now_us(x->clock), &ended);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    tell(x->app, scope_person(&x->who.person), "revoked", json_pack("{s:o}", "sign_in", ended));
    accounts_wake_mail(x);
    http_reply_empty(x, 204);
}
