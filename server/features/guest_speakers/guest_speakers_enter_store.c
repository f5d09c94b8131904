/* Coming by a guest speaker's link. */
#include "db/query.h"
#include "features/guest_speakers/guest_speakers_store.h"

enum err guest_of_secret(struct db_conn *c, const uint8_t secret[static TOKEN_HASH_SIZE],
                         int64_t now, struct id *guest)
{
    return db_read_id(c, guest,
                      "SELECT account_id FROM guest_speaker"
                      " WHERE secret_hash = $1 AND guest_until(account_id) > $2",
                      "xt", secret, (size_t)TOKEN_HASH_SIZE, now);
}

enum err guest_preview(struct db_conn *c, const struct id *guest, json_t **out)
{
    return db_read_json(
        c, out,
        "SELECT jsonb_build_object('name', a.name, 'language', a.language,"
        "  'organisation', organisation_public(g.organisation_id),"
        "  'congress', jsonb_build_object('title', n.title, 'language', n.language,"
        "     'time_zone', n.time_zone),"
        "  'session', jsonb_build_object('id', s.id, 'title', s.title, 'language', s.language,"
        "     'state', s.state, 'starts_at', json_time(s.starts_at),"
        "     'planned_minutes', s.planned_minutes))"
        "  FROM guest_speaker g JOIN account a ON a.id = g.account_id"
        "  JOIN session s ON s.id = g.session_id JOIN congress n ON n.id = s.congress_id"
        " WHERE g.account_id = $1",
        "u", guest);
}

/* Taken back at this moment, they are not let in: who takes back waits for this row. */
static enum err came(struct db_conn *c, const struct id *guest, int64_t now, struct identity *who)
{
    struct db_result *r =
        db_query(c,
                 "UPDATE guest_speaker SET came_at = coalesce(came_at, $2)"
                 " WHERE account_id = $1 AND ended_at IS NULL RETURNING organisation_id",
                 "ut", guest, now);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *who = (struct identity){
            .roles = ROLE_SPEAKER, .organisation = db_id(r, 0, 0), .person = *guest};
    db_result_free(r);
    return err;
}

enum err guest_enter(struct db_conn *c, const struct id *guest,
                     const uint8_t token[static TOKEN_HASH_SIZE], int64_t now, json_t **out)
{
    struct identity who;
    json_t *me = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = came(c, guest, now, &who);
    if (err == ERR_OK)
        err = db_exec(c,
                      "INSERT INTO sign_in (token_hash, organisation_id, account_id, created_at,"
                      "                     expires_at, via) VALUES ($1, $2, $3, $4, $5, 'guest')",
                      "xuutt", token, (size_t)TOKEN_HASH_SIZE, &who.organisation, guest, now,
                      now + GUEST_SIGN_IN_S * US_PER_S);
    if (err == ERR_OK)
        err = audit_write(c, &who, now, "guest_speaker.enter", "guest_speaker", guest, NULL);
    if (err == ERR_OK)
        err = db_read_json(c, &me, "SELECT staff_me($1, $2, $3)", "uut", guest, &who.organisation,
                           now);
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = me;
    else
        json_decref(me);
    return err;
}
