/* Whom a round invites, and who is left out and why: as the database would decide it now. */
#include "features/invitations/invitations_store.h"
#include "room/change.h"

enum err round_audience(struct db_conn *c, const struct identity *who, const struct id *round,
                        int64_t now, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT invitation_audience(id, $3) FROM invitation_round"
                        " WHERE id = $1 AND organisation_id = $2",
                        "uut", round, &who->organisation, now);
}

static enum err read_page(struct db_conn *c, const struct left_out_wanted *w,
                          struct people_page *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT to_jsonb(p) - 'ordinality', p.id"
                 "  FROM invitation_left_out($1, $2, $3, $4, $5::bigint::int, $6)"
                 "  WITH ORDINALITY p ORDER BY p.ordinality",
                 "ussuit", w->round, w->reason, w->search, w->after, (int64_t)w->limit + 1, w->now);
    return db_id_page(r, w->limit, &out->items, &out->more, &out->last);
}

enum err round_left_out(struct db_conn *c, const struct identity *who,
                        const struct left_out_wanted *w, struct people_page *out)
{
    *out = (struct people_page){0};
    enum err err =
        db_found(c, "SELECT 1 FROM invitation_round WHERE id = $1 AND organisation_id = $2", "uu",
                 w->round, &who->organisation);
    if (err == ERR_OK)
        err = read_page(c, w, out);
    int people = (int)json_array_size(out->items);
    if (err == ERR_OK && people > 0)
        err = audit_write(c, who, w->now, "invitations.read", "invitation_round", w->round,
                          json_pack("{s:i,s:b}", "people", people, "searched", w->search != NULL));
    return err;
}
