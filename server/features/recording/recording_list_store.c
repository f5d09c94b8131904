/* Recordings for the pages of staff. */
#include "db/query.h"
#include "features/recording/recording_film_store.h"
#include "room/change.h"
#include <stdio.h>

/* People are named by what they are called now; nobody is who was erased. */
#define PEOPLE                                                                                     \
    "(SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.person_id, 'name',"                     \
    "        coalesce(a.name, nullif(btrim(h.first_name || ' ' || h.last_name), '')),"             \
    "        'seconds', p.seconds) ORDER BY p.seconds DESC, p.person_id), '[]')"                   \
    "   FROM (SELECT k.person_id, k.account_id, k.registration_id,"                                \
    "                extract(epoch FROM sum(k.to_at - k.from_at))::bigint AS seconds"              \
    "           FROM recording_chunk k WHERE k.recording_id = r.id GROUP BY 1, 2, 3) p"            \
    "   LEFT JOIN account a ON a.id = p.account_id"                                                \
    "   LEFT JOIN registration g ON g.id = p.registration_id LEFT JOIN hcp h ON h.id = g.hcp_id)"

/* What may be on the disk of a server that ended meanwhile, and on no other: from the end of what
 * was kept of somebody until then. It is no gap any more once that server has started again, and
 * none yet while others may still write what covers it. */
#define GAPS                                                                                       \
    "(SELECT coalesce(jsonb_agg(jsonb_build_object('from', json_time(x.from_at), 'seconds',"       \
    "        ceil(extract(epoch FROM x.ended - x.from_at))::int) ORDER BY x.from_at), '[]')"       \
    "   FROM (SELECT n.stopped_at AS ended, min(k.to_at) AS from_at FROM node n"                   \
    "           JOIN LATERAL (SELECT max(to_at) AS to_at FROM recording_chunk"                     \
    "                 WHERE recording_id = r.id AND from_at <= n.stopped_at GROUP BY person_id) k" \
    "             ON k.to_at BETWEEN n.stopped_at - interval '16 s'"                               \
    "                            AND n.stopped_at - interval '1.5 s'"                              \
    "          WHERE n.stopped_at BETWEEN r.started_at AND least(coalesce(r.stopped_at,"           \
    "                'infinity'), clock_timestamp() - interval '20 s')"                            \
    "          GROUP BY n.id, n.stopped_at) x)"

enum err recordings_list(struct db_conn *c, const struct identity *who, const struct id *session,
                         json_t **items, bool *automatic)
{
    bool more;
    enum err err = db_read_bool(c, automatic,
                                "SELECT EXISTS (SELECT 1 FROM recording_setting t WHERE "
                                "t.session_id = s.id AND t.automatic)"
                                "  FROM session s WHERE s.id = $1 AND s.organisation_id = $2",
                                "uu", session, &who->organisation);
    if (err != ERR_OK)
        return err;
    struct db_result *r = db_query(
        c,
        "SELECT jsonb_build_object('id', r.id, 'started_at', json_time(r.started_at),"
        "         'stopped_at', json_time(r.stopped_at), 'why', r.why, 'bytes',"
        "         (SELECT coalesce(sum(k.bytes), 0) FROM recording_chunk k"
        "           WHERE k.recording_id = r.id), 'people', " PEOPLE ","
        "         'gaps', " GAPS ","
        "         'film', CASE WHEN f.recording_id IS NOT NULL THEN jsonb_build_object("
        "            'state', f.state, 'bytes', f.bytes, 'seconds', f.duration_ms / 1000) END)"
        "  FROM recording r LEFT JOIN recording_film f ON f.recording_id = r.id"
        " WHERE r.session_id = $1 ORDER BY r.started_at DESC LIMIT 101",
        "u", session);
    err = db_err(r);
    if (err == ERR_OK)
        db_json_rows(r, 100, items, &more);
    db_result_free(r);
    return err;
}

static enum err write_setting(struct db_conn *c, struct change *change, const struct id *session,
                              bool automatic)
{
    enum err err = db_found(
        c,
        "INSERT INTO recording_setting (session_id, organisation_id, automatic)"
        " SELECT id, organisation_id, $3 FROM session WHERE id = $1 AND organisation_id = $2"
        " ON CONFLICT (session_id) DO UPDATE SET automatic = excluded.automatic RETURNING 1",
        "uub", session, &change->who.organisation, automatic);
    if (err == ERR_OK)
        err = change_audit(c, change, "recording.set", "session", session,
                           json_pack("{s:b}", "automatic", automatic));
    return err == ERR_OK ? change_event(c, change, session, "recording.set",
                                        json_pack("{s:b}", "automatic", automatic))
                         : err;
}

enum err recording_set_automatic(struct db_conn *c, struct change *change, const struct id *session,
                                 bool automatic)
{
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = sessions_lock(c, session, 1);
    if (err == ERR_OK)
        err = write_setting(c, change, session, automatic);
    return change_end(c, change, err);
}

/* --- deleting --- */

/* Locked, so that no chunk is kept for it meanwhile. */
static enum err lock_stopped(struct db_conn *c, const struct identity *who,
                             const struct id *recording, struct id *session)
{
    struct db_result *r = db_query(c,
                                   "SELECT session_id, stopped_at IS NOT NULL FROM recording"
                                   " WHERE id = $1 AND organisation_id = $2 FOR UPDATE",
                                   "uu", recording, &who->organisation);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        *session = db_id(r, 0, 0);
        err = db_bool(r, 0, 1) ? ERR_OK : ERR_CONFLICT;
    }
    db_result_free(r);
    return err;
}

static enum err delete_all(struct db_conn *c, const struct id *recording)
{
    enum err err =
        db_exec(c, "DELETE FROM recording_chunk WHERE recording_id = $1", "u", recording);
    if (err == ERR_OK)
        err = db_exec(c, "DELETE FROM recording_film WHERE recording_id = $1", "u", recording);
    return err == ERR_OK ? db_exec(c, "DELETE FROM recording WHERE id = $1", "u", recording) : err;
}

enum err recording_remove(struct db_conn *c, const struct identity *who, const struct id *recording,
                          int64_t now)
{
    struct id session;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_stopped(c, who, recording, &session);
    if (err == ERR_OK)
        err = delete_all(c, recording);
    if (err == ERR_OK)
        err = recording_freed(c, &who->organisation, now);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "recording.delete", "session", &session, NULL);
    return db_end(c, err);
}

/* One that is ready, or being made, stays. */
static enum err want_film(struct db_conn *c, const struct identity *who, const struct id *recording,
                          int64_t now)
{
    struct id session;
    enum err err = lock_stopped(c, who, recording, &session);
    if (err != ERR_OK)
        return err;
    err = db_found(c, "SELECT 1 FROM recording_film WHERE recording_id = $1 AND state <> 'failed'",
                   "u", recording);
    return err == ERR_NOT_FOUND ? recording_film_wanted(c, &who->organisation, recording, now)
                                : err;
}

enum err recording_film_again(struct db_conn *c, const struct identity *who,
                              const struct id *recording, int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = want_film(c, who, recording, now);
    return db_end(c, err);
}

enum err recording_film_read(struct db_conn *c, const struct identity *who,
                             const struct id *recording, struct film_ready *out, int64_t now)
{
    struct id session = {0};
    struct db_result *r =
        db_query(c,
                 "SELECT f.blob, f.bytes, s.title, s.id FROM recording_film f"
                 "  JOIN recording r ON r.id = f.recording_id JOIN session s ON s.id = r.session_id"
                 " WHERE f.recording_id = $1 AND f.organisation_id = $2 AND f.state = 'ready'",
                 "uu", recording, &who->organisation);
    enum err err = db_one(r);
    if (err == ERR_OK && db_bytes(r, 0, 0, out->hash, BLOB_HASH_SIZE) != BLOB_HASH_SIZE)
        err = ERR_INTERNAL;
    if (err == ERR_OK) {
        out->bytes = db_int(r, 0, 1);
        snprintf(out->name, sizeof out->name, "%s", db_text(r, 0, 2));
        session = db_id(r, 0, 3);
    }
    db_result_free(r);
    return err == ERR_OK ? audit_write(c, who, now, "recording.export", "session", &session, NULL)
                         : err;
}
