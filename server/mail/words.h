/* The words of the mails that people of a congress get: what the house says, and what an
 * organisation says instead. A subject and a text of paragraphs, with placeholders like {congress}
 * of a closed list; everything else in the mail (sessions, links, who sends it) is the house's. */
#ifndef AMPHI_MAIL_WORDS_H
#define AMPHI_MAIL_WORDS_H

#include "base/err.h"
#include "base/id.h"
#include "mail/letter.h"
#include <stdbool.h>

struct db_conn;

#define MAIL_SUBJECT_MAX 200 /* characters of an own text */
#define MAIL_BODY_MAX    4000

enum mail_kind {
    KIND_CONFIRM,
    KIND_WELCOME,
    KIND_WAITING,
    KIND_PROMOTED,
    KIND_REMINDER,
    KIND_CHANGED,
    KIND_SESSION_CANCELLED,
    KIND_CANCELLED,
    KIND_THANKS,
    KIND_MISSED,
    MAIL_KINDS
};
extern const char *const mail_kind_names[MAIL_KINDS + 1]; /* "confirm" …, NULL at the end */

enum placeholder {
    HOLD_FIRST_NAME,
    HOLD_LAST_NAME,
    HOLD_CONGRESS,
    HOLD_ORGANISATION,
    HOLD_CONTACT,
    HOLD_SESSION, /* the title of the one that it is about; of the congress when they are several */
    HOLD_DATE,    /* when that begins, whole */
    HOLD_WHEN,    /* the same as said in passing: "demain à 19:30", "dans 10 minutes" */
    PLACEHOLDERS
};
extern const char *const placeholder_names[PLACEHOLDERS + 1];
bool placeholder_allowed(enum mail_kind kind, enum placeholder what);

/* What stands for each placeholder of a mail; NULL: nothing. */
struct mail_values {
    const char *of[PLACEHOLDERS];
};

#define WORDS_SUBJECT_SIZE (4 * MAIL_SUBJECT_MAX + 1)
#define WORDS_BODY_SIZE    (4 * MAIL_BODY_MAX + 1)
struct mail_words {
    char subject[WORDS_SUBJECT_SIZE], body[WORDS_BODY_SIZE];
    bool own; /* the organisation's */
};

/* The house's. language: "fr", else English. */
void words_default(enum mail_kind kind, const char *language, struct mail_words *out);
/* The organisation's, or the house's. Worker. */
enum err words_find(struct db_conn *c, const struct id *organisation, enum mail_kind kind,
                    const char *language, struct mail_words *out) MUST_CHECK;

/* Whether all placeholders of a text are such that this kind of mail has; else *at is the first
 * that is not, with its length. A brace stands for nothing but a placeholder. */
bool words_check(enum mail_kind kind, const char *text, const char **at, size_t *len);
/* The subject of a mail, in one line. */
#define SUBJECT_SIZE 1024
const char *words_subject(const struct mail_words *words, const struct mail_values *values,
                          char out[static SUBJECT_SIZE]);
/* The body as paragraphs of the letter: what empty lines part. */
void words_body(struct letter *l, const struct mail_words *words, const struct mail_values *values);

#endif
