/* Decks over HTTP: what is taken and refused, rendering by the real helper, who sees an image. */
#include "features/slides/slides_jobs.h"
#include "integration/slides_calls.h"

static void refused(int status, const char *code, const char *type, const char *file_name,
                    const void *bytes, size_t len)
{
    json_t *problem = upload(olga, status, type, file_name, bytes, len);
    ck_assert_str_eq(rest_text(problem, "code"), code);
    json_decref(problem);
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

static json_t *page_of(json_t *list, size_t deck)
{
    json_t *found = json_array_get(json_object_get(list, "items"), deck);
    return json_array_get(json_object_get(found, "pages"), 0);
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

START_TEST(links_and_notes_of_a_page_are_kept)
{
    open_rest();
    char pdf[8192];
    start_rendering();
    size_t len = read_page("links", pdf, sizeof pdf);
    json_decref(upload(olga, 201, "application/pdf", "a.pdf", pdf, len));
    rest_advance(1); /* decks are listed oldest first */
    len = read_page("note", pdf, sizeof pdf);
    json_decref(upload(olga, 201, "application/pdf", "b.pdf", pdf, len));
    rest_until("SELECT count(*) = 2 FROM deck WHERE state = 'ready'", false);
    json_t *list = rest_body(olga, 200, "GET", path, NULL);
    json_t *first = page_of(list, 0), *second = page_of(list, 1);
    json_t *links = json_object_get(first, "links"), *link = json_array_get(links, 1);
    ck_assert_uint_eq(json_array_size(links), 2);
    ck_assert_str_eq(rest_text(link, "url"), "mailto:info@example.org");
    ck_assert_int_eq(json_integer_value(json_object_get(link, "x")), 5000);
    ck_assert_int_eq(json_integer_value(json_object_get(link, "y")), 4000);
    ck_assert_int_eq(json_integer_value(json_object_get(link, "width")), 5000);
    ck_assert_int_eq(json_integer_value(json_object_get(link, "height")), 1000);
    ck_assert_str_eq(rest_text(first, "notes"), "");
    ck_assert_str_eq(rest_text(second, "notes"), "For the speaker only");
    ck_assert_uint_eq(json_array_size(json_object_get(second, "links")), 0);
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
           a_page_says_what_it_lacks_and_that_its_text_is_cut, links_and_notes_of_a_page_are_kept,
           rendering_goes_on_where_an_earlier_run_stopped)
