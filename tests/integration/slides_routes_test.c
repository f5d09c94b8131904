/* Decks over HTTP: what is taken and refused, rendering by the real helper, who sees an image. */
#include "base/config.h"
#include "blob/blob.h"
#include "features/slides/slides.h"
#include "features/slides/slides_render.h"
#include "features/slides/slides_routes.h"
#include "integration/rest.h"
#include "render/client.h"
#include "room/feature.h"
#include "unit/run.h"

static const char *const titles[] = {"One", "Two", "Three"};
static char olga[256], stranger[256], session[37], path[128];
static struct config config;

static void open_rest(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, slides_feature.routes, NULL};
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

/* A PDF of as many pages as there are titles, at most three. */
static size_t write_pdf(char *out, size_t size, int pages)
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
static json_t *upload(const char *cookie, int status, const char *type, const char *file_name,
                      const void *bytes, size_t len)
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

static void refused(int status, const char *code, const char *type, const char *file_name,
                    const void *bytes, size_t len)
{
    json_t *problem = upload(olga, status, type, file_name, bytes, len);
    ck_assert_str_eq(rest_text(problem, "code"), code);
    json_decref(problem);
}

/* A deck whose pages are there already, its images being the four bytes "webp". */
static void add_deck(char deck[37])
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

START_TEST(only_a_pdf_of_allowed_size_is_taken)
{
    open_rest();
    char pdf[4096];
    size_t len = write_pdf(pdf, sizeof pdf, 1);
    char *large = mem_new((1 << 20) + 1);
    refused(413, "request.too_large", "application/pdf", "a.pdf", large, (1 << 20) + 1);
    free(large);
    refused(415, "request.content_type", "text/plain", "a.pdf", pdf, len);
    refused(415, "request.content_type", "application/pdfx", "a.pdf", pdf, len);
    refused(422, "pdf.invalid", "application/pdf", "a.pdf", "not a pdf", 9);
    refused(422, "pdf.office", "application/pdf", "a.pdf", "PK\3\4 not a pdf", 14);
    refused(422, "pdf.office", "application/pdf", "a.pdf", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
    refused(422, "request.invalid", "application/pdf", NULL, pdf, len);
    refused(422, "request.invalid", "application/pdf", "a\nb.pdf", pdf, len);
    char name[300] = {0};
    memset(name, 'n', DECK_NAME_MAX + 1);
    refused(422, "request.invalid", "application/pdf", name, pdf, len);
    json_decref(upload(stranger, 404, "application/pdf", "a.pdf", pdf, len));
    pg_sql(rest.url, "UPDATE session SET state = 'cancelled'");
    refused(409, "session.state", "application/pdf", "a.pdf", pdf, len);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM deck"), "0");
    rest_close();
}
END_TEST

START_TEST(a_session_has_a_bounded_number_of_decks)
{
    open_rest();
    char pdf[4096], deck[37];
    size_t len = write_pdf(pdf, sizeof pdf, 1);
    for (int i = 0; i < DECKS_MAX; i++)
        add_deck(deck);
    refused(409, "deck.limit", "application/pdf", "a.pdf", pdf, len);
    char one[64];
    snprintf(one, sizeof one, "/api/decks/%s", deck);
    ck_assert_int_eq(rest_status(olga, "DELETE", one, NULL), 204);
    ck_assert_int_eq(rest_status(olga, "DELETE", one, NULL), 404);
    json_decref(upload(olga, 201, "application/pdf; v=1", "a.pdf", pdf, len));
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(action, ' ' ORDER BY id) FROM audit_log"
                                      " WHERE object_kind = 'deck'"),
                     "deck.remove deck.upload");
    rest_close();
}
END_TEST

START_TEST(a_deck_on_screen_stays)
{
    open_rest();
    char deck[37], one[64];
    add_deck(deck);
    pg_sql(rest.url, "INSERT INTO slide_position SELECT session_id, organisation_id, id, 1,"
                     " created_at FROM deck");
    snprintf(one, sizeof one, "/api/decks/%s", deck);
    rest_problem(stranger, 404, "not_found", "DELETE", one, NULL);
    rest_problem(olga, 409, "slide.on_screen", "DELETE", one, NULL);
    pg_sql(rest.url, "DELETE FROM slide_position");
    ck_assert_int_eq(rest_status(olga, "DELETE", one, NULL), 204);
    json_t *list = rest_body(olga, 200, "GET", path, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(list, "items")), 0);
    json_decref(list);
    rest_close();
}
END_TEST

START_TEST(images_are_for_the_organisation_and_its_audience)
{
    open_rest();
    char deck[37], image[96];
    add_deck(deck);
    snprintf(image, sizeof image, "/api/decks/%s/pages/1/480", deck);
    ck_assert_int_eq(rest_status(olga, "GET", image, NULL), 200);
    ck_assert_int_eq(rest_status(stranger, "GET", image, NULL), 404);
    ck_assert_int_eq(rest_status(NULL, "GET", image, NULL), 401);
    snprintf(image, sizeof image, "/api/decks/%s/pages/1/960", deck);
    ck_assert_int_eq(rest_status(olga, "GET", image, NULL), 404);
    snprintf(image, sizeof image, "/api/decks/%s/pages/2/480", deck);
    ck_assert_int_eq(rest_status(olga, "GET", image, NULL), 404);
    snprintf(image, sizeof image, "/api/decks/%s/pages/0/480", deck);
    ck_assert_int_eq(rest_status(olga, "GET", image, NULL), 404);
    rest_close();
}
END_TEST

static void start_rendering(void)
{
    static struct render_config render = {.page_seconds = 20, .memory_mb = 1024};
    static char helper[256];
    const char *build = getenv("AMPHI_TEST_BUILD");
    snprintf(helper, sizeof helper, "%s/amphi-render", build ? build : "build/release");
    render.helper = helper;
    rest.app.render = &render;
    rest_start_jobs(slides_feature.jobs);
}

/* A job for each deck that has none. */
static void render_again(void)
{
    pg_sql(rest.url, "INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)"
                     " SELECT 'deck.render', id, organisation_id, created_at, created_at"
                     "   FROM deck WHERE state = 'rendering'");
    jobs_wake(rest.app.jobs, &deck_render);
}

/* No tick anywhere: the upload itself woke the worker. */
START_TEST(an_upload_becomes_pages)
{
    open_rest();
    char pdf[4096];
    size_t len = write_pdf(pdf, sizeof pdf, 3);
    start_rendering();
    json_t *deck = upload(olga, 201, "application/pdf", "Trois pages.pdf", pdf, len);
    ck_assert_str_eq(rest_text(deck, "state"), "rendering");
    json_decref(deck);
    rest_until("SELECT state = 'ready' FROM deck", false);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(page || text, ' ' ORDER BY page)"
                                      " FROM slide WHERE state = 'ready' AND width = 720"),
                     "1One 2Two 3Three");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM slide_image WHERE height * 16 ="
                                      " width * 9"),
                     "9");
    json_decref(upload(olga, 201, "application/pdf", "b.pdf", "%PDF-1.4 nothing", 16));
    rest_until("SELECT count(*) = 1 FROM deck WHERE state = 'failed' AND error = 'pdf.invalid'",
               false);
    rest_close();
}
END_TEST

/* A page of make_page.py. */
static size_t read_page(const char *trait, char *out, size_t size)
{
    char command[128];
    snprintf(command, sizeof command, "python3 tests/fixtures/make_page.py %s /dev/stdout", trait);
    FILE *pdf = popen(command, "r");
    ck_assert_ptr_nonnull(pdf);
    size_t len = fread(out, 1, size, pdf);
    ck_assert_int_eq(pclose(pdf), 0);
    ck_assert_uint_lt(len, size);
    return len;
}

START_TEST(a_page_says_what_it_lacks_and_that_its_text_is_cut)
{
    open_rest();
    char pdf[4096];
    size_t len = read_page("unknown-collection", pdf, sizeof pdf);
    start_rendering();
    json_decref(upload(olga, 201, "application/pdf", "a.pdf", pdf, len));
    rest_until("SELECT state = 'ready' FROM deck", false);
    pg_sql(rest.url, "UPDATE slide SET text = repeat('x', 4001)");
    json_t *list = rest_body(olga, 200, "GET", path, NULL);
    json_t *deck = json_array_get(json_object_get(list, "items"), 0);
    json_t *page = json_array_get(json_object_get(deck, "pages"), 0);
    json_t *warnings = json_object_get(page, "warnings");
    ck_assert_uint_eq(json_array_size(warnings), 1);
    ck_assert_str_eq(json_string_value(json_array_get(warnings, 0)), "font.missing");
    ck_assert(json_is_true(json_object_get(page, "text_cut")));
    ck_assert_uint_eq(strlen(rest_text(page, "text")), SLIDE_TEXT_CHARS);
    json_decref(list);
    rest_close();
}
END_TEST

START_TEST(rendering_goes_on_where_an_earlier_run_stopped)
{
    open_rest();
    char pdf[4096];
    size_t len = write_pdf(pdf, sizeof pdf, 3);
    json_decref(upload(olga, 201, "application/pdf", "a.pdf", pdf, len));
    pg_sql(rest.url, "UPDATE deck SET page_count = 3;"
                     "INSERT INTO slide SELECT id, 1, 'ready', NULL, 1, 1, 'kept' FROM deck");
    start_rendering();
    rest_until("SELECT state = 'ready' FROM deck", false);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(text, ' ' ORDER BY page) FROM slide"),
                     "kept Two Three");
    /* Every page there, the end missing; and a file that is gone. */
    pg_sql(rest.url, "UPDATE deck SET state = 'rendering'");
    render_again();
    rest_until("SELECT state = 'ready' FROM deck", false);
    pg_sql(rest.url, "DELETE FROM slide_image; DELETE FROM slide;"
                     "UPDATE deck SET state = 'rendering', pdf = sha256('gone')");
    render_again();
    rest_until("SELECT state = 'failed' AND error = 'pdf.lost' FROM deck", false);
    rest_close();
}
END_TEST

REST_TESTS("slides routes", only_a_pdf_of_allowed_size_is_taken,
           a_session_has_a_bounded_number_of_decks, a_deck_on_screen_stays,
           images_are_for_the_organisation_and_its_audience, an_upload_becomes_pages,
           a_page_says_what_it_lacks_and_that_its_text_is_cut,
           rendering_goes_on_where_an_earlier_run_stopped)
