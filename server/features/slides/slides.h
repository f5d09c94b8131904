/* Slides: decks of a session and which page is on. What is here is the live copy of committed rows
 * and the rules over it; pure, of the room's home loop. */
#ifndef AMPHI_FEATURES_SLIDES_H
#define AMPHI_FEATURES_SLIDES_H

#include "base/id.h"
#include "room/room.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const struct feature slides_feature;

#define DECKS_MAX        20 /* of one session, removed ones apart */
#define DECK_NAME_MAX    200
#define DECK_PAGES_MAX   500
#define SLIDE_IMAGES_MAX 3
#define SLIDE_TEXT_CHARS 4000         /* of a page, as it is sent */
#define DECK_TEXT_BYTES  (256 * 1024) /* of a deck, as it is sent: later pages go without */
#define DECK_NOTES_BYTES (128 * 1024) /* the same of notes */
#define DECK_LINK_BYTES  (64 * 1024)  /* the same of links, with their places */
#define DECK_PROGRESS_US (500 * 1000) /* between two pushes of one deck's progress */

enum deck_state { DECK_RENDERING, DECK_READY, DECK_FAILED };
extern const char *const deck_state_words[]; /* NULL-terminated, as in SQL and JSON */
enum deck_state deck_state_parse(const char *word);

struct slide_image {
    int width, height;
    int64_t bytes;
};

struct slide {
    int page; /* from 1 */
    bool ready;
    bool shown;        /* has been on: HCPs may look back at it */
    char *error;       /* of one that is not ready: a stable code */
    json_t *warnings;  /* what it lacks: an array of stable codes; NULL: nothing */
    int width, height; /* in points; 0: not known */
    char *text;
    bool text_cut; /* there is more of it than is sent */
    char *notes;   /* for staff */
    bool notes_cut;
    json_t *links; /* as PROTOCOL.md has them; NULL: none */
    int image_count;
    struct slide_image images[SLIDE_IMAGES_MAX];
};

struct deck {
    struct id id;
    char *file_name;
    enum deck_state state;
    char *error; /* of a failed one */
    int64_t bytes, created_at;
    int page_count;       /* 0: not known yet */
    struct slide *slides; /* those done so far, ascending */
    size_t slide_count;
    size_t text_bytes, notes_bytes, link_bytes;
};

struct deck *deck_new(void);
void deck_free(struct deck *d); /* NULL is allowed */
/* The next slide, empty; its strings are the deck's from then on. */
struct slide *deck_add_slide(struct deck *d, int page);
/* Keeps text if the deck has room for it, else "". cut: it was longer. */
void deck_set_text(struct deck *d, struct slide *s, const char *text, bool cut);
void deck_set_notes(struct deck *d, struct slide *s, const char *notes, bool cut);
/* Keeps links, whose reference it takes, if the deck has room for them. */
void deck_set_links(struct deck *d, struct slide *s, json_t *links);
struct slide *deck_page(const struct deck *d, int page); /* NULL: there is none */
/* Which pages were shown is as `known` (NULL: none) has it. */
void deck_shown_as(struct deck *d, const struct deck *known);

/* The decks of a session, oldest first. */
struct decks {
    struct deck **items;
    size_t n;
};
struct deck *decks_find(const struct decks *all, const struct id *id);
void decks_add(struct decks *all, struct deck *d);
void decks_remove(struct decks *all, struct deck *d);                          /* frees it */
void decks_replace(struct decks *all, struct deck *known, struct deck *newer); /* frees known */
void decks_release(struct decks *all);

struct slide_position {
    struct id deck;
    int page; /* 0: nothing shown yet */
};

/* NULL when the page may be shown, else the wire code. A page is shown when
 * it is rendered, its deck need not be; the database has the last word. deck NULL: there is none.
 */
const char *slide_refused(const struct deck *deck, int64_t page, enum session_state session);
bool slide_session_allows(enum session_state session);

/* --- wire forms, as PROTOCOL.md has them (slides_json.c) --- */
json_t *deck_json(const struct deck *d);       /* for everybody: what was not shown has no text */
json_t *deck_staff_json(const struct deck *d); /* with its state, and why pages failed */
json_t *decks_json(const struct decks *all);   /* for staff */
json_t *slides_json(const struct decks *all, const struct slide_position *on, unsigned roles);
/* A moment of a voice: the page is shown when it is heard. */
struct slide_moment {
    bool set;
    int64_t stream, timestamp; /* 1/48,000 s, on the speaker's own clock */
};
/* The payload. */
json_t *slide_moved_json(int64_t version, const struct slide_position *on,
                         const struct slide_moment *heard);
/* On its first time: what it says and where it leads. */
void slide_moved_add_content(json_t *moved, const struct slide *s);
json_t *deck_changed_json(const struct id *id, const struct deck *d); /* NULL: it was removed */
json_t *deck_progress_json(int pages_done, int page_count);

#endif
