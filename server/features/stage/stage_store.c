#include "features/stage/stage_store.h"
#include "base/mem.h"
#include "db/query.h"
#include <stdio.h>
#include <string.h>

/* --- reading --- */

static int word_of(const char *text, const char *const *words)
{
    int i = 0;
    while (words[i + 1] && strcmp(words[i], text) != 0)
        i++;
    return i;
}

static struct stage_person person_from(const struct db_result *r, int row)
{
    struct stage_person p = {.id = db_id(r, row, 0),
                             .staff = db_bool(r, row, 1),
                             .place =
                                 (enum stage_place)word_of(db_text(r, row, 2), stage_place_words),
                             .picture = db_bool(r, row, 3),
                             .muted = db_bool(r, row, 4),
                             .camera_off = db_bool(r, row, 5),
                             .screen = db_bool(r, row, 6),
                             .since = db_time(r, row, 7)};
    snprintf(p.who.name, sizeof p.who.name, "%s", db_text(r, row, 8));
    p.who.roles = (unsigned)db_int(r, row, 9);
    return p;
}

static enum err load_people(struct db_conn *c, const struct id *session, struct stage_set *s)
{
    struct db_result *r = db_query(
        c,
        "SELECT p.person_id, p.account_id IS NOT NULL, p.place, p.picture, p.muted, p.camera_off,"
        "       p.screen, p.since, coalesce(a.name, trim(h.first_name || ' ' || h.last_name)),"
        "       coalesce(g.roles, 0)"
        "  FROM stage_person p LEFT JOIN account a ON a.id = p.account_id"
        "  LEFT JOIN session s ON s.id = p.session_id AND a.id IS NOT NULL"
        "  LEFT JOIN LATERAL roles_at(a.id, s.organisation_id, s.congress_id, s.id, p.since) g"
        "    ON true"
        "  LEFT JOIN registration r ON r.id = p.registration_id LEFT JOIN hcp h ON h.id = r.hcp_id"
        " WHERE p.session_id = $1 ORDER BY p.since, p.person_id LIMIT $2",
        "ui", session, (int64_t)(STAGE_PEOPLE_MOST + STAGE_INVITED_MOST));
    enum err err = db_err(r);
    for (int row = 0; !err && row < db_rows(r); row++)
        s->people[s->n++] = person_from(r, row);
    db_result_free(r);
    return err;
}

enum err stage_load(struct db_conn *c, const struct id *session, struct stage_set *s)
{
    struct db_result *r =
        db_query(c, "SELECT layout, spotlight FROM stage WHERE session_id = $1", "u", session);
    enum err err = db_err(r);
    if (!err && db_rows(r)) {
        s->layout = (enum stage_layout)word_of(db_text(r, 0, 0), stage_layout_words);
        s->spotlight = db_id(r, 0, 1);
    }
    db_result_free(r);
    return err ? err : load_people(c, session, s);
}

enum err stage_hands_load(struct db_conn *c, const struct id *session, struct stage_hands *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT g.registration_id, trim(h.first_name || ' ' || h.last_name), g.raised_at"
                 "  FROM stage_hand g JOIN registration r ON r.id = g.registration_id"
                 "  JOIN hcp h ON h.id = r.hcp_id"
                 " WHERE g.session_id = $1 ORDER BY g.raised_at, g.registration_id",
                 "u", session);
    enum err err = db_err(r);
    size_t n = err ? 0 : (size_t)db_rows(r);
    out->items = mem_new_array(n, sizeof *out->items);
    for (; out->n < n; out->n++) {
        struct stage_hand *hand = &out->items[out->n];
        hand->person = db_id(r, (int)out->n, 0);
        snprintf(hand->name, sizeof hand->name, "%s", db_text(r, (int)out->n, 1));
        hand->at = db_time(r, (int)out->n, 2);
    }
    db_result_free(r);
    return err;
}

enum err stage_who(struct db_conn *c, const struct id *session, const struct id *person, bool staff,
                   int64_t at, struct stage_who *who)
{
    struct db_result *r =
        staff ? db_query(c,
                         "SELECT a.name, g.roles FROM account a, session s, LATERAL"
                         " roles_at(a.id, s.organisation_id, s.congress_id, s.id, $3) g"
                         " WHERE a.id = $1 AND s.id = $2",
                         "uut", person, session, at)
              : db_query(c,
                         "SELECT trim(h.first_name || ' ' || h.last_name), 0 FROM registration r"
                         "  JOIN hcp h ON h.id = r.hcp_id WHERE r.id = $1",
                         "u", person);
    enum err err = db_err(r);
    bool found = !err && db_rows(r);
    snprintf(who->name, sizeof who->name, "%s", found ? db_text(r, 0, 0) : "");
    who->roles = found ? (unsigned)db_int(r, 0, 1) : 0;
    db_result_free(r);
    return err;
}

/* --- writing --- */

static enum err write_person(struct db_conn *c, const struct id *session,
                             const struct stage_person *p)
{
    return db_exec(c,
                   "INSERT INTO stage_person (session_id, organisation_id, account_id,"
                   " registration_id, place, picture, muted, camera_off, screen, since)"
                   " SELECT id, organisation_id, $2, $3, $4, $5, $6, $7, $8, $9 FROM session"
                   "  WHERE id = $1"
                   " ON CONFLICT (session_id, person_id) DO UPDATE SET place = excluded.place,"
                   " picture = excluded.picture, muted = excluded.muted,"
                   " camera_off = excluded.camera_off, screen = excluded.screen,"
                   " since = excluded.since",
                   "uuusbbbbt", session, p->staff ? &p->id : NULL, p->staff ? NULL : &p->id,
                   stage_place_words[p->place], p->picture, p->muted, p->camera_off, p->screen,
                   p->since);
}

static enum err delete_person(struct db_conn *c, const struct id *session,
                              const struct stage_person *p)
{
    return db_exec(c, "DELETE FROM stage_person WHERE session_id = $1 AND person_id = $2", "uu",
                   session, &p->id);
}

static enum err write_stage(struct db_conn *c, const struct id *session, const struct stage_set *s)
{
    static const struct id nobody;
    bool lit = !id_equal(&s->spotlight, &nobody);
    return db_exec(c,
                   "INSERT INTO stage (session_id, organisation_id, layout, spotlight)"
                   " SELECT id, organisation_id, $2, $3 FROM session WHERE id = $1"
                   " ON CONFLICT (session_id) DO UPDATE SET layout = excluded.layout,"
                   " spotlight = excluded.spotlight",
                   "usu", session, stage_layout_words[s->layout], lit ? &s->spotlight : NULL);
}

static json_t *naming(const struct id *person)
{
    return json_pack("{s:o}", "person", stage_id_json(person));
}

static json_t *payload_of(const struct stage_set *s, const struct stage_change *change)
{
    static const struct id nobody;
    if (id_equal(&change->person.id, &nobody))
        return strcmp(change->event, "stage.layout") == 0
                   ? json_pack("{s:s}", "layout", stage_layout_words[s->layout])
                   : naming(&s->spotlight);
    if (!change->gone)
        return stage_payload(&change->person);
    json_t *payload = naming(&change->person.id);
    if (strcmp(change->event, "stage.left") == 0)
        json_object_set_new(payload, "why", json_string(change->why));
    return payload;
}

static enum err lower_hand(struct db_conn *c, struct change *change, const struct id *session,
                           const struct id *person)
{
    enum err err = db_found(
        c, "DELETE FROM stage_hand WHERE session_id = $1 AND registration_id = $2 RETURNING 1",
        "uu", session, person);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    return change_event(c, change, session, "hand.lowered", naming(person));
}

static enum err write_change(struct db_conn *c, struct change *change, const struct id *session,
                             const struct stage_set *s, const struct stage_change *one)
{
    static const struct id nobody;
    enum err err = ERR_OK;
    bool row = !id_equal(&one->person.id, &nobody);
    if (row)
        err = one->gone ? delete_person(c, session, &one->person)
                        : write_person(c, session, &one->person);
    if (!err)
        err = change_event(c, change, session, one->event, payload_of(s, one));
    if (!err && row && !one->person.staff) /* who is called, and who goes, wants no more */
        err = lower_hand(c, change, session, &one->person.id);
    return err;
}

static enum err write_outcome(struct db_conn *c, struct change *change, const struct id *session,
                              const struct stage_set *s, const struct stage_outcome *out)
{
    enum err err = ERR_OK;
    for (int i = 0; !err && i < out->n; i++)
        err = write_change(c, change, session, s, &out->changes[i]);
    return !err && out->of_stage ? write_stage(c, session, s) : err;
}

/* Nothing was found to be done: it is done already, or there never was anything. */
static enum err check_known(struct db_conn *c, struct lane_call *lc, const struct id *person)
{
    bool known = false;
    enum err err = db_read_bool(c, &known, "SELECT stage_knew($1, $2)", "uu", &lc->session, person);
    if (!err && !known && !id_equal(person, &lc->change.who.person))
        lane_call_refuse(lc, ERR_NOT_FOUND, NULL);
    return err;
}

static enum err read_session(struct db_conn *c, const struct id *session, enum session_state *out)
{
    struct db_result *r = db_query(c, "SELECT state FROM session WHERE id = $1", "u", session);
    enum err err = db_one(r);
    if (!err && !session_state_parse(db_text(r, 0, 0), out))
        err = ERR_INTERNAL;
    db_result_free(r);
    return err;
}

/* An HCP who is asked up is somebody of the session's congress who was not erased meanwhile. */
static enum err check_guest(struct db_conn *c, struct lane_call *lc, const struct id *person)
{
    enum err err = db_found(c,
                            "SELECT 1 FROM session s"
                            "  JOIN registration r ON r.congress_id = s.congress_id"
                            "  JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL"
                            " WHERE s.id = $1 AND r.id = $2",
                            "uu", &lc->session, person);
    if (err != ERR_NOT_FOUND)
        return err;
    lane_call_refuse(lc, ERR_NOT_FOUND, NULL);
    return ERR_OK;
}

enum err stage_call_write(struct db_conn *c, struct lane_call *lc)
{
    struct stage_call *call = container_of(lc, struct stage_call, lc);
    struct stage_ask *ask = &call->ask;
    struct stage_set s = {0};
    struct stage_outcome out;
    enum err err = read_session(c, &lc->session, &ask->session);
    if (!err)
        err = stage_load(c, &lc->session, &s);
    if (!err && (ask->act == STAGE_INVITE || (ask->who.roles & ROLE_HCP)))
        err = check_guest(c, lc, &ask->person);
    if (err || lc->item.err)
        return err;
    const char *refused = stage_do(&s, ask, &out);
    if (refused)
        lane_call_refuse(lc, ERR_CONFLICT, refused);
    else if (out.absent)
        err = check_known(c, lc, &ask->person);
    else
        err = write_outcome(c, &lc->change, &lc->session, &s, &out);
    return err;
}

enum err stage_lose(struct db_conn *c, struct change *change, const struct id *session,
                    const struct id *person)
{
    struct stage_ask ask = {.act = STAGE_LOSE, .person = *person};
    struct stage_set s = {0};
    struct stage_outcome out;
    enum err err = stage_load(c, session, &s);
    if (!err && !stage_do(&s, &ask, &out))
        err = write_outcome(c, change, session, &s, &out);
    return err ? err : lower_hand(c, change, session, person);
}

/* --- hands --- */

static enum err insert_hand(struct db_conn *c, struct stage_hand_call *call, bool *inserted)
{
    struct db_result *r = db_query(
        c,
        "INSERT INTO stage_hand (session_id, registration_id, organisation_id, raised_at)"
        " SELECT s.id, r.id, s.organisation_id, $3 FROM session s, registration r"
        "   JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL"
        "  WHERE s.id = $1 AND r.id = $2 AND s.state IN ('lobby', 'live')"
        "    AND (SELECT count(*) FROM stage_hand WHERE session_id = $1) < $4"
        "    AND NOT EXISTS (SELECT 1 FROM stage_person WHERE session_id = $1 AND person_id = $2)"
        " ON CONFLICT DO NOTHING RETURNING 1",
        "uuti", &call->lc.session, &call->person, call->lc.change.at, (int64_t)STAGE_HANDS_MOST);
    enum err err = db_err(r);
    *inserted = !err && db_rows(r) == 1;
    db_result_free(r);
    return err;
}

/* Why it was not: it was there, or they have a place already, or there are enough. */
static enum err refuse_hand(struct db_conn *c, struct stage_hand_call *call)
{
    struct lane_call *lc = &call->lc;
    struct db_result *r = db_query(
        c,
        "SELECT (SELECT raised_at FROM stage_hand WHERE session_id = $1 AND registration_id = $2),"
        "       s.state IN ('lobby', 'live'), EXISTS (SELECT 1 FROM stage_person"
        "        WHERE session_id = $1 AND person_id = $2) FROM session s WHERE s.id = $1",
        "uu", &lc->session, &call->person);
    enum err err = db_one(r);
    if (!err && !db_null(r, 0, 0))
        call->at = db_time(r, 0, 0);
    else if (!err)
        lane_call_refuse(lc, ERR_CONFLICT,
                         !db_bool(r, 0, 1)  ? "session.state"
                         : db_bool(r, 0, 2) ? "stage.place"
                                            : "hand.full");
    db_result_free(r);
    return err;
}

static enum err raise(struct db_conn *c, struct stage_hand_call *call)
{
    struct lane_call *lc = &call->lc;
    bool inserted = false;
    call->at = lc->change.at;
    enum err err = insert_hand(c, call, &inserted);
    if (!err && inserted)
        return change_event(c, &lc->change, &lc->session, "hand.raised", naming(&call->person));
    return err ? err : refuse_hand(c, call);
}

enum err stage_hand_write(struct db_conn *c, struct lane_call *lc)
{
    struct stage_hand_call *call = container_of(lc, struct stage_hand_call, lc);
    if (call->up)
        return raise(c, call);
    enum err err = lower_hand(c, &lc->change, &lc->session, &call->person);
    return !err && list_empty(&lc->change.events) ? check_known(c, lc, &call->person) : err;
}

/* --- erasure --- */

enum err stage_erase(struct db_conn *c, const struct id *hcp)
{
    enum err err = db_exec(c,
                           "DELETE FROM stage_person WHERE registration_id IN"
                           " (SELECT id FROM registration WHERE hcp_id = $1)",
                           "u", hcp);
    if (!err)
        err = db_exec(c,
                      "UPDATE stage SET spotlight = NULL WHERE spotlight IN"
                      " (SELECT id FROM registration WHERE hcp_id = $1)",
                      "u", hcp);
    if (!err)
        err = db_exec(c,
                      "DELETE FROM stage_hand WHERE registration_id IN"
                      " (SELECT id FROM registration WHERE hcp_id = $1)",
                      "u", hcp);
    return err;
}
