#include "features/programme/programme_store.h"
#include "db/query.h"
#include <string.h>

enum err programme_shown(struct db_conn *c, const struct id *session, json_t **out)
{
    return db_read_json(c, out, "SELECT programme_json($1, false)", "u", session);
}

/* The version changes with everything that the programme says. */
#define WRITTEN                                                                                    \
    "(SELECT jsonb_build_object('speakers', coalesce((SELECT jsonb_agg(jsonb_build_object("        \
    "        'speaker', x.speaker_id, 'role', x.role) ORDER BY x.position, x.speaker_id)"          \
    "    FROM session_speaker x WHERE x.session_id = s.id AND x.talk_id IS NULL), '[]'),"          \
    "  'talks', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'title', t.title,"       \
    "        'abstract', t.abstract, 'start_minute', t.start_minute, 'minutes', t.minutes,"        \
    "        'speakers', coalesce((SELECT jsonb_agg(jsonb_build_object('speaker', x.speaker_id,"   \
    "              'role', x.role) ORDER BY x.position, x.speaker_id)"                             \
    "            FROM session_speaker x WHERE x.talk_id = t.id), '[]'))"                           \
    "        ORDER BY t.position, t.id), '[]') FROM talk t WHERE t.session_id = s.id)))"

enum err programme_get(struct db_conn *c, const struct id *session, json_t **out)
{
    json_t *programme = NULL;
    enum err err = db_read_json(c, &programme,
                                "SELECT w.written || jsonb_build_object("
                                "       'version', md5(w.written::text))"
                                "  FROM session s CROSS JOIN LATERAL (SELECT " WRITTEN
                                " AS written) w WHERE s.id = $1",
                                "u", session);
    if (err == ERR_OK)
        err = programme_warn(c, session, programme);
    if (err == ERR_OK)
        *out = programme;
    else
        json_decref(programme);
    return err;
}

static enum err check_version(struct db_conn *c, const struct id *session, const char *version)
{
    bool same = false;
    enum err err = db_read_bool(c, &same,
                                "SELECT md5(" WRITTEN "::text) = $2 FROM session s"
                                " WHERE s.id = $1",
                                "us", session, version);
    return err == ERR_OK && !same ? ERR_CONFLICT : err;
}

/* How many talks and appearances there are is known: fewer rows mean that one was not allowed. */
static enum err expect(struct db_result *r, size_t n)
{
    enum err err = db_err(r);
    if (err == ERR_OK && (size_t)db_rows(r) != n)
        err = ERR_INVALID;
    db_result_free(r);
    return err;
}

static enum err write_talks(struct db_conn *c, const struct id *session, json_t *talks)
{
    enum err err = db_exec(c, "DELETE FROM session_speaker WHERE session_id = $1", "u", session);
    if (err == ERR_OK)
        err = db_exec(c,
                      "DELETE FROM talk WHERE session_id = $1 AND id NOT IN"
                      " (SELECT (t->>'id')::uuid FROM jsonb_array_elements($2) t)",
                      "uj", session, talks);
    if (err != ERR_OK)
        return err;
    return expect(
        db_query(c,
                 "INSERT INTO talk (id, organisation_id, session_id, position, title, abstract,"
                 "                  start_minute, minutes)"
                 " SELECT DISTINCT ON (1) (t.talk->>'id')::uuid, s.organisation_id, s.id, t.n::int,"
                 "        t.talk->>'title', t.talk->>'abstract', (t.talk->>'start_minute')::int,"
                 "        (t.talk->>'minutes')::int"
                 "   FROM session s, jsonb_array_elements($2) WITH ORDINALITY AS t (talk, n)"
                 "  WHERE s.id = $1"
                 " ON CONFLICT (id) DO UPDATE SET position = excluded.position,"
                 "        title = excluded.title, abstract = excluded.abstract,"
                 "        start_minute = excluded.start_minute, minutes = excluded.minutes"
                 "  WHERE talk.session_id = excluded.session_id RETURNING 1",
                 "uj", session, talks),
        json_array_size(talks));
}

static size_t count_speakers(const struct programme_body *body)
{
    size_t i, n = json_array_size(body->speakers);
    json_t *talk;
    json_array_foreach(body->talks, i, talk) n +=
        json_array_size(json_object_get(talk, "speakers"));
    return n;
}

static enum err write_speakers(struct db_conn *c, const struct id *session,
                               const struct programme_body *body)
{
    return expect(
        db_query(c,
                 "INSERT INTO session_speaker (organisation_id, session_id, talk_id, speaker_id,"
                 "                             position, role)"
                 " SELECT s.organisation_id, s.id, x.talk, p.id, x.n::int, x.role"
                 "   FROM session s CROSS JOIN"
                 "        (SELECT NULL::uuid AS talk, (e->>'speaker')::uuid AS speaker,"
                 "                e->>'role' AS role, n"
                 "           FROM jsonb_array_elements($2) WITH ORDINALITY AS a (e, n)"
                 "         UNION ALL"
                 "         SELECT (t->>'id')::uuid, (e->>'speaker')::uuid, e->>'role', n"
                 "           FROM jsonb_array_elements($3) t CROSS JOIN LATERAL"
                 "                jsonb_array_elements(t->'speakers') WITH ORDINALITY AS a (e, n))"
                 "        x JOIN speaker p ON p.id = x.speaker"
                 "  WHERE s.id = $1 AND p.congress_id = s.congress_id"
                 " ON CONFLICT DO NOTHING RETURNING 1",
                 "ujj", session, body->speakers, body->talks),
        count_speakers(body));
}

static enum err write_programme(struct db_conn *c, struct change *change, const struct id *session,
                                const struct programme_body *body)
{
    enum err err = check_version(c, session, body->version);
    if (err == ERR_OK)
        err = write_talks(c, session, body->talks);
    if (err == ERR_OK)
        err = write_speakers(c, session, body);
    if (err == ERR_OK)
        err = change_event(c, change, session, "programme.changed", json_object());
    if (err == ERR_OK)
        err = change_audit(c, change, "programme.change", "session", session,
                           json_pack("{s:I,s:I}", "talks", (json_int_t)json_array_size(body->talks),
                                     "speakers", (json_int_t)count_speakers(body)));
    return err;
}

static enum err lock_place(struct db_conn *c, const struct change *change, const struct id *session)
{
    struct id congress;
    enum err err =
        db_read_id(c, &congress, "SELECT congress_id FROM session WHERE id = $1", "u", session);
    if (err == ERR_OK)
        err = congress_lock(c, &change->who, &congress); /* against changes of its speakers */
    return err == ERR_OK ? sessions_lock(c, session, 1) : err;
}

enum err programme_set(struct db_conn *c, struct change *change, const struct id *session,
                       const struct programme_body *body, json_t **out)
{
    json_t *programme = NULL;
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = lock_place(c, change, session);
    if (err == ERR_OK)
        err = write_programme(c, change, session, body);
    if (err == ERR_OK)
        err = programme_get(c, session, &programme);
    err = change_end(c, change, err);
    if (err == ERR_OK)
        *out = programme;
    else
        json_decref(programme);
    return err;
}
