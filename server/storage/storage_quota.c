/* What an organisation may take of the disk. */
#include "base/config.h"
#include "db/query.h"
#include "storage/storage.h"

static struct storage_use use_of(const struct config *config, const struct db_result *r, int row)
{
    int64_t mb = db_null(r, row, 1) ? config->storage_mb : db_int(r, row, 1);
    return (struct storage_use){.used = db_int(r, row, 0), .quota = mb << 20};
}

enum err storage_use_read(struct db_conn *c, const struct config *config,
                          const struct id *organisation, struct storage_use *out)
{
    struct db_result *r =
        db_query(c, "SELECT storage_used(id), storage_mb FROM organisation WHERE id = $1", "u",
                 organisation);
    enum err err = db_one(r);
    if (!err)
        *out = use_of(config, r, 0);
    db_result_free(r);
    return err;
}

enum err storage_admit(struct db_conn *c, const struct config *config,
                       const struct id *organisation, int64_t bytes)
{
    struct storage_use use;
    enum err err = db_found(c, "SELECT 1 FROM organisation WHERE id = $1 FOR NO KEY UPDATE", "u",
                            organisation);
    if (!err)
        err = storage_use_read(c, config, organisation, &use);
    return !err && use.quota && use.used + bytes > use.quota ? ERR_CONFLICT : err;
}

enum err storage_list(struct db_conn *c, const struct config *config, storage_each *each, void *arg)
{
    struct db_result *r = db_query(
        c, "SELECT storage_used(id), storage_mb, name FROM organisation ORDER BY name, id", "");
    enum err err = db_err(r);
    for (int i = 0; !err && i < db_rows(r); i++) {
        struct storage_use use = use_of(config, r, i);
        each(arg, db_text(r, i, 2), &use, !db_null(r, i, 1));
    }
    db_result_free(r);
    return err;
}

enum err storage_set_quota(struct db_conn *c, const char *organisation, int64_t mb)
{
    enum err err = db_begin(c);
    struct db_result *r =
        err ? NULL
            : db_query(c, "UPDATE organisation SET storage_mb = $2 WHERE name = $1 RETURNING 1",
                       "si", organisation, mb);
    if (!err)
        err = db_err(r);
    if (!err && db_rows(r) != 1)
        err = db_rows(r) ? ERR_CONFLICT : ERR_NOT_FOUND;
    db_result_free(r);
    return db_end(c, err);
}
