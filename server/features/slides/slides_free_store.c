#include "base/mem.h"
#include "db/query.h"
#include "features/slides/slides_store.h"

enum err deck_files_read(struct db_conn *c, const struct id *deck, struct deck_files *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT d.pdf FROM deck d WHERE d.id = $1 AND d.removed_at IS NOT NULL"
                 " UNION SELECT i.blob FROM slide_image i JOIN deck d ON d.id = i.deck_id"
                 "        WHERE d.id = $1 AND d.removed_at IS NOT NULL",
                 "u", deck);
    enum err err = db_err(r);
    int rows = err ? 0 : db_rows(r);
    if (!err && rows == 0)
        err = ERR_NOT_FOUND;
    out->hashes = rows ? mem_new_array((size_t)rows, sizeof *out->hashes) : NULL;
    for (int i = 0; i < rows; i++)
        if (db_bytes(r, i, 0, out->hashes[out->n], BLOB_HASH_SIZE) == BLOB_HASH_SIZE)
            out->n++;
    db_result_free(r);
    return err;
}

enum err deck_forget_pages(struct db_conn *c, const struct id *deck)
{
    enum err err = db_begin(c);
    if (!err)
        err = db_exec(c, "DELETE FROM slide_image WHERE deck_id = $1", "u", deck);
    if (!err)
        err = db_exec(c, "DELETE FROM slide WHERE deck_id = $1", "u", deck);
    return db_end(c, err);
}
