/* What the links of an invitation open: its congress's registration page, and the wish for no more
 * invitations. */
#include "features/invitations/invitations_store.h"

static enum err found(enum err err, const json_t *answer)
{
    return err == ERR_OK && !answer ? ERR_NOT_FOUND : err;
}

enum err invitation_holder(struct db_conn *c, enum invitation_link kind,
                           const uint8_t hash[static TOKEN_HASH_SIZE], struct id *holder)
{
    if (kind == LINK_PERSONAL)
        return db_read_id(c, holder, "SELECT id FROM invitation WHERE token_hash = $1", "x", hash,
                          (size_t)TOKEN_HASH_SIZE);
    return db_read_id(c, holder, "SELECT id FROM invitation WHERE opt_out_hash = $1", "x", hash,
                      (size_t)TOKEN_HASH_SIZE);
}

enum err invitation_open(struct db_conn *c, const uint8_t hash[static TOKEN_HASH_SIZE], int64_t now,
                         json_t **out)
{
    enum err err = db_read_json(c, out, "SELECT invitation_open($1, $2)", "xt", hash,
                                (size_t)TOKEN_HASH_SIZE, now);
    return found(err, *out);
}

enum err invitation_decline(struct db_conn *c, const uint8_t hash[static TOKEN_HASH_SIZE],
                            bool declines, int64_t now)
{
    bool done = false;
    enum err err = db_read_bool(c, &done, "SELECT invitation_decline($1, $2, $3) IS NOT NULL",
                                "xbt", hash, (size_t)TOKEN_HASH_SIZE, (int)declines, now);
    return err == ERR_OK && !done ? ERR_NOT_FOUND : err;
}

enum err invitation_opt_out_read(struct db_conn *c, const uint8_t hash[static TOKEN_HASH_SIZE],
                                 json_t **out)
{
    enum err err = db_read_json(c, out, "SELECT invitation_opt_out_json($1)", "x", hash,
                                (size_t)TOKEN_HASH_SIZE);
    return found(err, *out);
}

enum err invitation_opt_out(struct db_conn *c, const uint8_t hash[static TOKEN_HASH_SIZE], bool out,
                            int64_t now, json_t **answer)
{
    enum err err = db_read_json(c, answer, "SELECT invitation_opt_out_set($1, $2, $3)", "xbt", hash,
                                (size_t)TOKEN_HASH_SIZE, (int)out, now);
    return found(err, *answer);
}
