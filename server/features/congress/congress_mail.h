/* The words that registered HCPs read when a session is moved or cancelled. Worker thread, inside
 * the caller's transaction. */
#ifndef AMPHI_FEATURES_CONGRESS_MAIL_H
#define AMPHI_FEATURES_CONGRESS_MAIL_H

#include "features/congress/congress.h"

struct notice_session {
    struct id organisation, session;
    bool cancelled;
    int64_t starts_at;
    int planned_minutes, calendar_sequence;
    const char *local_start; /* "2026-12-01T19:30" in the congress's zone */
    const char *title, *description, *listen_at;
    const char *congress_title, *time_zone;
    const char *organisation_name, *contact_email;
};
struct notice_person {
    const char *to, *first_name, *last_name, *language;
    const char *join_url;  /* rescheduled sessions */
    int calendar_sequence; /* of the registration: added to the session's */
};
enum err notice_mail_queue(struct db_conn *c, const struct notice_session *s,
                           const struct notice_person *p, int64_t now) MUST_CHECK;

#endif
