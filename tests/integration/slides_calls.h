/* The routes of decks, as a browser calls them: two organisations, a session in the lobby, uploads
 * as net spools them, and the real render helper. */
#ifndef AMPHI_TESTS_SLIDES_CALLS_H
#define AMPHI_TESTS_SLIDES_CALLS_H

#include "base/config.h"
#include "features/slides/slides.h"
#include "features/slides/slides_routes.h"
#include "integration/rest.h"
#include "render/client.h"
#include "room/feature.h"
#include "unit/run.h"

static const char *const titles[] = {"One", "Two", "Three"};
static char olga[256], stranger[256], session[37], path[128];
static struct config config;

/* tables: NULL-terminated, those of accounts among them. */
static inline void open_rest_with(const struct http_route *const *tables)
{
    rest_open(tables);
    rest_organisation("Labo", "olga@labo.test", olga);
    rest_organisation("Other", "sven@other.test", stranger);
    snprintf(session, sizeof session, "%s",
             pg_sql(rest.url,
                    "WITH c AS (INSERT INTO congress (organisation_id, title, language, time_zone,"
                    "  created_at) SELECT id, 'C', 'en', 'Europe/Paris', created_at"
                    "  FROM organisation WHERE name = 'Labo' RETURNING *),"
                    " r AS (INSERT INTO hall (organisation_id, congress_id, name)"
                    "  SELECT organisation_id, id, 'R' FROM c RETURNING *)"
                    "INSERT INTO session (organisation_id, congress_id, hall_id, title, language,"
                    "  starts_at, planned_minutes, capacity, state, created_at)"
                    " SELECT r.organisation_id, c.id, r.id, 'S', 'en', c.created_at, 60, 100,"
                    "  'lobby', c.created_at FROM c, r RETURNING id"));
    snprintf(path, sizeof path, "/api/sessions/%s/decks", session);
    config = (struct config){.max_upload_mb = 1};
    rest.app.config = &config;
}

static inline void open_rest(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, slides_feature.routes, NULL};
    open_rest_with(tables);
}

/* A PDF of as many pages as there are titles, at most three. */
static inline size_t write_pdf(char *out, size_t size, int pages)
{
    size_t len = 0, offsets[16];
    int n = 0;
#define ADD(...) len += (size_t)snprintf(out + len, size - len, __VA_ARGS__)
    ADD("%%PDF-1.4\n");
    offsets[n++] = len;
    ADD("1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
    offsets[n++] = len;
    ADD("2 0 obj\n<</Type/Pages/Count %d/Kids[", pages);
    for (int i = 0; i < pages; i++)
        ADD("%d 0 R ", 4 + 2 * i);
    ADD("]>>\nendobj\n");
    offsets[n++] = len;
    ADD("3 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n");
    for (int i = 0; i < pages; i++) {
        char text[64];
        int length = snprintf(text, sizeof text, "BT /F 40 Tf 50 200 Td (%s) Tj ET", titles[i]);
        offsets[n++] = len;
        ADD("%d 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 720 405]/Contents %d 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>\nendobj\n",
            4 + 2 * i, 5 + 2 * i);
        offsets[n++] = len;
        ADD("%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", 5 + 2 * i, length, text);
    }
    size_t table = len;
    ADD("xref\n0 %d\n0000000000 65535 f \n", n + 1);
    for (int i = 0; i < n; i++)
        ADD("%010zu 00000 n \n", offsets[i]);
    ADD("trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", n + 1, table);
#undef ADD
    ck_assert_uint_lt(len, size);
    return len;
}

/* An upload as net spools it; the reply's body, the caller's. */
static inline json_t *upload(const char *cookie, int status, const char *type,
                             const char *file_name, const void *bytes, size_t len)
{
    char arg[512];
    const char *args[] = {arg};
    snprintf(arg, sizeof arg, "file_name=%s", file_name ? file_name : "");
    struct blob_draft *body = blob_begin(rest.app.blobs, len);
    ck_assert_ptr_nonnull(body);
    ck_assert_int_eq(blob_append(body, bytes, len), ERR_OK);
    struct http_request request = {.method = "POST",
                                   .path = path,
                                   .address = "10.9.9.9",
                                   .host = "amphi.test",
                                   .content_type = type,
                                   .cookie = cookie,
                                   .x_amphi = "1",
                                   .args = args,
                                   .arg_count = file_name ? 1 : 0};
    struct route_hit hit;
    ck_assert_int_eq(router_find(http_server_router(rest.server), "POST", path, &hit), ROUTE_OK);
    struct http_wire *w = http_wire_new(rest.server, &hit, &request);
    bool done = false;
    w->mailbox = &rest.mailbox;
    w->on_done = rest_done;
    w->owner = &done;
    http_wire_spooled(w, body, len);
    ck_assert_int_eq(http_wire_submit(w), ERR_OK);
    rest_wait(&done);
    struct rest_reply reply = {0};
    rest_read(w, &reply);
    http_wire_release(w);
    ck_assert_int_eq(reply.status, status);
    return reply.body;
}

/* A deck whose pages are there already, its images being the four bytes "webp". */
static inline void add_deck(char deck[37])
{
    uint8_t hash[BLOB_HASH_SIZE];
    char text[BLOB_HASH_TEXT], sql[1024];
    ck_assert_int_eq(blob_put(rest.app.blobs, "webp", 4, hash), ERR_OK);
    blob_hash_text(hash, text);
    snprintf(deck, 37, "%s",
             pg_sql(rest.url, "INSERT INTO deck (organisation_id, session_id, file_name, pdf,"
                              " bytes, state, page_count, created_at, created_by)"
                              " SELECT s.organisation_id, s.id, 'a.pdf', sha256('pdf'), 3, 'ready',"
                              "  1, s.created_at, a.id FROM session s JOIN account a"
                              "  ON a.organisation_id = s.organisation_id RETURNING id"));
    snprintf(sql, sizeof sql,
             "INSERT INTO slide VALUES ('%s', 1, 'ready', NULL, 720, 405, 'x');"
             "INSERT INTO slide_image VALUES ('%s', 1, 480, 270, '\\x%s', 4)",
             deck, deck, text);
    pg_sql(rest.url, sql);
}

static inline void start_rendering(void)
{
    static struct render_config render = {.page_seconds = 20, .memory_mb = 1024};
    static char helper[256];
    const char *build = getenv("AMPHI_TEST_BUILD");
    snprintf(helper, sizeof helper, "%s/amphi-render", build ? build : "build/release");
    render.helper = helper;
    rest.app.render = &render;
    rest_start_jobs(slides_feature.jobs);
}

#endif
