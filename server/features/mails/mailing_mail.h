/* The mails of a mailing: their words. Worker thread, inside the caller's transaction. */
#ifndef AMPHI_FEATURES_MAILING_MAIL_H
#define AMPHI_FEATURES_MAILING_MAIL_H

#include "base/id.h"
#include "mail/sample.h"
#include <stdint.h>

#define MAILING_SESSIONS_MAX 50 /* listed in one mail */

struct mailing_session {
    struct id id;
    const char *local_start; /* "2026-12-01T19:30" in the congress's zone */
    const char *title, *listen_at;
    int planned_minutes;
};

struct mailing_mail {
    enum mail_kind kind; /* a reminder, thanks, or missed */
    struct id organisation, registration;
    const char *congress_title, *time_zone, *organisation_name, *contact_email;
    const char *organisation_accent;
    struct mailing_session sessions[MAILING_SESSIONS_MAX]; /* of a reminder, in order */
    int session_count;
    const char *local_now;
    int minutes_left;   /* until the first of them */
    bool days;          /* it is about a day, not about an hour */
    int64_t expires_at; /* of a reminder */
    const char *to, *first_name, *last_name, *language;
    const char *join_url, *cancel_url; /* of a reminder */
};
enum err mailing_mail_queue(struct db_conn *c, const struct mailing_mail *m,
                            const struct mail_words *words, int64_t now) MUST_CHECK;

/* "demain à 19:30", "dans une heure", "in 10 minutes". Returns out. */
#define WHEN_TEXT_SIZE 80
const char *when_text(char out[static WHEN_TEXT_SIZE], const struct mailing_mail *m);
mail_writer mailing_mail_sample;

#endif
