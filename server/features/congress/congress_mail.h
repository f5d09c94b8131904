/* The words that registered HCPs read when sessions are added, changed or cancelled. Worker thread,
 * inside the caller's transaction. */
#ifndef AMPHI_FEATURES_CONGRESS_MAIL_H
#define AMPHI_FEATURES_CONGRESS_MAIL_H

#include "features/congress/congress.h"
#include "mail/sample.h"

#define NOTICE_SESSIONS_MAX 50 /* in one mail */

enum notice_kind { NOTICE_ADDED, NOTICE_CHANGED, NOTICE_CANCELLED };
struct notice_session {
    struct id session;
    enum notice_kind kind; /* for whom it is told */
    int64_t starts_at;
    int planned_minutes, calendar_sequence;
    const char *local_start; /* "2026-12-01T19:30" in the congress's zone */
    const char *title, *description, *listen_at;
    const char *programme_fr, *programme_en;   /* talks and speakers, a line each; "": none */
    const char *was_title;                     /* NULL: as people know it */
    const char *was_start;                     /* as local_start, where people know another one */
    bool moved, resized, elsewhere, described; /* start, length, where to listen, description */
};
/* A cancelled session is told alone. */
struct notice_mail {
    struct id organisation;
    const char *congress_title, *time_zone, *organisation_name, *contact_email;
    const char *organisation_accent;
    struct notice_session sessions[NOTICE_SESSIONS_MAX];
    int session_count;
    struct id registration;
    const char *to, *first_name, *last_name, *language;
    const char *join_url;  /* not of cancelled sessions */
    int calendar_sequence; /* of the registration: added to the session's */
};
enum err notice_mail_queue(struct db_conn *c, const struct notice_mail *m, int64_t now) MUST_CHECK;
mail_writer notice_mail_sample;

#endif
