/* The letter to a guest speaker, with their session for the calendar. Worker thread, inside the
 * caller's transaction. */
#ifndef AMPHI_FEATURES_GUEST_SPEAKERS_MAIL_H
#define AMPHI_FEATURES_GUEST_SPEAKERS_MAIL_H

#include "base/id.h"
#include "db/db.h"

struct guest_mail {
    struct id id; /* of the mail */
    struct id guest, organisation;
    const char *organisation_name, *contact_email, *accent;
    const char *name, *to, *language; /* of the guest */
    const char *congress, *time_zone;
    const char *session, *description;
    const char *local_start; /* "2026-12-01T19:30", in the congress's zone */
    int64_t starts_at;       /* Unix us */
    int planned_minutes, calendar_sequence;
    const char *url; /* their link */
};
enum err guest_mail_queue(struct db_conn *c, const struct guest_mail *m, int64_t now) MUST_CHECK;

#endif
