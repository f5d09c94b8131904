#include "features/invitations/invitations_routes.h"
#include "base/text.h"
#include "features/invitations/invitations_store.h"
#include <string.h>

bool round_not_refused(struct http_exchange *x, int refusal)
{
    static const char *const problems[][2] = {
        [ROUND_LIMIT] = {"round.limit", "A congress has at most 200 rounds of invitations."},
        [ROUND_BEGUN] = {"round.begun", "These invitations are being sent, or were sent."},
        [ROUND_TEXTS] = {"round.texts", "A subject or a text is missing in French or English."},
        [ROUND_CLOSED] = {"round.closed", "No session of the congress is open for registration."},
        [ROUND_GONE] = {"round.gone", "The target list or the target profile was removed."},
    };
    if (refusal == ROUND_OK)
        return true;
    http_problem(x, 409, problems[refusal][0], problems[refusal][1]);
    return false;
}

static void reply_round(struct http_exchange *x, enum err err, enum round_refusal refusal,
                        int status, json_t *round)
{
    if (err != ERR_OK)
        http_problem_err(x, err);
    else if (round_not_refused(x, (int)refusal))
        http_reply_json(x, status, round);
}

void get_rounds(struct http_exchange *x)
{
    struct id congress;
    json_t *items = NULL;
    if (!http_path_id(x, "congress", &congress))
        return;
    enum err err = rounds_read(x->db, &x->who, &congress, &items);
    if (err == ERR_OK)
        cursor_reply(x, items, NULL);
    else
        http_problem_err(x, err);
}

void post_round(struct http_exchange *x)
{
    static const char *const channels[] = {"mail", "crm", NULL};
    struct id congress, profile;
    json_t *body, *round = NULL;
    if (!http_path_id(x, "congress", &congress) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    int channel = json_read_word(&r, "channel", channels);
    struct round_new wanted = {.target_list = json_read_id(&r, "target_list")};
    if (json_read_has(&r, "target_profile")) {
        profile = json_read_id(&r, "target_profile");
        wanted.target_profile = &profile;
    }
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    wanted.channel = channels[channel];
    enum round_refusal refusal;
    const char *field;
    enum err err = round_create(x->db, &x->who, &congress, &wanted, clock_now_us(x->clock), &round,
                                &refusal, &field);
    if (err == ERR_INVALID)
        http_problem_field(x, field, "unknown");
    else
        reply_round(x, err, refusal, 201, round);
}

void get_round(struct http_exchange *x)
{
    struct id id;
    json_t *round = NULL;
    if (!http_path_id(x, "round", &id))
        return;
    enum err err = round_read(x->db, &x->who, &id, &round);
    reply_round(x, err, ROUND_OK, 200, round);
}

/* A text of the mail: absent, or one that could be sent. */
static const char *read_words(struct json_reader *r, const char *name, bool subject)
{
    if (!json_read_has(r, name))
        return NULL;
    const char *text = subject ? read_line(r, name, 0, INVITATION_SUBJECT_MAX)
                               : read_text(r, name, 0, INVITATION_TEXT_MAX);
    const char *fault = text ? invitation_text_fault(text, subject) : NULL;
    if (fault)
        json_reader_fault(r, name, fault);
    return text;
}

void patch_round(struct http_exchange *x)
{
    struct id id;
    json_t *body, *round = NULL;
    if (!http_path_id(x, "round", &id) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    const struct round_texts texts = {.subject_fr = read_words(&r, "subject_fr", true),
                                      .text_fr = read_words(&r, "text_fr", false),
                                      .subject_en = read_words(&r, "subject_en", true),
                                      .text_en = read_words(&r, "text_en", false)};
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum round_refusal refusal = ROUND_OK;
    enum err err = round_change(x->db, &x->who, &id, &texts, &round, &refusal);
    reply_round(x, err, refusal, 200, round);
}

void delete_round(struct http_exchange *x)
{
    struct id id;
    enum round_refusal refusal = ROUND_OK;
    if (!http_path_id(x, "round", &id))
        return;
    enum err err = round_delete(x->db, &x->who, &id, clock_now_us(x->clock), &refusal);
    if (err != ERR_OK)
        http_problem_err(x, err);
    else if (round_not_refused(x, (int)refusal))
        http_reply_empty(x, 204);
}

void get_pressure(struct http_exchange *x)
{
    json_t *pressure = NULL;
    enum err err = pressure_read(x->db, &x->who, &pressure);
    reply_round(x, err, ROUND_OK, 200, pressure);
}

void put_pressure(struct http_exchange *x)
{
    json_t *body = http_body_json(x), *pressure = NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const struct contact_pressure wanted = {.most = json_read_int(&r, "most", 1, 100),
                                            .days = json_read_int(&r, "days", 1, 730)};
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err = pressure_change(x->db, &x->who, &wanted, clock_now_us(x->clock), &pressure);
    reply_round(x, err, ROUND_OK, 200, pressure);
}
