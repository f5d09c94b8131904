/* Registrations that organisers look at before they count: the queue, and what is decided. The
 * rules are SQL's (migration 0081). Worker thread; each function is its own transaction. */
#ifndef AMPHI_FEATURES_REGISTRATION_REVIEW_H
#define AMPHI_FEATURES_REGISTRATION_REVIEW_H

#include "features/registration/registration_store.h"

#define REVIEW_MESSAGE_MAX 2000

struct reviews_wanted {
    const struct id *congress;
    const char *search;   /* NULL: any */
    const char *filter;   /* "flagged", "proof_asked", "declined"; NULL: all that are in review */
    const char *category; /* NULL: any */
    struct cursor after;
    int limit;
};
struct reviews_page {
    json_t *items, *counts; /* new references */
    struct cursor last;
    bool more;
};
/* Who is longest in review comes first. */
enum err reviews_list(struct db_conn *c, const struct identity *who,
                      const struct reviews_wanted *wanted, struct reviews_page *out) MUST_CHECK;

enum review_decision { REVIEW_APPROVE, REVIEW_DECLINE, REVIEW_ASK_PROOF };
struct review_wish {
    enum review_decision decision;
    int64_t version;     /* of the review that was seen */
    const char *reason;  /* of REVIEW_DECLINE: for the organisation alone */
    const char *message; /* for the person; NULL: none */
};
struct review_outcome {
    bool changed;                      /* it is another version by now: nothing was done, */
    char by[256];                      /* and whose it is; "": the person's own */
    enum registration_refusal refusal; /* nor was it where there is no place */
    struct registration_touched touched;
    json_t *result; /* new reference; NULL unless it was done */
};
/* Decided, audited and mailed in one transaction. ERR_NOT_FOUND: there is no such registration. */
enum err review_decide(struct db_conn *c, const struct identity *who, const struct id *registration,
                       const struct review_wish *wish, const char *base_url, int64_t now,
                       struct review_outcome *out) MUST_CHECK;

#endif
