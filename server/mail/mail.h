/* Mail through a durable outbox: mail_queue() writes rows in the caller's transaction; one sender
 * thread delivers them by SMTP when configured, else as .eml files, with retries and backoff. After
 * delivery the body is emptied, because it held personal links. Organisations take turns, and bulk
 * waits behind mails that somebody waits for. At least once: a crash between a
 * delivery and its commit, or of the database within a second after it, sends a mail again, with
 * the same Message-ID; files are replaced, never doubled. SMTP demands TLS unless the server is
 * localhost, 127.0.0.1 or [::1] and no authorities are given. A mail is tried for three days; while
 * nobody answers at the server, the outbox waits as a whole. */
#ifndef AMPHI_MAIL_MAIL_H
#define AMPHI_MAIL_MAIL_H

#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "db/job.h"

struct mail {
    const struct id *organisation;
    const char *to;                /* one address */
    const struct id *registration; /* of the HCP it is to; NULL: none, or none that is known yet */
    const char *subject;           /* UTF-8, one line */
    const char *text;              /* UTF-8 plain text */
    const char *html;              /* or NULL */
    const char *calendar;          /* text/calendar body, or NULL */
    const char *calendar_method;   /* calendar_method() of its events */
    const char *language;          /* "fr" or "en" */
    const char *unsubscribe;       /* the URL of one click (RFC 8058), or NULL */
    const struct id *id;           /* names the mail (Message-ID); NULL: a new one */
    bool bulk;                     /* one of many: behind those that somebody waits for */
    /* Reminds of these sessions: withdrawn when one of them is moved or cancelled, or the person
     * is not registered any more; not sent from expires_at on (0: always). */
    const struct id *reminds;
    size_t reminds_len;
    int64_t expires_at;
};

/* Worker thread, inside the caller's transaction. */
enum err mail_queue(struct db_conn *c, const struct mail *mail, int64_t now_us) MUST_CHECK;
struct letter;
/* With the letter as its text and its HTML. ERR_INTERNAL: the letter did not fit. */
enum err mail_queue_letter(struct db_conn *c, struct mail *mail, const struct letter *letter,
                           int64_t now_us) MUST_CHECK;
/* The same log flush that a queued mail costs, for an address that gets none. */
enum err mail_spend(struct db_conn *c) MUST_CHECK;

struct mail_config {
    const char *from;     /* "Name <address>" */
    const char *admit;    /* see db_config; lives as long as the sender */
    const char *smtp_url; /* NULL: .eml files in folder */
    const char *smtp_user, *smtp_password;
    const char *smtp_ca; /* PEM file of authorities instead of the machine's; NULL: those */
    const char *folder;
};
struct mail_sender;
/* Copies the configuration. NULL, with a line in the log, when it cannot be used. */
struct mail_sender *mail_sender_start(const char *database_url, const struct mail_config *config,
                                      struct clock *clock);
void mail_sender_wake(struct mail_sender *s); /* any thread: something was queued */
void mail_sender_stop(struct mail_sender *s);
/* Deletes the files of mails to this address. Any thread; reads every file of the folder. */
enum err mail_forget(const struct mail_sender *s, const char *address) MUST_CHECK;

/* An event of a calendar file (RFC 5545). Calendars show LOCATION as where to click: it is the
 * personal page, as URL is; where else to listen stands in the description. */
struct calendar_event {
    struct id uid;
    int sequence;
    int64_t starts_at, ends_at, now; /* Unix us */
    const char *title, *description, *url, *organizer_name, *organizer_address, *attendee_address;
    const char *location;  /* NULL: the URL */
    const char *listen_at; /* a number or an address of another system; "" or NULL: none */
    const char *programme; /* talks and speakers, a line each; "" or NULL: none */
    const char *url_label, *listen_label,
        *programme_label; /* said before them in the description */
    bool cancelled;
};
/* RFC 5546: one event is a "REQUEST" to its attendee, or a "CANCEL"; both are about one UID.
 * Several are published, without attendees; their STATUS says which are cancelled. */
const char *calendar_method(const struct calendar_event *events, int n);
/* A calendar of n > 0 events, malloc'd, with that METHOD. */
char *calendar_text(const struct calendar_event *events, int n);
/* A calendar that programs subscribe to, of any number of events. */
char *calendar_feed(const char *name, const struct calendar_event *events, int n);

#endif
