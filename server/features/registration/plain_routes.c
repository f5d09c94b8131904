#include "base/app.h"
#include "features/registration/plain_pages.h"
#include "features/registration/registration_routes.h"
#include "jobs/jobs.h"
#include <string.h>

/* Chosen on the page, else the reader's browser's. */
static const struct plain_words *words_of(struct http_exchange *x)
{
    const char *chosen = http_query(x, "lang");
    return plain_words(strcmp(chosen ? chosen : http_language(x), "fr") == 0);
}

static void reply_note(struct http_exchange *x, int status, const char *title, const char *text)
{
    struct buf out;
    buf_init(&out, PLAIN_PAGE_MAX);
    plain_note_page(&out, words_of(x), title, text);
    http_reply_page(x, status, &out);
}

/* --- the form --- */

/* What a form needs; references. */
struct shown {
    enum category category; /* CATEGORIES: it is to be chosen first */
    json_t *page, *codes, *questions;
};

static void shown_release(struct shown *s)
{
    json_decref(s->page);
    json_decref(s->codes);
    json_decref(s->questions);
}

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

/* That is typed or chosen, or the only one that is admitted. */
static enum category category_of(const json_t *page, const char *chosen)
{
    int only = CATEGORIES;
    for (int c = 0; c < CATEGORIES; c++) {
        if (!plain_admits(page, (enum category)c))
            continue;
        if (json_array_size(json_object_get(page, "categories")) == 1)
            only = c;
        if (strcmp(chosen, registration_categories[c]) == 0)
            return (enum category)c;
    }
    return (enum category)only;
}

static enum err load(struct http_exchange *x, const char *code, const json_t *typed,
                     struct shown *s)
{
    const char *language = words_of(x)->lang;
    struct registration_form f = {
        .profession = or_null(plain_value(typed, "profession")),
        .specialty = or_null(plain_value(typed, "specialty")),
        .practice_setting = or_null(plain_value(typed, "practice_setting")),
        .region = or_null(plain_value(typed, "region")),
        .age_band = or_null(plain_value(typed, "age_band")),
        .language = language,
    };
    const char *as = http_query(x, "as");
    enum err err = registration_page(x->db, code, &s->page);
    s->category = category_of(s->page, typed ? plain_value(typed, "category") : as ? as : "");
    f.category = s->category == CATEGORIES ? CATEGORY_HCP : s->category;
    if (err == ERR_OK)
        err = form_asked(x->db, code, &f, &s->questions);
    return err == ERR_OK ? form_codes(x->db, code, language, &s->codes) : err;
}

/* Why there is no form; NULL: there is one. */
static const char *shut(const struct plain_words *w, const json_t *page)
{
    const char *policy = json_string_value(json_object_get(page, "policy"));
    if (!json_is_true(json_object_get(page, "open")))
        return w->closed;
    if (policy && strcmp(policy, "invitation") == 0)
        return w->invited;
    return json_is_true(json_object_get(page, "full")) &&
                   !json_is_true(json_object_get(page, "waiting_list"))
               ? w->full
               : NULL;
}

static void reply_form(struct http_exchange *x, const char *code, const struct shown *s,
                       const json_t *typed, const char *field, const char *reason)
{
    const struct plain_words *w = words_of(x);
    struct buf out;
    const char *why = shut(w, s->page);
    if (why) {
        reply_note(x, 200, w->title, why);
        return;
    }
    buf_init(&out, PLAIN_PAGE_MAX);
    plain_form_page(&out, &(struct plain_form){.words = w,
                                               .code = code,
                                               .category = s->category,
                                               .page = s->page,
                                               .codes = s->codes,
                                               .questions = s->questions,
                                               .typed = typed,
                                               .field = field,
                                               .reason = reason});
    http_reply_page(x, field ? 422 : 200, &out);
}

void get_plain_form(struct http_exchange *x)
{
    struct shown s = {0};
    const char *code = registration_path_code(x);
    if (!code)
        return;
    enum err err = load(x, code, NULL, &s);
    if (err == ERR_OK)
        reply_form(x, code, &s, NULL, NULL, NULL);
    else
        http_problem_err(x, err);
    shown_release(&s);
}

static const char *refusal_text(const struct plain_words *w, enum registration_refusal refusal)
{
    switch (refusal) {
    case REGISTRATION_CLOSED:
        return w->closed;
    case REGISTRATION_FULL:
        return w->full;
    case REGISTRATION_NOT_ADMITTED:
        return w->not_admitted;
    case REGISTRATION_DECLINED:
        return w->declined;
    case REGISTRATION_PERSON:
        return w->person;
    case REGISTRATION_PROVIDER:
    case REGISTRATION_FORM:
    case REGISTRATION_OK:
        break;
    }
    return NULL;
}

static void send_form(struct http_exchange *x, const char *code, const struct shown *s,
                      const json_t *typed)
{
    const struct plain_words *w = words_of(x);
    struct registration_form form;
    struct request_result result = {0};
    const char *field = NULL, *reason = NULL;
    if (s->category == CATEGORIES) {
        reply_form(x, code, s, typed, "category", "missing");
        return;
    }
    json_t *body = plain_body(typed, s->page, s->questions, w->lang, s->category);
    enum err err = ERR_OK;
    if (registration_read_form(x->app, body, &form, &field, &reason))
        err = registration_request(x->db, code, &form, &(struct request_proof){0}, x->app->base_url,
                                   clock_now_us(x->clock), &result);
    if (result.refusal == REGISTRATION_FORM) {
        field = result.field;
        reason = result.reason;
    }
    registration_wake_mail(x);
    if (err != ERR_OK)
        reply_note(x, err_status(err), w->title, w->failed);
    else if (field)
        reply_form(x, code, s, typed, field, reason);
    else if (result.refusal != REGISTRATION_OK)
        reply_note(x, 409, w->title, refusal_text(w, result.refusal));
    else
        reply_note(x, 202, w->sent_title, w->sent);
    json_decref(body);
}

/* What was posted; NULL after having replied. */
static json_t *read_posted(struct http_exchange *x)
{
    json_t *typed = http_is_type(x, "application/x-www-form-urlencoded")
                        ? plain_read(x->body, x->body_len)
                        : NULL;
    if (!typed)
        reply_note(x, 400, words_of(x)->title, words_of(x)->failed);
    return typed;
}

void post_plain_form(struct http_exchange *x)
{
    struct shown s = {0};
    const char *code = registration_path_code(x);
    json_t *typed = code ? read_posted(x) : NULL;
    if (!typed)
        return;
    enum err err = load(x, code, typed, &s);
    if (err == ERR_OK)
        send_form(x, code, &s, typed);
    else
        http_problem_err(x, err);
    shown_release(&s);
    json_decref(typed);
}

/* --- the link of the mail --- */

static void reply_join(struct http_exchange *x, int status, const char *fault)
{
    struct buf out;
    buf_init(&out, PLAIN_PAGE_MAX);
    plain_join_page(&out, words_of(x), fault);
    http_reply_page(x, status, &out);
}

void get_plain_join(struct http_exchange *x)
{
    reply_join(x, 200, NULL);
}

static bool vouch_for(void *x, const struct id *holder)
{
    return http_vouch(x, holder);
}

static void reply_joined(struct http_exchange *x, const struct join_result *result)
{
    const struct plain_words *w = words_of(x);
    const char *refused = refusal_text(w, result->refusal);
    if (!refused) {
        registration_changed(x, &result->touched, false);
        registration_wake_mail(x);
    }
    json_decref(result->mine);
    reply_note(x, refused ? 409 : 200, w->join_title,
               refused                 ? refused
               : result->in_review     ? w->in_review
               : result->waiting_place ? w->waiting
                                       : w->confirmed);
}

/* Nobody is signed in here: a page of another site may have posted it. */
static void join(struct http_exchange *x, const uint8_t link[static TOKEN_HASH_SIZE])
{
    uint8_t hash[TOKEN_HASH_SIZE];
    char token[TOKEN_TEXT_SIZE];
    struct join_wish wish = {.base_url = x->app->base_url,
                             .at = clock_now_us(x->clock),
                             .vouch = vouch_for,
                             .voucher = x};
    struct join_result result;
    struct change change;
    token_new(token, hash);
    change_init(&change, x->app, NULL, wish.at);
    enum err err = registration_join(x->db, &change, link, hash, &wish, &result);
    if (err == ERR_RATE)
        return; /* http_vouch() has replied */
    if (err == ERR_NOT_FOUND)
        reply_join(x, 410, words_of(x)->expired);
    else if (err == ERR_CONFLICT)
        reply_note(x, 410, words_of(x)->join_title, words_of(x)->cancelled);
    else if (err != ERR_OK)
        reply_note(x, err_status(err), words_of(x)->join_title, words_of(x)->failed);
    else
        reply_joined(x, &result);
}

void post_plain_join(struct http_exchange *x)
{
    uint8_t link[TOKEN_HASH_SIZE];
    char token[TOKEN_TEXT_SIZE] = "";
    json_t *typed = read_posted(x);
    if (!typed)
        return;
    const char *text = plain_value(typed, "link"), *mark = strchr(text, '#');
    text = mark ? mark + 1 : text;
    size_t n = strcspn(text, " \t\n");
    if (n < sizeof token)
        memcpy(token, text, n);
    json_decref(typed);
    if (token_hash(token, link))
        join(x, link);
    else
        reply_join(x, 422, words_of(x)->expired);
}
