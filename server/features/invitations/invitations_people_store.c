/* The invited: the list of them, their erasure, and the file for a CRM. */
#include "crypto/secrets.h"
#include "features/invitations/invitations_mail.h"
#include "features/invitations/invitations_store.h"
#include "room/change.h"
#include <stdio.h>

/* --- the list --- */

static enum err read_page(struct db_conn *c, const struct invited_wanted *w,
                          struct people_page *out)
{
    struct db_result *r = db_query(c,
                                   "SELECT to_jsonb(p) - 'ordinality', p.id"
                                   "  FROM invitation_page($1, $2, $3, $4, $5, $6::bigint::int)"
                                   "  WITH ORDINALITY p ORDER BY p.ordinality",
                                   "uussui", w->congress, w->round, w->state, w->search, w->after,
                                   (int64_t)w->limit + 1);
    return db_id_page(r, w->limit, &out->items, &out->more, &out->last);
}

enum err invited_read(struct db_conn *c, const struct identity *who, const struct invited_wanted *w,
                      struct people_page *out, json_t **counts)
{
    *out = (struct people_page){0};
    enum err err = db_found(c, "SELECT 1 FROM congress WHERE id = $1 AND organisation_id = $2",
                            "uu", w->congress, &who->organisation);
    if (err == ERR_OK)
        err = read_page(c, w, out);
    if (err == ERR_OK)
        err = db_read_json(c, counts, "SELECT invitation_counts($1, $2, $3)", "uus", w->congress,
                           w->round, w->search);
    int people = (int)json_array_size(out->items);
    if (err == ERR_OK && people > 0)
        err = audit_write(c, who, w->now, "invitations.read", "congress", w->congress,
                          json_pack("{s:i,s:b}", "people", people, "searched", w->search != NULL));
    return err;
}

enum err invited_forget(struct db_conn *c, const struct identity *who, const struct id *congress,
                        const struct id *invitation, int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_found(c,
                       "SELECT 1 FROM invitation"
                       " WHERE id = $1 AND congress_id = $2 AND organisation_id = $3",
                       "uuu", invitation, congress, &who->organisation);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT invitations_forget(ARRAY[$1])", "u", invitation);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "invitation.erase", "invitation", invitation, NULL);
    return db_end(c, err);
}

enum err invitations_erase(struct db_conn *c, const struct id *hcp)
{
    return db_exec(c, "SELECT invitations_forget(invitations_of($1))", "u", hcp);
}

enum err invitation_bounced(struct db_conn *c, const struct id *mail, const char *status,
                            int64_t now, bool *marked)
{
    return db_read_bool(c, marked, "SELECT invitation_bounced($1, $2, $3)", "ust", mail, status,
                        now);
}

/* --- the file --- */

enum err round_find(struct db_conn *c, const struct identity *who, const struct id *round,
                    int64_t now, struct round_about *about)
{
    struct db_result *r =
        db_query(c,
                 "SELECT c.title, r.list_name,"
                 "       to_char($3::timestamptz AT TIME ZONE zone_here(c.time_zone),"
                 "               'YYYY-MM-DD'), r.channel = 'crm' AND r.state = 'sent'"
                 "  FROM invitation_round r JOIN congress c ON c.id = r.congress_id"
                 " WHERE r.id = $1 AND r.organisation_id = $2",
                 "uut", round, &who->organisation, now);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        about->ready = db_bool(r, 0, 3);
        snprintf(about->title, sizeof about->title, "%s", db_text(r, 0, 0));
        snprintf(about->list, sizeof about->list, "%s", db_text(r, 0, 1));
        snprintf(about->day, sizeof about->day, "%s", db_text(r, 0, 2));
    }
    db_result_free(r);
    return err;
}

static const struct csv_words columns[] = {
    {"external_id", "External id", "Identifiant externe"},
    {"link", "Personal link", "Lien personnel"},
};

struct sink {
    struct csv *csv;
    const struct secrets *secrets;
    const char *base_url;
    int people;
    enum err (*line)(void *arg);
    void *arg;
};

static enum err each_row(void *arg, const struct db_result *r)
{
    struct sink *sink = arg;
    struct invitation_links links;
    struct id id = db_id(r, 0, 0);
    enum err err = invitation_links_make(sink->secrets, &id, sink->base_url, &links);
    if (err != ERR_OK)
        return err;
    csv_text(sink->csv, db_text(r, 0, 1));
    csv_text(sink->csv, links.link);
    csv_end_row(sink->csv);
    sink->people++;
    return sink->line(sink->arg);
}

enum err round_export(struct db_conn *c, const struct identity *who, const struct id *round,
                      const struct secrets *secrets, const char *base_url, int64_t now,
                      struct csv *csv, enum err (*line)(void *arg), void *arg)
{
    struct sink sink = {
        .csv = csv, .secrets = secrets, .base_url = base_url, .line = line, .arg = arg};
    csv_header(csv, columns, sizeof columns / sizeof *columns);
    enum err err = db_stream(c, each_row, &sink,
                             "SELECT id, external_id FROM invitation"
                             " WHERE round_id = $1 AND organisation_id = $2"
                             "   AND token_hash IS NOT NULL AND opted_out_at IS NULL"
                             " ORDER BY external_id, id",
                             "uu", round, &who->organisation);
    return err ? err
               : audit_write(c, who, now, "invitations.export", "invitation_round", round,
                             json_pack("{s:i}", "people", sink.people));
}
