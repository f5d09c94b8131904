/* The mail that invites somebody, and the links in it. Database workers. */
#ifndef AMPHI_FEATURES_INVITATIONS_MAIL_H
#define AMPHI_FEATURES_INVITATIONS_MAIL_H

#include "crypto/crypto.h"
#include "crypto/secrets.h"
#include "db/query.h"
#include "mail/letter.h"

#define INVITATION_URL_SIZE 512

/* What a round's mails have in common. */
struct invitation_round_mail {
    struct id organisation;
    char organisation_name[801], contact[256], accent[16], congress[801], time_zone[64];
    char language[4];           /* of the congress */
    char starts[32];            /* of its first session, local: "2026-12-01T19:30"; "": none */
    char code[16];              /* of the registration page; "": there is none yet */
    char *subject[2], *text[2]; /* French, English */
};
/* ERR_NOT_FOUND. Release what it returned in any case. */
enum err invitation_round_mail_read(struct db_conn *c, const struct id *round,
                                    struct invitation_round_mail *out) MUST_CHECK;
void invitation_round_mail_release(struct invitation_round_mail *mail);

/* A personal link and the one that wants no more invitations. They are made from a key and the
 * invitation's id, so that a file for a CRM can be made twice: the database has hashes alone. */
struct invitation_links {
    char link[INVITATION_URL_SIZE], opt_out[INVITATION_URL_SIZE], one_click[INVITATION_URL_SIZE];
    uint8_t link_hash[TOKEN_HASH_SIZE], opt_out_hash[TOKEN_HASH_SIZE];
};
/* ERR_INTERNAL: the base URL is too long. */
enum err invitation_links_make(const struct secrets *secrets, const struct id *invitation,
                               const char *base_url, struct invitation_links *out) MUST_CHECK;
/* Of a preview: they lead to no invitation. */
enum err invitation_links_sample(const char *base_url, struct invitation_links *out) MUST_CHECK;

struct invited {
    struct id id;
    const char *email, *first_name, *last_name, *language;
};
/* The letter; its subject in `subject`. Check letter_ok() and buf_failed(); release both. */
void invitation_letter(struct letter *l, struct buf *subject,
                       const struct invitation_round_mail *round, const struct invited *to,
                       const struct invitation_links *links, bool trial);
/* In the caller's transaction. trial: it says so, has no id and is not one of many. */
enum err invitation_mail_queue(struct db_conn *c, const struct invitation_round_mail *round,
                               const struct invited *to, const struct invitation_links *links,
                               bool trial, int64_t now) MUST_CHECK;

#endif
