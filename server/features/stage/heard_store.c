#include "features/stage/heard_store.h"
#include "db/query.h"

/* Beginnings or ends of different connections, as many as are one statement. */
struct group {
    struct id session, spans[LANE_BATCH], people[LANE_BATCH];
    int64_t times[LANE_BATCH];
    bool playing;
    size_t n;
};

static enum err flush(struct db_conn *c, struct group *g)
{
    size_t n = g->n;
    g->n = 0;
    if (n == 0)
        return ERR_OK;
    if (g->playing)
        return db_exec(
            c,
            "INSERT INTO heard (organisation_id, session_id, registration_id, span_id,"
            " started_at) SELECT s.organisation_id, s.id, v.person, v.span, v.at"
            "  FROM session s,"
            "       unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) v (person, span, at)"
            " WHERE s.id = $1 ON CONFLICT DO NOTHING",
            "uUUT", &g->session, g->people, n, g->spans, n, g->times, n);
    return db_exec(c,
                   "UPDATE heard h SET ended_at = greatest(v.at, h.started_at)"
                   "  FROM unnest($1::uuid[], $2::timestamptz[]) v (span, at)"
                   " WHERE h.span_id = v.span AND h.ended_at IS NULL",
                   "UT", g->spans, n, g->times, n);
}

enum err hearings_write(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    struct group g = {0};
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < n; i++) {
        const struct hearing *h = container_of(items[i], struct hearing, lc.item);
        if (h->playing != g.playing) /* in the order in which they came */
            err = flush(c, &g);
        g.playing = h->playing;
        g.session = h->lc.session;
        g.spans[g.n] = h->span;
        g.people[g.n] = h->lc.change.who.person;
        g.times[g.n++] = h->lc.change.at;
    }
    return err ? err : flush(c, &g);
}

const struct export_count heard_exported[] = {
    {{"seconds_heard", "Seconds heard", "Secondes d’écoute"},
     "SELECT registration_id, seconds FROM heard_seconds($1)"},
    {{0}, NULL},
};
