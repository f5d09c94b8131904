#include "sample/sample.h"

#include "base/log.h"
#include "blob/blob.h"
#include "crypto/crypto.h"
#include "db/query.h"
#include "db/script.h"
#include "features/slides/slides_jobs.h"
#include "jobs/jobs.h"
#include <stdio.h>

#define DECK_FILE "insuffisance-cardiaque-2026.pdf"
#define DECK_MAX  (1024 * 1024)

static const char *const scripts[] = {"1_congresses.sql", "2_people.sql", "3_past_session.sql"};

static enum err find(struct db_conn *c, struct id *organisation)
{
    return db_read_id(c, organisation, "SELECT organisation_id FROM sample", "");
}

static enum err run_scripts(struct db_conn *c, const char *folder, int64_t now)
{
    enum err err =
        db_exec(c, "SELECT set_config('amphi.now', $1::timestamptz::text, true)", "t", now);
    for (size_t i = 0; err == ERR_OK && i < sizeof scripts / sizeof *scripts; i++) {
        char why[SCRIPT_WHY_SIZE];
        err = script_run_file(c, folder, scripts[i], why);
        if (err != ERR_OK)
            log_error("sample.failed", "{s:s,s:s}", "file", scripts[i], "why", why);
    }
    return err;
}

/* Of the session that is to come. */
static enum err insert_deck(struct db_conn *c, const struct id *organisation,
                            const uint8_t hash[static BLOB_HASH_SIZE], size_t bytes, int64_t now,
                            struct id *deck)
{
    return db_read_id(c, deck,
                      "INSERT INTO deck (organisation_id, session_id, file_name, pdf, bytes, state,"
                      "                  created_at, created_by)"
                      " SELECT s.organisation_id, s.id, $2, $3, $4, 'rendering', $5,"
                      "        (SELECT account_id FROM role_grant WHERE organisation_id = $1"
                      "            AND role = 'organiser' AND revoked_at IS NULL LIMIT 1)"
                      "   FROM session s WHERE s.organisation_id = $1 AND s.state = 'lobby'"
                      " RETURNING id",
                      "usxit", organisation, DECK_FILE, hash, (size_t)BLOB_HASH_SIZE,
                      (int64_t)bytes, now);
}

static enum err add_deck(struct db_conn *c, const struct app *app, const char *folder,
                         const struct id *organisation)
{
    char path[4096];
    uint8_t hash[BLOB_HASH_SIZE];
    struct id deck;
    struct buf pdf;
    int64_t now = clock_now_us(app->clock);
    snprintf(path, sizeof path, "%s/" DECK_FILE, folder);
    buf_init(&pdf, DECK_MAX);
    enum err err = buf_add_file(&pdf, path) ? ERR_OK : ERR_NOT_FOUND;
    if (err == ERR_OK)
        err = blob_put(app->blobs, pdf.data, pdf.len, hash);
    if (err == ERR_OK)
        err = insert_deck(c, organisation, hash, pdf.len, now, &deck);
    if (err == ERR_OK)
        err = job_add(c, &deck_render, organisation, &deck, now);
    buf_release(&pdf);
    return err;
}

static enum err load(struct db_conn *c, const struct app *app, const char *folder,
                     struct id *organisation)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = run_scripts(c, folder, clock_now_us(app->clock));
    if (err == ERR_OK)
        err = find(c, organisation);
    if (err == ERR_OK && app->blobs)
        err = add_deck(c, app, folder, organisation);
    return db_end(c, err);
}

/* Runs a statement that takes $1 organisation, $2 hash of a new token, $3 now; where it returns a
 * row, link is the page with the token. */
static enum err new_link(struct db_conn *c, const struct app *app, const struct id *organisation,
                         const char *sql, const char *page, char link[static SAMPLE_LINK_SIZE])
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(token, hash);
    enum err err = db_found(c, sql, "uxt", organisation, hash, (size_t)TOKEN_HASH_SIZE,
                            clock_now_us(app->clock));
    if (err == ERR_OK)
        snprintf(link, SAMPLE_LINK_SIZE, "%s/%s#%s", app->base_url, page, token);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

#define SIGN_IN_LINK(role)                                                                         \
    "INSERT INTO one_time_link (token_hash, organisation_id, purpose, account_id, created_at,"     \
    "                           expires_at)"                                                       \
    " SELECT $2, a.organisation_id, 'sign_in', a.id, $3, $3 + interval '1 day'"                    \
    "   FROM account a JOIN role_grant r ON r.account_id = a.id AND r.role = '" role "'"           \
    "  WHERE a.organisation_id = $1 AND a.disabled_at IS NULL"                                     \
    "    AND r.congress_id IS NULL AND r.revoked_at IS NULL"                                       \
    "  ORDER BY a.created_at, a.email LIMIT 1 RETURNING 1"

/* Of the congress with the next session, else of the latest. */
static const char join_link[] =
    "SELECT join_link_add(p.id, $2, $3) FROM ("
    "  SELECT r.id FROM session s JOIN registration r ON r.congress_id = s.congress_id"
    "    JOIN hcp h ON h.id = r.hcp_id"
    "   WHERE s.organisation_id = $1 AND r.state = 'registered' AND h.erased_at IS NULL"
    "     AND s.state IN ('lobby', 'live', 'ended')"
    "   ORDER BY s.state = 'ended', s.starts_at DESC, h.email LIMIT 1) p";

enum err sample_load(struct db_conn *c, const struct app *app, const char *folder,
                     struct sample_links *links)
{
    struct id organisation;
    *links = (struct sample_links){0};
    enum err err = find(c, &organisation);
    if (err == ERR_NOT_FOUND)
        err = load(c, app, folder, &organisation);
    if (err == ERR_OK)
        err =
            new_link(c, app, &organisation, SIGN_IN_LINK("organiser"), "sign-in", links->organiser);
    if (err == ERR_OK)
        err = new_link(c, app, &organisation, SIGN_IN_LINK("host"), "sign-in", links->host);
    if (err == ERR_OK)
        err = new_link(c, app, &organisation, join_link, "join", links->hcp);
    return err;
}

static const char speaker_link[] =
    "INSERT INTO one_time_link (token_hash, organisation_id, purpose, account_id, created_at,"
    "                           expires_at)"
    " SELECT $2, a.organisation_id, 'sign_in', a.id, $3, $3 + interval '1 minute'"
    "   FROM account a WHERE a.organisation_id = $1 AND a.email = 'synthese@example.org'"
    "    AND a.disabled_at IS NULL"
    " RETURNING 1";

static const char speaker_session[] =
    "SELECT id FROM session WHERE organisation_id = $1 AND state IN ('lobby', 'live')"
    " ORDER BY state = 'live' DESC, starts_at LIMIT 1";

enum err sample_speaker(struct db_conn *c, int64_t now, struct sample_speaker *speaker)
{
    uint8_t hash[TOKEN_HASH_SIZE];
    struct id organisation;
    enum err err = find(c, &organisation);
    if (err == ERR_OK)
        err = db_read_id(c, &speaker->session, speaker_session, "u", &organisation);
    if (err)
        return err;
    token_new(speaker->token, hash);
    return db_found(c, speaker_link, "uxt", &organisation, hash, (size_t)TOKEN_HASH_SIZE, now);
}
