/* The table mail_text, of which a mail asks what its organisation says. */
#include "db/query.h"
#include "mail/words.h"
#include <stdio.h>

enum err words_find(struct db_conn *c, const struct id *organisation, enum mail_kind kind,
                    const char *language, struct mail_words *out)
{
    struct db_result *r = db_query(c,
                                   "SELECT subject, body FROM mail_text"
                                   " WHERE organisation_id = $1 AND kind = $2 AND language = $3",
                                   "uss", organisation, mail_kind_names[kind], language);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0) {
        words_default(kind, language, out);
    } else if (err == ERR_OK) {
        snprintf(out->subject, sizeof out->subject, "%s", db_text(r, 0, 0));
        snprintf(out->body, sizeof out->body, "%s", db_text(r, 0, 1));
        out->own = true;
    }
    db_result_free(r);
    return err;
}
