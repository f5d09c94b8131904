/* What is decided about a congress's mails, and the texts of an organisation. Worker thread; each
 * function is its own transaction, bounded by the organisation of `who`. */
#ifndef AMPHI_FEATURES_MAILS_STORE_H
#define AMPHI_FEATURES_MAILS_STORE_H

#include "base/identity.h"
#include "mail/sample.h"
#include <jansson.h>
#include <stdint.h>

/* Settings, texts and what is planned, as openapi.yaml has them. *out is a new reference. */
enum err mails_get(struct db_conn *c, const struct identity *who, const struct id *congress,
                   int64_t now, json_t **out) MUST_CHECK;

struct mail_settings {
    bool remind_day, remind_hour, remind_minutes, thanks, missed;
    int64_t gather_minutes;
};
enum err mails_set(struct db_conn *c, const struct identity *who, const struct id *congress,
                   const struct mail_settings *settings, int64_t now) MUST_CHECK;

/* words NULL: the house's again. */
enum err mail_text_set(struct db_conn *c, const struct identity *who, enum mail_kind kind,
                       const char *language, const struct mail_words *words,
                       int64_t now) MUST_CHECK;
/* All texts of the organisation: [{kind, placeholders, texts: {fr, en}}]. */
enum err mail_texts(struct db_conn *c, const struct id *organisation, json_t **out) MUST_CHECK;

/* An example about this congress and its next session, in a language. The texts belong to *from,
 * which the caller frees with db_result_free(). */
struct db_result;
enum err mail_sample_load(struct db_conn *c, const struct identity *who, const struct id *congress,
                          const char *language, int64_t now, struct mail_sample *out,
                          struct db_result **from) MUST_CHECK;
/* Mails it to whoever asks. */
enum err mail_test_send(struct db_conn *c, const struct identity *who, const char *subject,
                        const struct letter *l, const char *language, int64_t now) MUST_CHECK;

#endif
