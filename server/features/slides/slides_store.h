/* SQL of the slides, nothing else. Worker threads. */
#ifndef AMPHI_FEATURES_SLIDES_STORE_H
#define AMPHI_FEATURES_SLIDES_STORE_H

#include "base/identity.h"
#include "blob/blob.h"
#include "db/lane.h"
#include "features/slides/slides.h"

struct db_conn;

/* The decks of a session, removed ones apart; only one of them unless deck is NULL. */
enum err decks_read(struct db_conn *c, const struct id *session, const struct id *deck,
                    struct decks *all) MUST_CHECK;
enum err slide_position_read(struct db_conn *c, const struct id *session,
                             struct slide_position *on) MUST_CHECK;
/* All of it as of one moment, and the log's last seq then. */
enum err slides_load(struct db_conn *c, const struct id *session, struct decks *all,
                     struct slide_position *on, int64_t *seq) MUST_CHECK;

/* --- lane items; every item of a lane is of one session --- */

/* err ERR_CONFLICT: `code` says why; ERR_NOT_FOUND: no such deck. Nothing was written then. */
struct slide_move_item {
    struct lane_item item;
    struct call *call;
    struct id session, organisation;
    struct slide_position to;
    int64_t version, at;
    const char *code;
    int64_t deck_seq; /* of slide.deck; 0: that deck was on already */
    int64_t seq;      /* of slide.moved */
};
extern const struct lane_kind slide_move_kind;

/* Reads decks again that changed over HTTP or by rendering, and logs that they changed. */
struct deck_refresh_item {
    struct lane_item item;
    struct room *room;
    struct id session;
    int64_t at;
    struct id ids[DECKS_MAX];
    struct decks read[DECKS_MAX]; /* one or, when it was removed, none; owned by the item */
    int64_t seqs[DECKS_MAX];
    size_t n;
};
extern const struct lane_kind deck_refresh_kind;

/* Reads again where the session is, after an outcome that nobody knows. */
struct slides_reread_item {
    struct lane_item item;
    struct room *room;
    struct id session;
    int64_t known_seq; /* of the last slide.* event that the room published */
    int64_t version;
    struct slide_position on;
    json_t *missed; /* [{"seq","at" (Unix us),"type","data"}], owned by the item */
};
extern const struct lane_kind slides_reread_kind;

/* --- for the routes (slides_deck_store.c); bounded by who->organisation --- */
enum err decks_list(struct db_conn *c, const struct identity *who, const struct id *session,
                    struct decks *all) MUST_CHECK;
/* ERR_CONFLICT: the session is over, or has DECKS_MAX decks; *why is the wire code. */
enum err deck_admit(struct db_conn *c, const struct identity *who, const struct id *session,
                    const char **why) MUST_CHECK;
struct deck_upload {
    struct id session;
    const char *file_name;
    uint8_t pdf[BLOB_HASH_SIZE];
    size_t bytes;
    int64_t at;
};
/* A new deck, rendering; the same refusals. */
enum err deck_create(struct db_conn *c, const struct identity *who, const struct deck_upload *up,
                     struct deck **out, const char **why) MUST_CHECK;
/* ERR_CONFLICT: it is on screen. */
enum err deck_remove(struct db_conn *c, const struct identity *who, const struct id *deck,
                     int64_t at, struct id *session) MUST_CHECK;
/* Who: staff of the organisation, or an HCP registered for the congress of a published session. */
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
    const char *error; /* NULL: it is ready */
    const char *text;
    size_t image_count;
    struct {
        int width, height;
        uint8_t blob[BLOB_HASH_SIZE];
        int64_t bytes;
    } images[SLIDE_IMAGES_MAX];
};
/* Storing a page twice is the same as once. */
enum err deck_add_page(struct db_conn *c, const struct page_row *page) MUST_CHECK;
/* Ready, or failed for this reason. */
enum err deck_finish(struct db_conn *c, const struct id *deck, const char *error,
                     struct id *session) MUST_CHECK;

#endif
