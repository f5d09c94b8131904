/* The mails of a registration. Worker thread, inside the caller's transaction. */
#ifndef AMPHI_FEATURES_REGISTRATION_MAIL_H
#define AMPHI_FEATURES_REGISTRATION_MAIL_H

#include "features/registration/registration.h"
#include "mail/sample.h"

enum registration_mail_kind {
    MAIL_CONFIRM,   /* a form was filled in: is it you? */
    MAIL_WELCOME,   /* registered */
    MAIL_ALREADY,   /* registered again with an address that is: here is your link */
    MAIL_LINK,      /* asked for the link */
    MAIL_REMIND,    /* an organiser sends the link */
    MAIL_MOVED,     /* the address is a new one: so is the link */
    MAIL_CANCELLED, /* the registration is cancelled */
    MAIL_WAITING,   /* on the waiting list; also when they ask for their link */
    MAIL_PROMOTED,  /* registered, by a place that became free */
    MAIL_WITHDRAWN, /* off the waiting list */
    /* Where registrations are reviewed (registration_review_words.c): */
    MAIL_CONFIRM_REVIEW,   /* MAIL_CONFIRM there */
    MAIL_IN_REVIEW,        /* confirmed, and to be reviewed; also when they ask for their link */
    MAIL_APPROVED,         /* and registered */
    MAIL_APPROVED_WAITING, /* and on the waiting list */
    MAIL_PROOF,            /* an organiser asks them something */
    MAIL_DECLINED,
    MAIL_RETRACTED, /* they are in review no more, by their own wish */
};

/* Of a registration that is not registered ("waiting", "in_review"): the mail with its link;
 * otherwise in any other state. */
enum registration_mail_kind mail_of_state(const char *state, enum registration_mail_kind otherwise);

/* Mails the registration's person (registration_mail_store.c); a new personal link is made for all
 * but MAIL_CANCELLED, MAIL_WITHDRAWN, MAIL_PROOF, MAIL_DECLINED and MAIL_RETRACTED. ERR_RATE past
 * MAILS_PER_HOUR. */
enum err registration_mail_send(struct db_conn *c, const struct id *registration,
                                enum registration_mail_kind kind, const char *base_url,
                                int64_t now) MUST_CHECK;
/* The same with what an organiser says to the person; NULL: nothing. */
enum err registration_mail_say(struct db_conn *c, const struct id *registration,
                               enum registration_mail_kind kind, const char *message,
                               const char *base_url, int64_t now) MUST_CHECK;

/* Mails the address of a request the link that confirms it, with this token. */
enum err request_mail_send(struct db_conn *c, const struct id *request, const char *token,
                           const char *base_url, int64_t now) MUST_CHECK;

/* The code that confirms another address, to it; and to the former one that there is another
 * (registration_address_mail_store.c). */
enum err address_mail_code(struct db_conn *c, const struct id *registration, const char *to,
                           const char *code, int64_t now) MUST_CHECK;
enum err address_mail_moved(struct db_conn *c, const struct id *registration, const char *to,
                            int64_t now) MUST_CHECK;

/* --- its words (registration_mail.c) --- */
/* What the house says. Formats for the congress (subject, lead), for the first and last name
 * (hello), for the organisation and its address (end). The first three are NULL where an
 * organisation may have its own words: those are mail/words.h's. */
struct registration_words {
    const char *subject, *hello, *lead;
    const char *session, *date, *length, *listen; /* labels; listen NULL: not told yet */
    const char *join, *keep, *cancel;             /* join NULL: there is no link */
    const char *end;
};
/* From MAIL_CONFIRM_REVIEW on (registration_review_words.c). */
const struct registration_words *review_words(enum registration_mail_kind kind, bool in_french);

struct mail_session {
    struct id id;
    int64_t starts_at;
    int planned_minutes, calendar_sequence;
    const char *local_start, *title, *description, *listen_at;
    const char *programme; /* talks and speakers, a line each; "": none */
};

struct registration_mail {
    enum registration_mail_kind kind;
    struct id organisation;
    const struct id *registration; /* NULL: a request's */
    const char *to, *first_name, *last_name, *language;
    const char *message;    /* what an organiser says; NULL: nothing */
    const char *join_url;   /* NULL for MAIL_CANCELLED, MAIL_WITHDRAWN … */
    const char *cancel_url; /* NULL for these and for requests */
    const char *congress_title, *time_zone, *organisation_name, *contact_email;
    const char *organisation_accent;
    const struct mail_session *sessions; /* in order; cancelled ones are left out */
    int session_count;
    int calendar_sequence; /* of the registration: added to each session's */
};
enum err registration_mail_queue(struct db_conn *c, const struct registration_mail *m,
                                 int64_t now) MUST_CHECK;
mail_writer registration_mail_sample;

#endif
