/* What organisers see of a congress's registrations. */
#include "db/query.h"
#include "features/registration/registration_store.h"

static enum err check_congress(struct db_conn *c, const struct identity *who,
                               const struct id *congress)
{
    return db_found(c, "SELECT 1 FROM congress WHERE id = $1 AND organisation_id = $2", "uu",
                    congress, &who->organisation);
}

/* $1 to $9; names r and h. No profile: of HCPs, as others match none. */
#define MATCHES                                                                                    \
    " FROM registration r JOIN hcp h ON h.id = r.hcp_id"                                           \
    " WHERE r.organisation_id = $1 AND r.congress_id = $2"                                         \
    "   AND ($3::text IS NULL OR h.search LIKE ALL ((SELECT search_patterns($3))::text[]))"        \
    "   AND ($4::text IS NULL OR r.state = $4) AND ($5::text IS NULL OR r.channel = $5)"           \
    "   AND ($6::uuid IS NULL OR EXISTS (SELECT 1 FROM registration_profile m"                     \
    "         WHERE m.registration_id = r.id AND m.target_profile_id = $6))"                       \
    "   AND (NOT $7 OR r.category = 'hcp' AND NOT EXISTS (SELECT 1 FROM registration_profile m"    \
    "         WHERE m.registration_id = r.id))"                                                    \
    "   AND ($8::text IS NULL OR coalesce(r.registry_verdict, 'none') = $8)"                       \
    "   AND ($9::text IS NULL OR r.category = $9)"

/* address_shared: somebody else of the organisation has it, too. */
static struct db_result *query_registrations(struct db_conn *c, const struct identity *who,
                                             const struct registrations_wanted *w)
{
    int64_t before = w->after.number == INT64_MAX ? DB_NULL_TIME : w->after.number;
    return db_query(
        c,
        "SELECT jsonb_build_object('id', r.id, 'first_name', h.first_name,"
        "  'last_name', h.last_name, 'email', h.email, 'profession', r.profession,"
        "  'specialty', r.specialty, 'practice_setting', r.practice_setting,"
        "  'region', r.region, 'age_band', r.age_band, 'category', r.category,"
        "  'affiliation', r.affiliation, 'channel', r.channel, 'state', r.state,"
        "  'waiting_place', waiting_place(r),"
        "  'profiles', (SELECT coalesce(jsonb_agg(p.id ORDER BY p.position, p.id), '[]')"
        "     FROM registration_profile rp JOIN target_profile p ON p.id = rp.target_profile_id"
        "    WHERE rp.registration_id = r.id),"
        "  'address_shared', EXISTS (SELECT 1 FROM hcp o"
        "    WHERE o.organisation_id = h.organisation_id AND o.email = h.email AND o.id <> h.id),"
        "  'rpps', h.rpps, 'registry', registry_mark(r), 'provider', provider_mark(r),"
        "  'rpps_shared', EXISTS (SELECT 1 FROM hcp o"
        "    WHERE o.organisation_id = h.organisation_id AND o.rpps = h.rpps AND o.id <> h.id),"
        "  'answers', (SELECT coalesce(jsonb_object_agg(a.question_key, a.value), '{}')"
        "     FROM form_answer a WHERE a.registration_id = r.id),"
        "  'registered_at', json_time(r.registered_at),"
        "  'confirmed_at', json_time(r.confirmed_at)), r.registered_at, r.id" MATCHES
        "   AND ($10::timestamptz IS NULL OR (r.registered_at, r.id) < ($10, $11))"
        " ORDER BY r.registered_at DESC, r.id DESC LIMIT $12",
        "uusssubsstui", &who->organisation, w->congress, w->search, w->state, w->channel,
        w->profile, w->no_profile, w->registry, w->category, before, &w->after.id,
        (int64_t)w->limit + 1);
}

static enum err count_registrations(struct db_conn *c, const struct identity *who,
                                    const struct registrations_wanted *w,
                                    struct registrations_page *out)
{
    enum err err = db_read_int(c, &out->found, "SELECT count(*)" MATCHES, "uusssubss",
                               &who->organisation, w->congress, w->search, w->state, w->channel,
                               w->profile, w->no_profile, w->registry, w->category);
    return err ? err
               : db_read_int(c, &out->waiting,
                             "SELECT count(*) FROM registration_request"
                             " WHERE congress_id = $1 AND expires_at > $2",
                             "ut", w->congress, w->now);
}

enum err registrations_list(struct db_conn *c, const struct identity *who,
                            const struct registrations_wanted *wanted,
                            struct registrations_page *out)
{
    *out = (struct registrations_page){0};
    enum err err = check_congress(c, who, wanted->congress);
    if (err == ERR_OK)
        err = count_registrations(c, who, wanted, out);
    if (err != ERR_OK)
        return err;
    struct db_result *r = query_registrations(c, who, wanted);
    err = db_err(r);
    if (err == ERR_OK) {
        int n = db_json_rows(r, wanted->limit, &out->items, &out->more);
        if (n)
            out->last = (struct cursor){.number = db_time(r, n - 1, 1), .id = db_id(r, n - 1, 2)};
    }
    db_result_free(r);
    return err;
}

/* --- their link, by an organiser --- */

/* The registration, locked, and the mail with their link. ERR_NOT_FOUND: there is none, or the
 * person was erased; ERR_CONFLICT: it is cancelled or declined.
 */
static enum err lock_person(struct db_conn *c, const struct identity *who,
                            const struct id *registration, enum registration_mail_kind *kind)
{
    struct db_result *r = db_query(c,
                                   "SELECT r.state IN ('cancelled', 'declined'), r.state"
                                   "  FROM registration r"
                                   "  JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL"
                                   " WHERE r.id = $1 AND r.organisation_id = $2"
                                   "   FOR NO KEY UPDATE OF r",
                                   "uu", registration, &who->organisation);
    enum err err = db_one(r);
    if (err == ERR_OK && db_bool(r, 0, 0))
        err = ERR_CONFLICT;
    if (err == ERR_OK)
        *kind = mail_of_state(db_text(r, 0, 1), MAIL_REMIND);
    db_result_free(r);
    return err;
}

enum err registration_remind(struct db_conn *c, const struct identity *who,
                             const struct id *registration, const char *base_url, int64_t now)
{
    enum registration_mail_kind kind = MAIL_REMIND;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_person(c, who, registration, &kind);
    if (err == ERR_OK)
        err = registration_mail_send(c, registration, kind, base_url, now);
    if (err == ERR_OK)
        err =
            audit_write(c, who, now, "registration.send_link", "registration", registration, NULL);
    return db_end(c, err);
}

enum err registrations_audit_read(struct db_conn *c, const struct identity *who,
                                  const struct id *congress, size_t count, bool searched,
                                  int64_t now)
{
    if (count == 0)
        return ERR_OK;
    return audit_write(c, who, now, "registrations.read", "congress", congress,
                       json_pack("{s:i,s:b}", "people", (int)count, "searched", searched));
}
