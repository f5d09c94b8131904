/* The mails of a registration. Worker thread, inside the caller's transaction. */
#ifndef AMPHI_FEATURES_REGISTRATION_MAIL_H
#define AMPHI_FEATURES_REGISTRATION_MAIL_H

#include "features/registration/registration.h"

enum registration_mail_kind {
    MAIL_WELCOME,   /* registered */
    MAIL_ALREADY,   /* registered again with an address that is: here is your link */
    MAIL_LINK,      /* asked for the link */
    MAIL_CANCELLED, /* the registration is cancelled */
};

/* Mails the registration's person (registration_mail_store.c); a new personal link is made for all
 * but MAIL_CANCELLED. ERR_RATE past MAILS_PER_HOUR. */
enum err registration_mail_send(struct db_conn *c, const struct id *registration,
                                enum registration_mail_kind kind, const char *base_url,
                                int64_t now) MUST_CHECK;

/* --- its words (registration_mail.c) --- */
struct mail_session {
    struct id id;
    int64_t starts_at;
    int planned_minutes, calendar_sequence;
    const char *local_start, *title, *description, *listen_at;
};

struct registration_mail {
    enum registration_mail_kind kind;
    struct id organisation;
    const char *to, *first_name, *last_name, *language;
    const char *join_url, *cancel_url; /* NULL for MAIL_CANCELLED */
    const char *congress_title, *time_zone, *organisation_name, *contact_email;
    const struct mail_session *sessions; /* in order; cancelled ones are left out */
    int session_count;
    int calendar_sequence; /* of the registration: added to each session's */
};
enum err registration_mail_queue(struct db_conn *c, const struct registration_mail *m,
                                 int64_t now) MUST_CHECK;

#endif
