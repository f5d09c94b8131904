/* Questions of the organiser's own on the form of a congress. They and their options are known by
 * keys, which never change. Rules are pure (form_questions.c). */
#ifndef AMPHI_FEATURES_FORM_QUESTIONS_H
#define AMPHI_FEATURES_FORM_QUESTIONS_H

#include "base/identity.h"
#include "base/json.h"
#include "db/query.h"
#include "http/http.h"
#include "room/change.h"

#define FORM_QUESTIONS_MAX 20 /* that are asked */
#define FORM_KEPT_MAX      40 /* with those that are hidden */
#define FORM_OPTIONS_MAX   30 /* that may be chosen */
#define FORM_CHOICES_MAX   60 /* with those that are hidden */
#define FORM_TEXT_MAX      1000
#define FORM_ANSWERS_BYTES 24576 /* all of a form */
#define FORM_KEY_MAX       30
#define FORM_FIELD_SIZE    (sizeof "answers." + FORM_KEY_MAX)

/* What is wrong with something that was sent; reason NULL: nothing. */
struct form_fault {
    char field[FORM_FIELD_SIZE];
    const char *reason;
};

/* The answers to these questions (form_asked_json() in SQL) among what was typed, {key: value}, as
 * they are kept; what was not asked is dropped. A new reference, NULL with a fault. typed NULL:
 * none. */
json_t *form_answers_read(const json_t *questions, const json_t *typed, struct form_fault *fault);
/* Whether what an organiser sent are questions: unknown fields, sizes, keys that come twice. */
bool form_questions_check(json_t *questions, struct form_fault *fault);

/* --- form_questions_store.c: worker thread, each its own transaction --- */
enum err form_questions_get(struct db_conn *c, const struct identity *who,
                            const struct id *congress, json_t **out) MUST_CHECK;
enum form_refusal {
    FORM_OK,
    FORM_CHANGED,  /* they are of another version by now */
    FORM_ANSWERED, /* what somebody answered would go */
    FORM_PROFILE,  /* a profile is none of the congress, or asks for a list */
};
/* out: as form_questions_get(), NULL unless FORM_OK. */
enum err form_questions_set(struct db_conn *c, const struct identity *who,
                            const struct id *congress, int64_t version, const json_t *questions,
                            int64_t now, enum form_refusal *refusal, json_t **out) MUST_CHECK;
struct registration_form;
/* What the page of a link asks of somebody who typed this. ERR_NOT_FOUND: there is no such page. */
enum err form_asked(struct db_conn *c, const char *code, const struct registration_form *typed,
                    json_t **out) MUST_CHECK;
/* The same in a brief transaction, whose later statements do not wait for it. */
struct db_result *form_asked_later(struct db_conn *c, const char *code,
                                   const struct registration_form *typed);
/* The code lists of a form, as {list: [{value, text}]}, and {sessions: [text]} of a link's page. */
enum err form_codes(struct db_conn *c, const char *code, const char *language,
                    json_t **out) MUST_CHECK;
/* The person's own answers: those of all questions that are asked of them. out: their profile, NULL
 * with a fault. */
enum err my_answers_change(struct db_conn *c, struct change *change, const json_t *typed,
                           struct form_fault *fault, json_t **out) MUST_CHECK;

/* --- form_questions_routes.c --- */
http_handler get_form_questions, put_form_questions, post_form_asked, patch_my_answers;

#endif
