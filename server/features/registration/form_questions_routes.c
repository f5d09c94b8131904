#include "base/app.h"
#include "features/registration/form_questions.h"
#include "features/registration/registration_routes.h"

void get_form_questions(struct http_exchange *x)
{
    json_t *form = NULL;
    enum err err = form_questions_get(x->db, &x->who, &x->place.congress, &form);
    if (err == ERR_OK)
        http_reply_json(x, 200, form);
    else
        http_problem_err(x, err);
}

/* Takes form. */
static void reply_set(struct http_exchange *x, enum form_refusal refusal, json_t *form)
{
    switch (refusal) {
    case FORM_OK:
        http_reply_json(x, 200, form);
        return;
    case FORM_CHANGED:
        http_problem(x, 409, "form.changed", "Somebody else changed the questions meanwhile.");
        return;
    case FORM_ANSWERED:
        http_problem(x, 409, "form.answered",
                     "People answered it: it can be hidden, and its texts corrected.");
        return;
    case FORM_PROFILE:
        http_problem_field(x, "profiles", "unknown, or it asks for a list");
        return;
    }
}

/* {version, questions} */
void put_form_questions(struct http_exchange *x)
{
    json_t *body = http_body_json(x), *form = NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    struct form_fault fault;
    int64_t version = json_read_int(&r, "version", 0, INT32_MAX - 1);
    json_t *questions = json_read_array(&r, "questions", FORM_KEPT_MAX);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    if (!form_questions_check(questions, &fault)) {
        http_problem_field(x, fault.field, fault.reason);
        return;
    }
    enum form_refusal refusal;
    enum err err = form_questions_set(x->db, &x->who, &x->place.congress, version, questions,
                                      clock_now_us(x->clock), &refusal, &form);
    if (err == ERR_OK)
        reply_set(x, refusal, form);
    else
        http_problem_err(x, err);
}

/* What is asked of whoever typed this so far. */
void post_form_asked(struct http_exchange *x)
{
    static const char *const languages[] = {"fr", "en", NULL};
    const char *code = registration_path_code(x);
    json_t *body = code ? http_body_json(x) : NULL, *asked = NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    struct registration_form typed = {
        .profession = json_read_optional_string(&r, "profession", 20),
        .specialty = json_read_optional_string(&r, "specialty", 20),
        .practice_setting = json_read_optional_string(&r, "practice_setting", 20),
        .region = json_read_optional_string(&r, "region", 20),
        .age_band = json_read_optional_string(&r, "age_band", 20),
    };
    int language = json_read_word(&r, "language", languages);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    typed.language = languages[language];
    enum err err = form_asked(x->db, code, &typed, &asked);
    if (err == ERR_OK)
        http_reply_json(x, 200, json_pack("{s:o}", "questions", asked));
    else
        http_problem_err(x, err);
}

/* {answers} */
void patch_my_answers(struct http_exchange *x)
{
    json_t *body = http_body_json(x), *profile = NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    json_t *typed = json_read_object(&r, "answers");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct form_fault fault;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = my_answers_change(x->db, &change, typed, &fault, &profile);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    if (fault.reason) {
        http_problem_field(x, fault.field, fault.reason);
        return;
    }
    registration_changed(x,
                         &(struct registration_touched){.registration = x->who.person,
                                                        .congress = x->who.congress,
                                                        .changed = true},
                         false);
    http_reply_json(x, 200, profile);
}
