/* SQL of the slides, nothing else. Worker threads. */
#ifndef AMPHI_FEATURES_SLIDES_STORE_H
#define AMPHI_FEATURES_SLIDES_STORE_H

#include "blob/blob.h"
#include "features/slides/slides.h"
#include "room/lane_call.h"

/* The decks of a session, removed ones apart; only one of them unless deck is NULL. */
enum err decks_read(struct db_conn *c, const struct id *session, const struct id *deck,
                    struct decks *all) MUST_CHECK;
enum err slide_position_read(struct db_conn *c, const struct id *session,
                             struct slide_position *on) MUST_CHECK;

/* --- the command; refused with session.version, session.state, slide.page, or not found --- */
struct slide_move {
    struct lane_call lc;
    struct slide_position to;
    struct slide_moment heard;
    int64_t version; /* which the mover saw */
    bool rendering;  /* found: the deck is, and HCPs may lack the page */
};
enum err slide_move_write(struct db_conn *c, struct lane_call *lc) MUST_CHECK;

/* --- for the routes (slides_deck_store.c); bounded by who->organisation --- */
enum err decks_list(struct db_conn *c, const struct identity *who, const struct id *session,
                    struct decks *all) MUST_CHECK;
/* ERR_CONFLICT: the session is over, or has DECKS_MAX decks; *why is the wire code. */
enum err deck_admit(struct db_conn *c, const struct identity *who, const struct id *session,
                    const char **why) MUST_CHECK;
struct deck_upload {
    struct id session;
    const char *file_name;
    struct blob_draft *file; /* sealed; NULL: it is kept, or thrown away */
    uint8_t pdf[BLOB_HASH_SIZE];
    size_t bytes;
};
/* A new deck, rendering; the same refusals, and storage.quota. */
enum err deck_create(struct db_conn *c, struct change *change, struct deck_upload *up,
                     struct deck **out, const char **why) MUST_CHECK;
/* With a job that frees what it takes of the disk. ERR_CONFLICT: it is on screen. */
enum err deck_remove(struct db_conn *c, struct change *change, const struct id *deck) MUST_CHECK;
/* Who: staff of the organisation; of pages that were shown, and the one after that which is on,
 * also an HCP registered for the congress of a published session. */
enum err slide_image_find(struct db_conn *c, const struct identity *who, const struct id *deck,
                          int page, int width, uint8_t blob[static BLOB_HASH_SIZE]) MUST_CHECK;

/* The images of a page, narrowest first. The references are the caller's. */
struct slide_images {
    int n;
    int width[SLIDE_IMAGES_MAX];
    struct payload *payload[SLIDE_IMAGES_MAX];
};
enum err slide_images_read(struct db_conn *c, struct blob_store *blobs,
                           const struct slide_position *page, struct slide_images *out) MUST_CHECK;

/* --- for rendering (slides_render_store.c). ERR_NOT_FOUND: the deck waits for no rendering any
 * more; it was removed or is done --- */
struct deck_work {
    struct id session;
    uint8_t pdf[BLOB_HASH_SIZE];
    int first_page; /* the first that is missing */
    int page_count; /* 0: not known yet */
};
enum err deck_work_read(struct db_conn *c, const struct id *deck, struct deck_work *out) MUST_CHECK;
enum err deck_set_page_count(struct db_conn *c, const struct id *deck, int page_count) MUST_CHECK;
struct page_row {
    struct id deck;
    int page, width, height;
    const char *error;    /* NULL: it is ready */
    const char *warnings; /* codes with a comma between, may be empty */
    const char *text, *notes;
    json_t *links; /* borrowed; NULL: none */
    size_t image_count;
    struct {
        int width, height;
        int64_t bytes;
        struct blob_draft *file; /* sealed; NULL once it was kept or thrown away */
    } images[SLIDE_IMAGES_MAX];
    uint8_t blobs[SLIDE_IMAGES_MAX][BLOB_HASH_SIZE];
};
/* Storing a page twice is the same as once. Where the organisation's quota does not allow for the
 * images the page fails with storage.quota. */
enum err deck_add_page(struct db_conn *c, struct app *app, struct page_row *page) MUST_CHECK;
/* Staff are told which pages it has by now. */
enum err deck_tell_pages(struct db_conn *c, struct change *change, const struct id *session,
                         const struct id *deck) MUST_CHECK;
/* The end of rendering, ready or failed for this reason, as an event of the session; of a
 * deck that is on screen HCPs get the rest.
 * ERR_NOT_FOUND: it was removed meanwhile, or has ended. */
enum err deck_finish(struct db_conn *c, struct change *change, const struct id *session,
                     const struct id *deck, const char *error) MUST_CHECK;

/* --- what a removed deck leaves (slides_free_store.c) --- */
struct deck_files {
    uint8_t (*hashes)[BLOB_HASH_SIZE]; /* the caller's */
    size_t n;
};
/* The files of a removed deck that are still written down. ERR_NOT_FOUND: it was not removed. */
enum err deck_files_read(struct db_conn *c, const struct id *deck,
                         struct deck_files *out) MUST_CHECK;
/* They are gone: nothing of its pages is kept. */
enum err deck_forget_pages(struct db_conn *c, const struct id *deck) MUST_CHECK;

#endif
