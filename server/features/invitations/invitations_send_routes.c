/* What an organiser sees before a round is sent, and sending it. */
#include "base/app.h"
#include "base/text.h"
#include "features/invitations/invitations_mail.h"
#include "features/invitations/invitations_routes.h"
#include "features/invitations/invitations_store.h"
#include "mail/mail.h"

#define SEARCH_MAX 200

static const char *const languages[] = {"fr", "en", NULL};

static void reply_gone(struct http_exchange *x, enum err err)
{
    if (err == ERR_CONFLICT)
        (void)round_not_refused(x, ROUND_GONE);
    else if (err == ERR_INVALID)
        http_problem_field(x, "cursor", "not on the list any more");
    else
        http_problem_err(x, err);
}

void get_round_audience(struct http_exchange *x)
{
    struct id id;
    json_t *audience = NULL;
    if (!http_path_id(x, "round", &id))
        return;
    enum err err = round_audience(x->db, &x->who, &id, clock_now_us(x->clock), &audience);
    if (err == ERR_OK)
        http_reply_json(x, 200, audience);
    else
        reply_gone(x, err);
}

void get_left_out(struct http_exchange *x)
{
    static const char *const reasons[] = {"registered", "invited",   "no_address",
                                          "no_id",      "opted_out", "bounced",
                                          "twice",      "pressure",  NULL};
    struct id id;
    struct cursor after;
    struct left_out_wanted wanted = {
        .round = &id, .limit = http_query_limit(x), .now = clock_now_us(x->clock)};
    if (!http_path_id(x, "round", &id) || !cursor_read(x, CURSOR_OLDEST, &after) ||
        !http_query_word(x, "reason", reasons, &wanted.reason) ||
        !http_query_text(x, "q", SEARCH_MAX, &wanted.search))
        return;
    if (http_query(x, "cursor"))
        wanted.after = &after.id;
    struct people_page page;
    enum err err = round_left_out(x->db, &x->who, &wanted, &page);
    struct cursor last = {.id = page.last};
    if (err == ERR_OK) {
        cursor_reply(x, page.items, page.more ? &last : NULL);
        return;
    }
    json_decref(page.items);
    reply_gone(x, err);
}

/* Nobody: whoever looks at a preview need not read of a person. */
static struct invited sample_of(const char *language)
{
    return (struct invited){.first_name = "Camille", .last_name = "Martin", .language = language};
}

static enum err read_sample(struct http_exchange *x, const struct id *round,
                            struct invitation_round_mail *mail, struct invitation_links *links)
{
    json_t *known = NULL;
    *mail = (struct invitation_round_mail){0};
    enum err err = round_read(x->db, &x->who, round, &known);
    json_decref(known);
    if (err == ERR_OK)
        err = invitation_round_mail_read(x->db, round, mail);
    return err == ERR_OK ? invitation_links_sample(x->app->base_url, links) : err;
}

void get_round_preview(struct http_exchange *x)
{
    struct id id;
    const char *language;
    struct invitation_round_mail mail;
    struct invitation_links links;
    if (!http_path_id(x, "round", &id) || !http_query_word(x, "language", languages, &language))
        return;
    enum err err = read_sample(x, &id, &mail, &links);
    if (err == ERR_OK) {
        struct letter l;
        struct buf subject;
        const struct invited to = sample_of(language ? language : mail.language);
        invitation_letter(&l, &subject, &mail, &to, &links, false);
        if (letter_ok(&l) && !buf_failed(&subject))
            http_reply_json(x, 200,
                            json_pack("{s:s,s:s,s:s,s:s}", "language", to.language, "subject",
                                      subject.data, "text", l.text.data, "html", l.html.data));
        else
            http_problem_err(x, ERR_TOO_LARGE);
        letter_release(&l);
        buf_release(&subject);
    } else {
        http_problem_err(x, err);
    }
    invitation_round_mail_release(&mail);
}

static enum err send_trial(struct http_exchange *x, const struct id *round, const char *language)
{
    struct invitation_round_mail mail;
    struct invitation_links links;
    struct invited to = sample_of(language);
    char email[ADDRESS_SIZE];
    enum err err = read_sample(x, round, &mail, &links);
    if (err == ERR_OK)
        err = trial_address(x->db, &x->who, email);
    to.email = email;
    if (err == ERR_OK)
        err = invitation_mail_queue(x->db, &mail, &to, &links, true, clock_now_us(x->clock));
    invitation_round_mail_release(&mail);
    return err;
}

void post_round_test(struct http_exchange *x)
{
    struct id id;
    json_t *body;
    if (!http_path_id(x, "round", &id) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    int language = json_read_word(&r, "language", languages);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err = send_trial(x, &id, languages[language]);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    if (x->app->mail)
        mail_sender_wake(x->app->mail);
    http_reply_empty(x, 204);
}

static void reply_round(struct http_exchange *x, enum err err, enum round_refusal refusal,
                        json_t *round)
{
    if (err != ERR_OK) {
        http_problem_err(x, err);
    } else if (round_not_refused(x, (int)refusal)) {
        http_reply_json(x, 200, round);
        jobs_wake(x->app->jobs, &invitation_send);
    }
}

void post_round_send(struct http_exchange *x)
{
    struct id id;
    json_t *body, *round = NULL;
    if (!http_path_id(x, "round", &id) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    const char *overrule =
        json_read_has(&r, "overrule") ? read_line(&r, "overrule", 1, OVERRULE_MAX) : NULL;
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum round_refusal refusal = ROUND_OK;
    enum err err =
        round_send(x->db, &x->who, &id, overrule, clock_now_us(x->clock), &round, &refusal);
    reply_round(x, err, refusal, round);
}

void post_round_cancel(struct http_exchange *x)
{
    struct id id;
    json_t *round = NULL;
    if (!http_path_id(x, "round", &id))
        return;
    enum err err = round_cancel(x->db, &x->who, &id, clock_now_us(x->clock), &round);
    reply_round(x, err, ROUND_OK, round);
}
