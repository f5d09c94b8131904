/* Registering without JavaScript: the form, and confirming by the link of the mail, as pages that
 * the server writes. Pure: plain_posted.c reads forms, plain_pages.c writes pages in the words of
 * plain_words.c. */
#ifndef AMPHI_FEATURES_PLAIN_PAGES_H
#define AMPHI_FEATURES_PLAIN_PAGES_H

#include "base/buf.h"
#include "features/registration/registration.h"
#include "http/http.h"
#include <jansson.h>

#define PLAIN_PAGE_MAX ((size_t)2 << 20)

struct plain_words {
    const char *lang, *other, *other_name, *title, *email, *first_name, *last_name, *rpps;
    const char *profession, *specialty, *practice_setting, *region, *age_band;
    const char *as, *categories[CATEGORIES], *other_category, *go_on, *studies;
    const char *affiliation[CATEGORIES]; /* NULL: it has none */
    const char *choose, *optional, *several, *questions, *patients, *consents, *privacy, *submit;
    const char *check, *missing, *wrong, *consent_needed, *reviewed, *may_wait;
    const char *seen_by; /* %s: the representative, who again, whom they represent, who again */
    const char *closed, *full, *invited, *not_admitted, *sent_title, *sent;
    const char *join_title, *join, *link, *confirm;
    const char *confirmed, *waiting, *in_review, *declined, *expired, *cancelled, *person, *failed;
};
const struct plain_words *plain_words(bool french);

/* A form as it was posted (application/x-www-form-urlencoded): {name: [value, …]}. NULL: it is
 * none.
 */
json_t *plain_read(const char *body, size_t len);
/* The first value of a field; "" where there is none. */
const char *plain_value(const json_t *typed, const char *name);
/* What the routes of scripts take: see RegistrationForm in openapi.yaml. questions: those that are
 * asked of whoever typed this, page: as registration_page(). A new reference. */
json_t *plain_body(const json_t *typed, const json_t *page, const json_t *questions,
                   const char *language, enum category category);

struct plain_form {
    const struct plain_words *words;
    const char *code;
    enum category category;                         /* CATEGORIES: it is to be chosen first */
    const json_t *page, *codes, *questions, *typed; /* typed NULL: nothing yet */
    const char *field, *reason;                     /* NULL: nothing is wrong */
};
/* Whether the congress of a page admits them. */
bool plain_admits(const json_t *page, enum category category);
void plain_form_page(struct buf *out, const struct plain_form *f);
/* title, and a text below it. */
void plain_note_page(struct buf *out, const struct plain_words *w, const char *title,
                     const char *text);
/* fault NULL: nothing was wrong with the link that was typed. */
void plain_join_page(struct buf *out, const struct plain_words *w, const char *fault);

/* --- plain_routes.c --- */
http_handler get_plain_form, post_plain_form, get_plain_join, post_plain_join;

#endif
