/* The texts of an organisation: kept, seen as in a mail, and mailed to whoever writes them. */
#include "base/app.h"
#include "base/json.h"
#include "db/query.h"
#include "features/mails/mails_routes.h"
#include "features/mails/mails_store.h"
#include "mail/mail.h"
#include "room/feature.h"
#include <stdio.h>
#include <string.h>

static const char *const languages[] = {"fr", "en", NULL};

/* What somebody wrote. False after having replied. */
static bool check_placeholders(struct http_exchange *x, enum mail_kind kind, const char *text)
{
    const char *at;
    size_t len;
    char reason[64];
    if (words_check(kind, text, &at, &len))
        return true;
    snprintf(reason, sizeof reason, "%.*s", (int)(len < 60 ? len : 60), at);
    http_problem_reason(x, 422, "mail.placeholder",
                        "The text names something that this mail does not have.",
                        utf8_valid(reason, strlen(reason)) ? reason : "{…}");
    return false;
}

static void read_words(struct json_reader *r, struct mail_words *out)
{
    const char *subject = json_read_string(r, "subject", 1, MAIL_SUBJECT_MAX);
    const char *body = json_read_string(r, "body", 1, MAIL_BODY_MAX);
    if (subject && strchr(subject, '\n'))
        json_reader_fault(r, "subject", "more than one line");
    if (body && !body[strspn(body, " \n\t")])
        json_reader_fault(r, "body", "missing");
    snprintf(out->subject, sizeof out->subject, "%s", subject ? subject : "");
    snprintf(out->body, sizeof out->body, "%s", body ? body : "");
    out->own = true;
}

static void reply_texts(struct http_exchange *x, enum err err)
{
    json_t *texts = NULL;
    if (err == ERR_OK)
        err = mail_texts(x->db, &x->who.organisation, &texts);
    if (err == ERR_OK)
        http_reply_json(x, 200, json_pack("{s:o}", "texts", texts));
    else
        http_problem_err(x, err);
}

/* A text for a kind of mail and a language, as it comes. */
struct written {
    int kind, language;
    struct mail_words words;
};

/* False after having replied. */
static bool read_written(struct http_exchange *x, struct written *out)
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    out->kind = json_read_word(&r, "kind", mail_kind_names);
    out->language = json_read_word(&r, "language", languages);
    read_words(&r, &out->words);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return false;
    }
    return check_placeholders(x, (enum mail_kind)out->kind, out->words.subject) &&
           check_placeholders(x, (enum mail_kind)out->kind, out->words.body);
}

void put_mail_text(struct http_exchange *x)
{
    struct written w;
    if (read_written(x, &w))
        reply_texts(x, mail_text_set(x->db, &x->who, (enum mail_kind)w.kind, languages[w.language],
                                     &w.words, clock_now_us(x->clock)));
}

void post_mail_text_reset(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    int kind = json_read_word(&r, "kind", mail_kind_names);
    int language = json_read_word(&r, "language", languages);
    if (json_reader_end(&r))
        reply_texts(x, mail_text_set(x->db, &x->who, (enum mail_kind)kind, languages[language],
                                     NULL, clock_now_us(x->clock)));
    else
        http_problem_field(x, r.field, r.reason);
}

/* --- as a mail --- */

struct example {
    enum mail_kind kind;
    struct mail_sample sample;
    struct mail_words words;
    struct letter letter;
    char subject[SUBJECT_SIZE], url[512];
    struct db_result *from;
};

static void write_letter(const struct app *app, struct example *e)
{
    for (const struct feature *const *f = app->features; *f; f++)
        for (const struct mail_sampler *m = (*f)->mails; m && m->kind != MAIL_KINDS; m++)
            if (m->kind == e->kind)
                m->write(&e->letter, e->kind, &e->sample, &e->words);
}

static void write_subject(struct example *e, bool test)
{
    bool fr = strcmp(e->sample.language, "fr") == 0;
    char date[DATE_TEXT_SIZE], subject[SUBJECT_SIZE];
    struct mail_values values = {.of = {[HOLD_FIRST_NAME] = e->sample.first_name,
                                        [HOLD_LAST_NAME] = e->sample.last_name,
                                        [HOLD_CONGRESS] = e->sample.congress_title,
                                        [HOLD_ORGANISATION] = e->sample.organisation_name,
                                        [HOLD_CONTACT] = e->sample.contact_email,
                                        [HOLD_SESSION] = e->sample.session_title,
                                        [HOLD_WHEN] = fr ? "dans une heure" : "in an hour"}};
    values.of[HOLD_DATE] =
        date_text(date, e->sample.local_start, e->sample.language, e->sample.time_zone);
    words_subject(&e->words, &values, subject);
    snprintf(e->subject, sizeof e->subject, "%s%.1000s", test ? "[Test] " : "", subject);
}

/* False after having replied; else example_release(). */
static bool read_example(struct http_exchange *x, struct example *e, bool test)
{
    struct written w;
    if (!read_written(x, &w))
        return false;
    e->kind = (enum mail_kind)w.kind;
    e->words = w.words;
    enum err err = mail_sample_load(x->db, &x->who, &x->place.congress, languages[w.language],
                                    clock_now_us(x->clock), &e->sample, &e->from);
    if (err != ERR_OK) {
        db_result_free(e->from);
        http_problem_err(x, err);
        return false;
    }
    snprintf(e->url, sizeof e->url, "%s/join", x->app->base_url);
    e->sample.url = e->url;
    write_subject(e, test);
    letter_init(&e->letter, e->sample.language, e->subject,
                &(struct letter_sender){e->sample.organisation_name, e->sample.accent});
    letter_keep_blocks(&e->letter);
    write_letter(x->app, e);
    return true;
}

static void example_release(struct example *e)
{
    letter_release(&e->letter);
    db_result_free(e->from);
}

void post_mail_preview(struct http_exchange *x)
{
    struct example e = {0};
    if (!read_example(x, &e, false))
        return;
    http_reply_json(x, 200,
                    json_pack("{s:s,s:s,s:s,s:O}", "subject", e.subject, "from",
                              e.sample.organisation_name, "accent", e.letter.accent, "blocks",
                              e.letter.blocks));
    example_release(&e);
}

void post_mail_test(struct http_exchange *x)
{
    struct example e = {0};
    if (!read_example(x, &e, true))
        return;
    enum err err = ERR_INTERNAL;
    if (letter_ok(&e.letter))
        err = mail_test_send(x->db, &x->who, e.subject, &e.letter, e.sample.language,
                             clock_now_us(x->clock));
    example_release(&e);
    if (err == ERR_OK && x->app->mail)
        mail_sender_wake(x->app->mail);
    if (err == ERR_OK)
        http_reply_empty(x, 202);
    else
        http_problem_err(x, err);
}
