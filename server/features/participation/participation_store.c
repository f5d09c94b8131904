#include "features/participation/participation_store.h"
#include "base/mem.h"
#include "room/change.h"
#include <stdio.h>

static void add_profile(struct participation *out, const struct db_result *r, int row)
{
    struct profile_figures *p = &out->profiles[out->n++];
    *p = (struct profile_figures){
        .id = db_id(r, row, 0),
        .name = mem_strdup(db_text(r, row, 1)),
        .goal_registrations = db_int(r, row, 2),
        .goal_attendees = db_int(r, row, 3),
        .goal_rate = (int)db_int(r, row, 4),
        .universe = db_int(r, row, 5),
        .universe_source = db_null(r, row, 6) ? NULL : mem_strdup(db_text(r, row, 6)),
        .goal_completions = db_int(r, row, 7),
        .goal_completion_rate = (int)db_int(r, row, 8),
    };
}

static enum err read_profiles(struct db_conn *c, const struct id *session,
                              struct participation *out)
{
    struct db_result *r = db_query(
        c,
        "SELECT p.id, p.name, p.goal_registrations::bigint, p.goal_attendees::bigint, "
        "       (p.goal_participation_rate * 1000)::bigint, p.universe::bigint, p.universe_source, "
        "       p.goal_completions::bigint, (p.goal_completion_rate * 1000)::bigint "
        "  FROM session_goals($1) p LIMIT $2",
        "ui", session, (int64_t)PROFILES_MAX);
    enum err err = db_err(r);
    for (int row = 0; err == ERR_OK && row < db_rows(r); row++)
        add_profile(out, r, row);
    db_result_free(r);
    return err;
}

static enum err read_rules(struct db_conn *c, const struct id *session, struct span_rules *rules)
{
    struct db_result *r =
        db_query(c,
                 "SELECT (extract(epoch FROM presence_gap) * 1000000)::bigint, "
                 "       (completion_threshold * 1000)::bigint FROM session WHERE id = $1",
                 "u", session);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        rules->gap = db_int(r, 0, 0);
        rules->threshold = (int)db_int(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

static enum err each_person(void *arg, const struct db_result *r)
{
    struct id id = db_id(r, 0, 0);
    struct person *person = people_put(arg, &id);
    person->registered = db_bool(r, 0, 1);
    person->profiles = (uint64_t)db_int(r, 0, 2);
    person->other = db_bool(r, 0, 3);
    return ERR_OK;
}

#define MASKS                                                                                      \
    "SELECT r.id, r.state = 'registered', coalesce(m.mask, 0), r.category <> 'hcp' FROM session "  \
    "s "                                                                                           \
    "  JOIN registration r ON r.congress_id = s.congress_id "                                      \
    "  LEFT JOIN (SELECT x.registration_id, "                                                      \
    "                    bit_or(1::bigint << (array_position($2, x.target_profile_id) - 1)) mask " \
    "               FROM registration_profile x WHERE x.target_profile_id = ANY ($2) "
#define MASKS_END "GROUP BY 1) m ON m.registration_id = r.id WHERE s.id = $1 "

static enum err load_people(struct db_conn *c, const struct id *session, const struct id *ids,
                            size_t n_ids, const struct participation *shape, struct people *people)
{
    struct id profiles[PROFILES_MAX];
    for (int i = 0; i < shape->n; i++)
        profiles[i] = shape->profiles[i].id;
    if (ids)
        return db_stream(c, each_person, people,
                         MASKS "AND x.registration_id = ANY ($3) " MASKS_END "AND r.id = ANY ($3)",
                         "uUU", session, profiles, (size_t)shape->n, ids, n_ids);
    return db_stream(c, each_person, people, MASKS MASKS_END, "uU", session, profiles,
                     (size_t)shape->n);
}

struct span_sink {
    struct people *people;
    const struct span_rules *rules;
};

static enum err each_span(void *arg, const struct db_result *r)
{
    struct span_sink *sink = arg;
    struct id id = db_id(r, 0, 0);
    struct person *person = people_get(sink->people, &id);
    int64_t left = db_time(r, 0, 2);
    if (person)
        times_add(&person->times, db_time(r, 0, 1), left,
                  span_bridge(sink->rules, left, db_time(r, 0, 3), db_bool(r, 0, 4)));
    return ERR_OK;
}

/* Before a room opens nobody is connected here: a span without an end is one that this server did
 * not live to close, and lasts until the lease of its run; or one of another node, of whose people
 * the room hears by itself (others.h). */
static enum err load_spans(struct db_conn *c, const struct id *session,
                           const struct span_rules *rules, struct people *people)
{
    struct span_sink sink = {.people = people, .rules = rules};
    return db_stream(
        c, each_span, &sink,
        "SELECT p.registration_id, p.joined_at, coalesce(p.left_at, n.lease_at), "
        "       coalesce(p.gone_at, p.left_at, n.lease_at), p.on_purpose "
        "  FROM span p JOIN node n ON n.id = p.node_id "
        " WHERE p.session_id = $1 AND p.kind = 'connected' AND p.registration_id IS NOT NULL"
        "   AND NOT (p.left_at IS NULL AND n.stopped_at IS NULL"
        "       AND coalesce(n.id::text <> current_setting('amphi.node', true), false))",
        "u", session);
}

enum err participation_load(struct db_conn *c, const struct id *session, enum load_what what,
                            const struct id *ids, size_t n_ids, struct span_rules *rules,
                            struct participation *shape, struct people *people)
{
    enum err err = read_rules(c, session, rules);
    if (err == ERR_OK && what != LOAD_SOME)
        err = read_profiles(c, session, shape);
    if (err == ERR_OK)
        err = load_people(c, session, what == LOAD_SOME ? ids : NULL, n_ids, shape, people);
    if (err == ERR_OK && what == LOAD_OPENING)
        err = load_spans(c, session, rules, people);
    return err;
}

static enum err read_about(struct db_conn *c, const struct id *organisation,
                           const struct id *session, struct participation_session *about,
                           struct participation *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT s.state, g.title, s.title, "
                 "       to_char(s.starts_at AT TIME ZONE zone_here(g.time_zone), 'YYYY-MM-DD'), "
                 "       CASE WHEN s.live_at IS NULL THEN 0 ELSE greatest(0, (extract(epoch FROM "
                 "            coalesce(s.ended_at, (SELECT max(lease_at) FROM node), s.live_at) "
                 "            - s.live_at) * 1000000)::bigint) END "
                 "  FROM session s JOIN congress g ON g.id = s.congress_id "
                 " WHERE s.id = $2 AND s.organisation_id = $1",
                 "uu", organisation, session);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        snprintf(about->state, sizeof about->state, "%s", db_text(r, 0, 0));
        snprintf(about->congress, sizeof about->congress, "%s", db_text(r, 0, 1));
        snprintf(about->title, sizeof about->title, "%s", db_text(r, 0, 2));
        snprintf(about->day, sizeof about->day, "%s", db_text(r, 0, 3));
        out->live_us = db_int(r, 0, 4);
    }
    db_result_free(r);
    return err;
}

static struct figures *figures_of(struct participation *out, const struct id *profile)
{
    for (int i = 0; i < out->n; i++)
        if (id_equal(&out->profiles[i].id, profile))
            return &out->profiles[i].figures;
    return NULL;
}

static struct figures figures_at(const struct db_result *r, int row, int col)
{
    return (struct figures){.registered = db_int(r, row, col),
                            .present = db_int(r, row, col + 1),
                            .attended = db_int(r, row, col + 2),
                            .completed = db_int(r, row, col + 3)};
}

static enum err read_figures(struct db_conn *c, const struct id *session, struct participation *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT target_profile_id, registered, present, attended, completed "
                 "  FROM session_participation($1)",
                 "u", session);
    enum err err = db_err(r);
    for (int row = 0; err == ERR_OK && row < db_rows(r); row++) {
        struct id profile = db_id(r, row, 0);
        struct figures *f = db_null(r, row, 0) ? &out->all : figures_of(out, &profile);
        if (f)
            *f = figures_at(r, row, 1);
    }
    db_result_free(r);
    return err;
}

/* Of HCPs whom no profile matches, and of everybody else. */
static enum err read_beside(struct db_conn *c, const struct id *session, struct participation *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT n.registered, n.present, n.attended, n.completed, o.registered, o.present,"
                 "       o.attended, o.completed"
                 "  FROM session_no_profile($1) n, session_others($1) o",
                 "u", session);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        out->no_profile = figures_at(r, 0, 0);
        out->others = figures_at(r, 0, 4);
    }
    db_result_free(r);
    return err;
}

enum err participation_read(struct db_conn *c, const struct id *organisation,
                            const struct id *session, struct participation_session *about,
                            struct participation *out)
{
    enum err err = read_about(c, organisation, session, about, out);
    if (err == ERR_OK)
        err = read_profiles(c, session, out);
    if (err == ERR_OK)
        err = read_figures(c, session, out);
    if (err == ERR_OK)
        err = read_beside(c, session, out);
    return err;
}

enum err participation_audit_export(struct db_conn *c, const struct identity *who,
                                    const struct id *session, int profiles, int64_t now)
{
    return audit_write(c, who, now, "participation.export", "session", session,
                       json_pack("{s:i}", "profiles", profiles));
}
