/* What is amiss in a session's programme, for those who write it. */
#include "base/mem.h"
#include "db/query.h"
#include "features/programme/programme_store.h"

static struct slot slot_of(const struct db_result *r, int row)
{
    struct id session = db_id(r, row, 0), talk = db_id(r, row, 1);
    return slot_make(&session, &talk, db_time(r, row, 2), db_int(r, row, 3), db_int(r, row, 4));
}

/* Takes warning. */
static void add(json_t *warnings, json_t *warning)
{
    if (json_array_size(warnings) < WARNINGS_MAX)
        json_array_append_new(warnings, warning);
    else
        json_decref(warning);
}

static void warn_of_talk(json_t *warnings, const struct db_result *r, int row)
{
    struct slot talk = slot_of(r, row);
    char id[ID_TEXT_SIZE], other_id[ID_TEXT_SIZE];
    id_text(&talk.talk, id);
    if (slot_overruns(&talk, db_time(r, row, 5)))
        add(warnings, json_pack("{s:s,s:s}", "kind", "overrun", "talk", id));
    for (int before = 0; before < row; before++) {
        struct slot other = slot_of(r, before);
        if (slots_overlap(&other, &talk))
            add(warnings, json_pack("{s:s,s:s,s:s}", "kind", "overlap", "talk", id, "other",
                                    id_text(&other.talk, other_id)));
    }
}

static enum err warn_of_talks(struct db_conn *c, const struct id *session, json_t *warnings)
{
    struct db_result *r =
        db_query(c,
                 "SELECT s.id, t.id, s.starts_at, t.start_minute::bigint, t.minutes::bigint,"
                 "       s.starts_at + make_interval(mins => s.planned_minutes)"
                 "  FROM talk t JOIN session s ON s.id = t.session_id WHERE s.id = $1"
                 " ORDER BY t.position, t.id",
                 "u", session);
    enum err err = db_err(r);
    for (int row = 0; err == ERR_OK && row < db_rows(r); row++)
        warn_of_talk(warnings, r, row);
    db_result_free(r);
    return err;
}

/* Rows of one person are one after the other; those elsewhere are told beside those here. */
static void warn_of_person(json_t *warnings, const struct id *session, const struct db_result *r,
                           int row)
{
    struct slot here = slot_of(r, row);
    struct id person = db_id(r, row, 5);
    char speaker[ID_TEXT_SIZE];
    for (int n = 0; n < db_rows(r) && id_equal(&here.session, session); n++) {
        struct slot other = slot_of(r, n);
        struct id other_person = db_id(r, n, 5);
        bool told = n == row || (n < row && id_equal(&other.session, session));
        if (!told && id_equal(&person, &other_person) && slots_clash(&here, &other))
            add(warnings, json_pack("{s:s,s:s,s:s}", "kind", "speaker", "speaker",
                                    id_text(&person, speaker), "elsewhere", db_text(r, n, 6)));
    }
}

/* Whoever of this session is wanted at two places of the congress at once. */
static enum err warn_of_people(struct db_conn *c, const struct id *session, json_t *warnings)
{
    struct db_result *r = db_query(
        c,
        "SELECT s.id, x.talk_id, s.starts_at, coalesce(t.start_minute, 0)::bigint,"
        "       coalesce(t.minutes, s.planned_minutes)::bigint, x.speaker_id,"
        "       coalesce(t.title, s.title)"
        "  FROM session_speaker x JOIN session s ON s.id = x.session_id AND s.state <> 'cancelled'"
        "  LEFT JOIN talk t ON t.id = x.talk_id"
        " WHERE x.speaker_id IN (SELECT speaker_id FROM session_speaker WHERE session_id = $1)"
        " ORDER BY x.speaker_id, s.starts_at, t.start_minute LIMIT 2000",
        "u", session);
    enum err err = db_err(r);
    for (int row = 0; err == ERR_OK && row < db_rows(r); row++)
        warn_of_person(warnings, session, r, row);
    db_result_free(r);
    return err;
}

enum err programme_warn(struct db_conn *c, const struct id *session, json_t *programme)
{
    json_t *warnings = json_array();
    enum err err = warn_of_talks(c, session, warnings);
    if (err == ERR_OK)
        err = warn_of_people(c, session, warnings);
    json_object_set_new(programme, "warnings", warnings);
    return err;
}
