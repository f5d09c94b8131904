/* Registrations in the database. Worker thread; each function is its own transaction. What staff
 * asks is bounded by the organisation of `who`. JSON results are new references. */
#ifndef AMPHI_FEATURES_REGISTRATION_STORE_H
#define AMPHI_FEATURES_REGISTRATION_STORE_H

#include "crypto/crypto.h"
#include "features/registration/form_questions.h"
#include "features/registration/registration.h"
#include "features/registration/registration_mail.h"
#include "http/cursor.h"
#include "room/change.h"
#include <jansson.h>

/* --- the public page (registration_page_store.c) --- */
enum err registration_page(struct db_conn *c, const char *code, json_t **out) MUST_CHECK;

/* --- one's link again (registration_again_store.c) --- */
/* Has a job mail the link to everybody who is registered with this address: the same work whoever
 * has it. code NULL: the links of all that is still to come. Wake registration_links afterwards.
 * ERR_NOT_FOUND: there is no such page. */
enum err registration_ask_links(struct db_conn *c, const char *code, const char *email,
                                int64_t now) MUST_CHECK;
extern const struct job_kind registration_links;

/* --- the form (registration_request_store.c) --- */
enum registration_refusal {
    REGISTRATION_OK,
    REGISTRATION_CLOSED,
    REGISTRATION_FULL,
    REGISTRATION_NOT_ADMITTED, /* of a confirmation: the congress's policy lets them not in */
    REGISTRATION_DECLINED,     /* of a link: an organiser declined it */
    REGISTRATION_FORM,         /* of a form: a field is wrong */
    REGISTRATION_PERSON,       /* of a confirmation: another name is known at the address */
    REGISTRATION_PROVIDER,     /* of a form: the sign-in at the provider is over */
};
struct request_result {
    enum registration_refusal refusal;
    const char *field, *reason; /* of REGISTRATION_FORM */
    struct form_fault fault;    /* what they may point into */
    /* Of an invitation that was mailed to the form's address: what confirms it; else "". */
    char token[TOKEN_TEXT_SIZE];
};
/* What shows how far a form may be believed. */
struct request_proof {
    const uint8_t *invitation; /* the hash of a personal invitation's token; NULL: none */
    const uint8_t *provider;   /* of the cookie of a sign-in at the provider; NULL: none */
};
/* The request, the job that deletes it and its mail in one transaction. The result is the same for
 * an address that is registered already: it is mailed its link. ERR_NOT_FOUND: no such page, or no
 * such invitation to it. */
enum err registration_request(struct db_conn *c, const char *code,
                              const struct registration_form *form,
                              const struct request_proof *proof, const char *base_url, int64_t now,
                              struct request_result *out) MUST_CHECK;
/* *field: the first attribute that is not an active code, or the specialty when the profession does
 * not have it; NULL: all are good. */
enum err registration_check_codes(struct db_conn *c, const struct registration_form *f,
                                  const char **field, const char **reason) MUST_CHECK;
/* Deletes the requests and new addresses of an organisation that nobody confirmed. */
extern const struct job_kind registration_expire;

/* --- what a provider said (registration_provider_store.c) --- */
/* In the form's transaction: a sign-in does for one form. A new reference. ERR_NOT_FOUND: it is
 * over. */
enum err provider_take(struct db_conn *c, const char *code, const uint8_t *token_hash, int64_t now,
                       json_t **said) MUST_CHECK;
/* In the confirmation's: of the person from now on. */
enum err provider_keep(struct db_conn *c, const struct id *hcp, const json_t *said,
                       int64_t now) MUST_CHECK;

/* --- who may register (registration_policy_store.c) --- */
struct registration_policy {
    const char *policy;                 /* "open", "matching", "target_list" or "invitation" */
    const struct id *target_list;       /* NULL: it asks for none */
    bool switches, waiting_list;        /* the waiting list, if it switches: else as it is */
    bool sets_review, review;           /* whether registrations are reviewed, the same */
    const char *categories[CATEGORIES]; /* whom the congress admits, in their order */
    size_t category_count;              /* 0: as they are */
};
enum err registration_policy_get(struct db_conn *c, const struct identity *who,
                                 const struct id *congress, json_t **out) MUST_CHECK;
/* Whoever is registered stays so. ERR_INVALID: there is no such list, or it is not theirs to use.
 */
enum err registration_policy_set(struct db_conn *c, const struct identity *who,
                                 const struct id *congress,
                                 const struct registration_policy *policy, int64_t now,
                                 json_t **out) MUST_CHECK;
/* Within the transaction that wrote a registration and its profiles: whether the policy lets it in.
 */
enum err registration_admit(struct db_conn *c, const struct id *registration,
                            bool *admitted) MUST_CHECK;

/* --- the seats (registration_seats_store.c) --- */
/* Last in the transaction that took a seat: whether it was there. Until its end nobody else decides
 * about the last seats. ERR_RETRY: seats went faster than was thought. */
enum err seats_decide(struct db_conn *c, const struct id *congress, bool *open,
                      bool *full) MUST_CHECK;

/* --- places of profiles, and the waiting list (registration_places_store.c) --- */
struct link_owner;
/* Within the transaction, of a registration that was written as waiting: whether it is registered,
 * waits or is refused. From here to the end of the transaction nobody else decides in its congress.
 */
enum err place_decide(struct db_conn *c, struct link_owner *owner, int64_t now,
                      enum registration_refusal *refusal) MUST_CHECK;
/* What a word of place_decide() or of a review in SQL refuses. */
enum registration_refusal refusal_of(const char *word);
/* Gives places that became free to who waits for them, with their mails. What frees a place adds
 * the job (triggers of migration 0079). */
extern const struct job_kind registration_promote;

/* --- reviews (registration_review_store.c; the rest is in registration_review.h) --- */
/* Within the transaction, of a registration that was written as in review. */
enum err review_begin(struct db_conn *c, const struct link_owner *owner, int64_t now,
                      enum registration_refusal *refusal) MUST_CHECK;

/* --- the personal link and what it opens (registration_join_store.c) --- */
/* Who and where a change was, so that live rooms learn of it. */
struct registration_touched {
    struct id registration, congress;
    bool changed; /* false: nothing but a mail */
};
/* All of a person; items from malloc(), NULL after a failure. */
struct registrations_touched {
    struct registration_touched *items;
    size_t n;
};
/* Who uses a link, and how. */
struct join_wish {
    const struct id *person; /* of a request: it is this person, under a new name; NULL: not said */
    bool somebody_else;      /* of a request: it is nobody of those known at its address */
    const char *base_url;
    int64_t at; /* Unix us */
    /* Asked once whose the link is, before anything is written; false: they may not now, and were
     * told so. NULL: anybody may. */
    bool (*vouch)(void *voucher, const struct id *holder);
    void *voucher;
};
/* What a link opens. */
struct link_owner {
    struct id registration, organisation, congress;
    bool cancelled, confirmed, waiting, in_review, declined;
    bool fresh;   /* it was a request until this moment, */
    bool decides; /* and whether there is room is still to be decided, */
    bool held;    /* unless the seat was theirs before */
    int64_t expires_at;
};
struct join_result {
    enum registration_refusal refusal; /* of a request; nothing was changed */
    int64_t waiting_place; /* their place on the waiting list, from 1: no sign-in was opened; 0: it
                              was */
    bool in_review;        /* nor was it while they are in review */
    struct registration_touched touched;
    int64_t expires_at;
    json_t *mine; /* new reference; NULL unless ERR_OK, not refused, and signed in */
};
/* The registration or the request of a link. ERR_NOT_FOUND: unknown or expired. */
enum err registration_link_holder(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                                  int64_t now, struct id *holder) MUST_CHECK;
/* Opens a sign-in; confirms a request first. ERR_NOT_FOUND: unknown or expired, or wish->person is
 * not known at the address; ERR_CONFLICT: the registration is cancelled; ERR_RATE: wish->vouch said
 * no. */
enum err registration_join(struct db_conn *c, struct change *change,
                           const uint8_t link[static TOKEN_HASH_SIZE],
                           const uint8_t token[static TOKEN_HASH_SIZE],
                           const struct join_wish *wish, struct join_result *out) MUST_CHECK;
enum err join_vouch(const struct join_wish *wish, const struct id *holder) MUST_CHECK;
struct identity link_identity(const struct link_owner *owner);
/* Within the transaction: the request of a token becomes a registration, unless there is no room
 * (registration_confirm_store.c). ERR_NOT_FOUND: there is no such request. */
enum err registration_confirm(struct db_conn *c, struct change *change, const uint8_t *token,
                              const struct join_wish *wish, struct link_owner *owner,
                              enum registration_refusal *refusal) MUST_CHECK;
enum err registration_decide(struct db_conn *c, const struct link_owner *owner,
                             enum registration_refusal *refusal) MUST_CHECK;
/* What was declared for this registration counts for the person now. */
enum err registration_declared(struct db_conn *c, const struct id *registration,
                               int64_t now) MUST_CHECK;
/* Their registrations are compared with the register as it is now, if they gave their number. */
enum err person_verify(struct db_conn *c, const struct id *hcp, int64_t now) MUST_CHECK;
/* What a link is about, without using it. ERR_NOT_FOUND: unknown or expired. */
enum err registration_preview(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                              int64_t now, json_t **out) MUST_CHECK;
/* A request is withdrawn. ERR_NOT_FOUND: unknown or expired link. */
enum err registration_cancel_by_link(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                                     const char *base_url, int64_t now,
                                     struct registration_touched *touched) MUST_CHECK;
/* By its HCP, or by an organiser of its organisation. */
enum err registration_cancel(struct db_conn *c, const struct identity *who,
                             const struct id *registration, const char *base_url, int64_t now,
                             struct registration_touched *touched) MUST_CHECK;
enum err registration_mine(struct db_conn *c, const struct identity *who, json_t **out) MUST_CHECK;
/* The person's own correction of their name, which holds for all their registrations. */
enum err registration_rename(struct db_conn *c, struct change *change, const char *first_name,
                             const char *last_name, json_t **out) MUST_CHECK;
/* The person's copy; that they took it is audited. */
enum err registration_data(struct db_conn *c, const struct identity *who, int64_t now,
                           json_t **out) MUST_CHECK;

/* --- what a person corrects about themselves (registration_my_store.c) --- */
/* out NULL on failure. *field and *reason, when not NULL: what is wrong, and nothing was changed.
 */
enum err my_profile(struct db_conn *c, const struct identity *who, int64_t now,
                    json_t **out) MUST_CHECK;
/* Attributes of this registration, and what is declared of the person. */
enum err my_profile_change(struct db_conn *c, struct change *change,
                           const struct registration_form *form, const char **field,
                           const char **reason, json_t **out) MUST_CHECK;
/* Another answer to a wording; ERR_CONFLICT: there is a newer version. */
enum err my_consent_add(struct db_conn *c, struct change *change, const struct consent *consent,
                        const char *language, json_t **out) MUST_CHECK;

/* --- another address (registration_address_store.c) --- */
/* Mails the new address its code. The result is the same when the address had too many mails.
 * ERR_RATE: the person asked too often; ERR_CONFLICT: it is theirs already. */
enum err my_address_ask(struct db_conn *c, struct change *change, const char *email,
                        json_t **out) MUST_CHECK;
enum address_refusal {
    ADDRESS_OK,
    ADDRESS_WRONG_CODE,
    ADDRESS_EXPIRED, /* nothing waits, or too many wrong codes */
    ADDRESS_TAKEN,   /* somebody of this name, or too many people, have it */
};
struct address_result {
    enum address_refusal refusal;
    struct registrations_touched touched; /* the caller frees the items */
    json_t *profile;                      /* new reference; NULL unless changed */
};
/* The address counts: links and other sign-ins end, new links go to the new address, the old one is
 * told. */
enum err my_address_confirm(struct db_conn *c, struct change *change, const char *code,
                            const char *base_url, struct address_result *out) MUST_CHECK;

/* --- for organisers (registrations_store.c) --- */
struct registrations_wanted {
    const struct id *congress;
    const char *search, *state, *channel; /* NULL: any */
    const struct id *profile;             /* a target profile that matches; NULL: any */
    bool no_profile;                      /* none matches */
    const char *registry; /* what the register said, "none": it was not asked; NULL: any */
    const char *category; /* NULL: any */
    struct cursor after;
    int limit;
    int64_t now;
};
struct registrations_page {
    json_t *items; /* new reference */
    struct cursor last;
    bool more;
    int64_t found;   /* on all pages */
    int64_t waiting; /* forms that their mails did not confirm yet, whatever is wanted */
};
enum err registrations_list(struct db_conn *c, const struct identity *who,
                            const struct registrations_wanted *wanted,
                            struct registrations_page *out) MUST_CHECK;
/* Mails a person their link. ERR_CONFLICT: cancelled; ERR_RATE: they had MAILS_PER_HOUR. */
enum err registration_remind(struct db_conn *c, const struct identity *who,
                             const struct id *registration, const char *base_url,
                             int64_t now) MUST_CHECK;
/* The e-mail addresses that the person has and had, and what they asked to change them to; none
 * once they were erased. */
enum err person_addresses(struct db_conn *c, const struct change *change,
                          const struct id *registration, json_t **addresses) MUST_CHECK;
/* Empties what is personal; touched: every registration of that person, one for each congress; the
 * caller frees the items. */
enum err registration_erase(struct db_conn *c, struct change *change, const struct id *registration,
                            struct registrations_touched *touched) MUST_CHECK;

/* Who read how many people of the list; no line for none. */
enum err registrations_audit_read(struct db_conn *c, const struct identity *who,
                                  const struct id *congress, size_t count, bool searched,
                                  int64_t now) MUST_CHECK;

/* --- registration links, for organisers (links_store.c) --- */
enum err links_list(struct db_conn *c, const struct identity *who, const struct id *congress,
                    const char *base_url, int64_t now, json_t **items) MUST_CHECK;
/* ERR_CONFLICT: there is one with this label; ERR_TOO_LARGE: no more than 200. */
enum err links_add(struct db_conn *c, const struct identity *who, const struct id *congress,
                   const char *channel, const char *label, const char *base_url, int64_t now,
                   json_t **out) MUST_CHECK;
struct link_change {
    const char *label; /* NULL: as it is */
    bool switches, open;
};
/* Forms that were filled in before it was switched off can still be confirmed. ERR_CONFLICT as
 * above. */
enum err links_change(struct db_conn *c, const struct identity *who, const struct id *id,
                      const struct link_change *change, const char *base_url, int64_t now,
                      json_t **out) MUST_CHECK;
/* ERR_CONFLICT: somebody registered by it, or is about to. */
enum err links_delete(struct db_conn *c, const struct identity *who, const struct id *id,
                      int64_t now) MUST_CHECK;

/* --- the person of a registration (registration_person_store.c) --- */
/* Until the end of the transaction nobody else counts what an address has: mails, people. */
enum err address_lock(struct db_conn *c, const char *email) MUST_CHECK;
/* "First Last", from malloc(); NULL: erased, or there is no such registration. */
enum err registration_name(struct db_conn *c, const struct id *registration,
                           char **name) MUST_CHECK;
/* The person of a registration of the organisation, with their row and those of all sessions where
 * their name may be shown locked. ERR_NOT_FOUND. */
enum err person_lock(struct db_conn *c, const struct change *change, const struct id *registration,
                     struct id *hcp) MUST_CHECK;
/* Within the transaction: the person's links and sign-ins end; `but` (NULL: none) stays. */
enum err person_end_access(struct db_conn *c, const struct id *hcp, const struct id *but,
                           int64_t now) MUST_CHECK;
/* Every registration of the person; the caller frees the items. */
enum err person_touched(struct db_conn *c, const struct id *hcp,
                        struct registrations_touched *touched) MUST_CHECK;
/* Within the transaction: the person has this name from now on. ERR_CONFLICT: somebody of the same
 * address and name is known. */
enum err person_rename(struct db_conn *c, struct change *change, const struct id *hcp,
                       const char *first_name, const char *last_name) MUST_CHECK;
/* Says in the log of each session where the person's name is shown what happened to it. */
enum err person_tell(struct db_conn *c, struct change *change, const struct id *hcp,
                     const char *type) MUST_CHECK;

#endif
