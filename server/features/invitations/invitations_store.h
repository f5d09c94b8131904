/* Invitations in the database. Database workers only. Each writing function is one transaction with
 * its line in the audit log. ERR_NOT_FOUND also for another organisation's. JSON results are new
 * references. */
#ifndef AMPHI_FEATURES_INVITATIONS_STORE_H
#define AMPHI_FEATURES_INVITATIONS_STORE_H

#include "base/address.h"
#include "base/csv.h"
#include "base/identity.h"
#include "crypto/crypto.h"
#include "db/query.h"
#include "features/invitations/invitations.h"
#include "http/cursor.h"
#include "jobs/jobs.h"

struct secrets;

/* --- rounds (invitations_store.c) --- */
enum round_refusal {
    ROUND_OK,
    ROUND_LIMIT,  /* a congress has ROUNDS_MAX at most */
    ROUND_BEGUN,  /* it is sent already */
    ROUND_TEXTS,  /* it lacks a subject or a text in one of the languages */
    ROUND_CLOSED, /* no session of the congress is open: nobody could register */
    ROUND_GONE,   /* its list or its profile was removed */
};
struct round_new {
    const char *channel;
    struct id target_list;
    const struct id *target_profile; /* NULL: the whole list */
};
/* NULL: as it is. */
struct round_texts {
    const char *subject_fr, *text_fr, *subject_en, *text_en;
};
enum err rounds_read(struct db_conn *c, const struct identity *who, const struct id *congress,
                     json_t **items) MUST_CHECK;
enum err round_read(struct db_conn *c, const struct identity *who, const struct id *round,
                    json_t **out) MUST_CHECK;
/* ERR_INVALID: there is no such list, or no such profile in the congress: *field. */
enum err round_create(struct db_conn *c, const struct identity *who, const struct id *congress,
                      const struct round_new *wanted, int64_t now, json_t **out,
                      enum round_refusal *refusal, const char **field) MUST_CHECK;
enum err round_change(struct db_conn *c, const struct identity *who, const struct id *round,
                      const struct round_texts *texts, json_t **out,
                      enum round_refusal *refusal) MUST_CHECK;
/* Of one that nobody was invited by. */
enum err round_delete(struct db_conn *c, const struct identity *who, const struct id *round,
                      int64_t now, enum round_refusal *refusal) MUST_CHECK;
/* The address of whoever asks, for a test. */
enum err trial_address(struct db_conn *c, const struct identity *who,
                       char out[static ADDRESS_SIZE]) MUST_CHECK;
struct contact_pressure {
    int64_t most, days;
};
enum err pressure_read(struct db_conn *c, const struct identity *who, json_t **out) MUST_CHECK;
enum err pressure_change(struct db_conn *c, const struct identity *who,
                         const struct contact_pressure *wanted, int64_t now,
                         json_t **out) MUST_CHECK;

/* --- whom a round invites (invitations_audience_store.c) --- */
/* ERR_CONFLICT: its list or its profile was removed. */
enum err round_audience(struct db_conn *c, const struct identity *who, const struct id *round,
                        int64_t now, json_t **out) MUST_CHECK;
struct left_out_wanted {
    const struct id *round, *after; /* the person before the page; NULL: none */
    const char *reason, *search;    /* NULL: any */
    int limit;
    int64_t now;
};
struct people_page {
    json_t *items; /* the caller's, also after an error */
    bool more;
    struct id last;
};
/* Audited. ERR_CONFLICT as above; ERR_INVALID: `after` is not on the list any more. */
enum err round_left_out(struct db_conn *c, const struct identity *who,
                        const struct left_out_wanted *wanted, struct people_page *out) MUST_CHECK;

/* --- sending (invitations_send_store.c) --- */
/* overrule: why people under contact pressure are invited too, NULL: they are not. Wake
 * invitation_send afterwards. A round that failed goes on where it was. */
enum err round_send(struct db_conn *c, const struct identity *who, const struct id *round,
                    const char *overrule, int64_t now, json_t **out,
                    enum round_refusal *refusal) MUST_CHECK;
/* Whoever was not invited yet is not any more. Nothing happens to one that is not under way. */
enum err round_cancel(struct db_conn *c, const struct identity *who, const struct id *round,
                      int64_t now, json_t **out) MUST_CHECK;
extern const struct job_kind invitation_send; /* invitations_feature.c */
/* Whom the round invites, written down once. ERR_CONFLICT: its list or its profile was removed. */
enum err round_gather(struct db_conn *c, const struct id *round, int64_t now) MUST_CHECK;
/* Invites the next ones. more: there may be others. */
enum err round_batch(struct db_conn *c, const struct id *round, const struct secrets *secrets,
                     const char *base_url, int64_t now, bool *more) MUST_CHECK;
enum err round_fail(struct db_conn *c, const struct id *round, int64_t now) MUST_CHECK;

/* --- the invited (invitations_people_store.c) --- */
struct invited_wanted {
    const struct id *congress, *round, *after; /* round NULL: all */
    const char *state, *search;                /* NULL: any */
    int limit;
    int64_t now;
};
/* Audited; counts: by state, of all that the search finds. ERR_INVALID: `after` is gone. */
enum err invited_read(struct db_conn *c, const struct identity *who,
                      const struct invited_wanted *wanted, struct people_page *out,
                      json_t **counts) MUST_CHECK;
/* Nothing names them any more; figures stay. */
enum err invited_forget(struct db_conn *c, const struct identity *who, const struct id *congress,
                        const struct id *invitation, int64_t now) MUST_CHECK;
#define ROUND_TITLE_SIZE 801 /* 200 characters */
struct round_about {
    char title[ROUND_TITLE_SIZE], list[ROUND_TITLE_SIZE], day[16];
    bool ready; /* it is for a CRM, and everybody has their link */
};
enum err round_find(struct db_conn *c, const struct identity *who, const struct id *round,
                    int64_t now, struct round_about *about) MUST_CHECK;
/* A row for each: external id and personal link, below a header; audited. line() is called after
 * each row and ends it when it returns anything but ERR_OK. */
enum err round_export(struct db_conn *c, const struct identity *who, const struct id *round,
                      const struct secrets *secrets, const char *base_url, int64_t now,
                      struct csv *csv, enum err (*line)(void *arg), void *arg) MUST_CHECK;
/* A mail server said for good that a mail cannot be delivered. marked: it is an invitation, and
 * that was not known. */
enum err invitation_bounced(struct db_conn *c, const struct id *mail, const char *status,
                            int64_t now, bool *marked) MUST_CHECK;
/* See struct feature. */
enum err invitations_erase(struct db_conn *c, const struct id *hcp) MUST_CHECK;

/* --- what personal links open (invitations_link_store.c) --- */
enum invitation_link { LINK_PERSONAL, LINK_OPT_OUT };
/* Whose it is. ERR_NOT_FOUND: no such link. */
enum err invitation_holder(struct db_conn *c, enum invitation_link kind,
                           const uint8_t hash[static TOKEN_HASH_SIZE],
                           struct id *holder) MUST_CHECK;
/* ERR_NOT_FOUND, of all of these: no such link. */
enum err invitation_open(struct db_conn *c, const uint8_t hash[static TOKEN_HASH_SIZE], int64_t now,
                         json_t **out) MUST_CHECK;
enum err invitation_decline(struct db_conn *c, const uint8_t hash[static TOKEN_HASH_SIZE],
                            bool declines, int64_t now) MUST_CHECK;
enum err invitation_opt_out_read(struct db_conn *c, const uint8_t hash[static TOKEN_HASH_SIZE],
                                 json_t **out) MUST_CHECK;
enum err invitation_opt_out(struct db_conn *c, const uint8_t hash[static TOKEN_HASH_SIZE], bool out,
                            int64_t now, json_t **answer) MUST_CHECK;

#endif
