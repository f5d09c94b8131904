/* What a room sends in one turn: a list of entries, in order, that each loop's hub works through.
 */
#ifndef AMPHI_ROOM_OUT_H
#define AMPHI_ROOM_OUT_H

#include "base/frame.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum out_kind {
    OUT_AUDIENCE, /* to each member with a role in `audience` */
    OUT_RECORDS, /* live media for everybody, or the crew: records, of which nobody waits for one */
    OUT_WATCH,  /* one connection's part of them: whether it is of the crew, and the most it gets */
    OUT_CONN,   /* to one connection, if it is still in the session */
    OUT_ANSWER, /* to one connection, wherever it is: the answer to a command of its */
    OUT_JOINED, /* to one connection, which is a member from here on */
    OUT_JOIN_FAILED, /* to one connection, which stays where it was and may ask again */
    OUT_CLOSE,       /* one connection ends with `code` after what came before */
};

#define PLACE_SIZE 9        /* eight characters, the first of the epoch, and NUL */
#define OUT_NONE   SIZE_MAX /* no entry, where an index is meant */

struct out {
    enum out_kind kind;
    enum frame_class class;
    unsigned audience;
    int loop; /* of conn */
    uint64_t conn;
    uint64_t key;           /* of a state: newer replaces older in a slow reader's queue */
    uint16_t code;          /* OUT_CLOSE */
    uint16_t focus;         /* OUT_RECORDS: of the stage (media/stage.h) */
    bool crew;              /* OUT_RECORDS: only for the crew; OUT_JOINED, OUT_WATCH: it is */
    uint8_t rung;           /* OUT_WATCH */
    const char *reason;     /* OUT_CLOSE, static */
    char place[PLACE_SIZE]; /* OUT_JOINED, OUT_RECORDS: the tag of the session's frames */
    struct payload *frame;  /* a reference; NULL with OUT_CLOSE */
    size_t next, after;     /* private to the hub: its chain; shared entries before this one */
};

struct out_list {
    struct out *items;
    size_t len, cap;
};

void out_add(struct out_list *list, const struct out *entry); /* takes the entry's reference */
void out_clear(struct out_list *list); /* keeps the memory when it is small */
void out_release(struct out_list *list);

#endif
