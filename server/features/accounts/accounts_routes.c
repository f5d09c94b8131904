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

const char *read_person_name(struct json_reader *r)
{
    const char *name = json_read_string(r, "name", 1, 200);
    if (name && !person_name_valid(name))
        json_reader_fault(r, "name", "not a name");
    return name;
}

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

/* The address of a form in its normal form; false after having replied. */
static bool read_address(struct http_exchange *x, const char *typed, char out[static ADDRESS_SIZE])
{
    if (address_normal(typed, out))
        return true;
    http_problem_field(x, "email", "not an e-mail address");
    return false;
}

static void reply_me(struct http_exchange *x, const struct identity *who)
{
    json_t *me = NULL;
    enum err err = accounts_me(x->db, who, clock_now_us(x->clock), &me);
    if (err == ERR_OK)
        http_reply_json(x, 200, json_pack("{s:o}", "me", me));
    else
        http_problem_err(x, err);
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
    const char *typed = json_read_string(&r, "email", 1, ADDRESS_SIZE - 1);
    out->password = json_read_string(&r, "password", 1, PASSWORD_MAX_BYTES);
    if (out->password && strlen(out->password) > PASSWORD_MAX_BYTES)
        json_reader_fault(&r, "password", "too long");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return false;
    }
    return read_address(x, typed, out->email);
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
    struct identity who = {0};
    if (err == ERR_OK) {
        const struct account_login *login = match(logins, n, typed.password);
        token_new(token, hash);
        err = login ? accounts_sign_in(x->db, &login->account, "password", hash,
                                       clock_now_us(x->clock), &who)
                    : ERR_NOT_FOUND;
    }
    if (err == ERR_NOT_FOUND) {
        http_problem(x, 401, "auth.failed", "The address or the password is not right.");
        return;
    }
    guard_give_back(x, &guard); /* right, or nobody knows */
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    http_set_token(x, token, STAFF_SIGN_IN_S);
    guard_know_device(x, typed.email);
    reply_me(x, &who);
}

static void ask_link(struct http_exchange *x, enum link_purpose purpose)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *typed = json_read_string(&r, "email", 1, ADDRESS_SIZE - 1);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    char email[ADDRESS_SIZE];
    if (!read_address(x, typed, email))
        return;
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

static void reply_signed_in_by_link(struct http_exchange *x, const struct identity *who,
                                    enum link_purpose purpose)
{
    json_t *me = NULL;
    enum err err = accounts_me(x->db, who, clock_now_us(x->clock), &me);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    guard_know_device(x,
                      json_string_value(json_object_get(json_object_get(me, "account"), "email")));
    http_reply_json(x, 200,
                    json_pack("{s:o,s:s}", "me", me, "purpose", link_purpose_word(purpose)));
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
    struct identity who;
    enum link_purpose purpose;
    token_new(token, hash);
    enum err err = ERR_NOT_FOUND;
    if (token_hash(text, link))
        err = accounts_use_link(x->db, link, hash, clock_now_us(x->clock), &purpose, &who);
    if (err == ERR_CONFLICT) {
        http_problem(x, 410, "link.used", "This link was used already. Please ask for a new one.");
    } else if (err == ERR_NOT_FOUND) {
        http_problem(x, 410, "link.expired",
                     "This link is not valid any more. Please ask for a new one.");
    } else if (err != ERR_OK) {
        http_problem_err(x, err);
    } else {
        http_set_token(x, token, STAFF_SIGN_IN_S);
        reply_signed_in_by_link(x, &who, purpose);
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
    http_set_token(x, NULL, 0);
    /* Not "cookies": the browser stays one that signed in here before. */
    http_header(x, "Clear-Site-Data", "\"cache\", \"storage\"");
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
    const char *name = json_read_has(&r, "name") ? read_person_name(&r) : NULL;
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
    else
        return true;
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
    struct id ended[SIGN_INS_ENDED];
    int n = 0;
    enum err err = password_hash(password, own.beside[0] ? own.beside : NULL, hash);
    if (err == ERR_OK)
        err = accounts_set_password(
            x->db, &x->who, &(struct account_password){.hash = hash, .base_url = x->app->base_url},
            clock_now_us(x->clock), ended, &n);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    for (int i = 0; i < n; i++)
        accounts_revoked(x, &x->who.person, &ended[i]);
    if (x->app->mail)
        mail_sender_wake(x->app->mail);
    http_reply_empty(x, 204);
}
