#include "features/slides/slides_routes.h"
#include "base/config.h"
#include "base/json.h"
#include "features/slides/slides_jobs.h"
#include "features/slides/slides_store.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "room/feature.h"
#include "storage/storage.h"
#include <string.h>

#define MB            (1024 * 1024)
#define MAGIC_WITHIN  1024   /* where a PDF may begin, as its readers have it */
#define IMAGE_MAX_AGE 86400  /* seconds: an image never changes */
#define WIDTH_MOST    100000 /* a number in a path; no image is so wide */

void get_decks(struct http_exchange *x)
{
    struct id session;
    if (!http_path_id(x, "session", &session))
        return;
    struct decks all = {0};
    struct storage_use use;
    enum err err = decks_list(x->db, &x->who, &session, &all);
    if (!err)
        err = storage_use_read(x->db, x->app->config, &x->who.organisation, &use);
    if (err)
        http_problem_err(x, err);
    else
        http_reply_json(x, 200,
                        json_pack("{s:o,s:n,s:{s:I,s:o}}", "items", decks_json(&all), "next",
                                  "storage", "used", (json_int_t)use.used, "quota",
                                  use.quota ? json_integer(use.quota) : json_null()));
    decks_release(&all);
}

/* --- upload --- */

/* NULL when it may be one; else why not. What presenters hand in most, beside PDFs, are the files
 * of office programs: a ZIP, or the older compound file. */
static const char *pdf_fault(const struct blob_draft *file)
{
    char head[MAGIC_WITHIN];
    size_t n = blob_peek(file, head, sizeof head);
    if (memmem(head, n, "%PDF-", 5))
        return NULL;
    if (n >= 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "\xd0\xcf\x11\xe0", 4) == 0))
        return "pdf.office";
    return "pdf.invalid";
}

static void refuse_file(struct http_exchange *x, const char *code)
{
    http_problem(x, 422, code,
                 strcmp(code, "pdf.office") == 0
                     ? "The file is of an office program. Export it there as a PDF (File, Export or"
                       " Save as, PDF) and upload that."
                     : "The file is not a PDF.");
}

/* Routes are constant: what the configuration allows less than the route is refused here. */
static bool check_head(struct http_exchange *x)
{
    const char *fault = http_file_name_fault(x, DECK_NAME_MAX);
    if (x->body_len > (size_t)x->app->config->max_upload_mb * MB)
        http_problem(x, 413, "request.too_large", "The file is larger than this server takes.");
    else if (!http_is_type(x, "application/pdf"))
        http_problem(x, 415, "request.content_type", "The body must be application/pdf.");
    else if (fault)
        http_problem_field(x, "file_name", fault);
    else
        return true;
    return false;
}

static void refuse_quota(struct http_exchange *x)
{
    http_problem(x, 409, "storage.quota",
                 "The organisation's decks take as much of the disk as they may.");
}

/* Before the file is taken: nobody waits for an upload that cannot be kept. */
bool admit_deck(struct http_exchange *x)
{
    struct storage_use use;
    if (!check_head(x))
        return false;
    enum err err = storage_use_read(x->db, x->app->config, &x->who.organisation, &use);
    if (err)
        http_problem_err(x, err);
    else if (use.quota && use.used + (int64_t)x->body_len > use.quota)
        refuse_quota(x);
    else if (!blob_has_room(x->app->blobs, x->body_len))
        http_problem(x, 507, "server.storage", "There is no room for the file.");
    else
        return true;
    return false;
}

static void refuse_upload(struct http_exchange *x, enum err err, const char *why)
{
    if (err != ERR_CONFLICT)
        http_problem_err(x, err);
    else if (strcmp(why, "storage.quota") == 0)
        refuse_quota(x);
    else
        http_problem(x, 409, why, "The session is over, or has as many decks as it may.");
}

void post_deck(struct http_exchange *x)
{
    struct deck_upload up = {.file_name = http_query(x, "file_name")};
    if (!http_path_id(x, "session", &up.session) || !check_head(x))
        return;
    const char *fault = x->upload ? pdf_fault(x->upload) : "pdf.invalid";
    if (fault) {
        refuse_file(x, fault);
        return;
    }
    const char *why = "conflict";
    struct deck *deck = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = deck_admit(x->db, &x->who, &up.session, &why);
    if (!err)
        err = blob_seal(x->upload, up.pdf, &up.bytes);
    if (!err) {
        up.file = x->upload;
        err = deck_create(x->db, &change, &up, &deck, &why);
        x->upload = up.file;
    }
    if (err) {
        refuse_upload(x, err, why);
        return;
    }
    jobs_wake(x->app->jobs, &deck_render);
    http_reply_json(x, 201, deck_staff_json(deck));
    deck_free(deck);
}

void delete_deck(struct http_exchange *x)
{
    struct id deck;
    if (!http_path_id(x, "deck", &deck))
        return;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = deck_remove(x->db, &change, &deck);
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, "slide.on_screen", "The deck is on screen.");
        return;
    }
    if (err) {
        http_problem_err(x, err);
        return;
    }
    jobs_wake(x->app->jobs, &deck_free_files);
    http_reply_empty(x, 204);
}

void get_deck_page(struct http_exchange *x)
{
    struct id deck;
    int64_t page, width;
    uint8_t blob[BLOB_HASH_SIZE];
    char etag[BLOB_HASH_TEXT];
    struct payload *image = NULL;
    if (!http_path_id(x, "deck", &deck) || !http_path_int(x, "page", 1, DECK_PAGES_MAX, &page) ||
        !http_path_int(x, "width", 1, WIDTH_MOST, &width))
        return;
    enum err err = slide_image_find(x->db, &x->who, &deck, (int)page, (int)width, blob);
    if (!err)
        err = blob_get(x->app->blobs, blob, &image);
    if (err) {
        http_problem_err(x, err);
        return;
    }
    blob_hash_text(blob, etag);
    http_reply_payload(x, image, "image/webp", etag, IMAGE_MAX_AGE);
}
