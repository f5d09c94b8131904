/* The letter to a representative. Worker thread, inside the caller's transaction. */
#ifndef AMPHI_FEATURES_REPRESENTATIVES_MAIL_H
#define AMPHI_FEATURES_REPRESENTATIVES_MAIL_H

#include "base/id.h"
#include "db/db.h"

struct representative_mail {
    struct id organisation;
    const char *organisation_name, *accent;
    const char *name, *to, *language; /* of the representative */
    const char *congress;
    const char *page, *link; /* the secret address of their page; what they give to others */
};
enum err representative_mail_queue(struct db_conn *c, const struct representative_mail *m,
                                   int64_t now) MUST_CHECK;

#endif
