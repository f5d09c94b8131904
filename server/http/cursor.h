/* Cursor paging. A list is ordered by a number (a time in Unix us, or a serial) and an id that
 * breaks ties; the cursor is the last row's pair, opaque to the client. Any thread.
 *
 *     struct cursor after;
 *     if (!cursor_read(x, &after)) return;              // replied 422 already
 *     … WHERE (at, id) < ($2, $3) … LIMIT http_query_limit(x) + 1 …
 *     cursor_reply(x, items, more ? &last : NULL); */
#ifndef AMPHI_HTTP_CURSOR_H
#define AMPHI_HTTP_CURSOR_H

#include "base/id.h"
#include "http/http.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define CURSOR_TEXT_SIZE 40

struct cursor {
    int64_t number;
    struct id id;
};
/* The first page of a descending list starts below these, of an ascending one above them. */
#define CURSOR_NEWEST ((struct cursor){.number = INT64_MAX})
#define CURSOR_OLDEST ((struct cursor){.number = INT64_MIN})

/* Base64url without padding; returns text. */
const char *cursor_text(const struct cursor *c, char text[static CURSOR_TEXT_SIZE]);
/* False for anything that cursor_text() did not make. */
bool cursor_parse(const char *text, struct cursor *out);

/* ?cursor= of the request; *out keeps `first` when it is absent. False after having replied 422. */
bool cursor_read(struct http_exchange *x, struct cursor first, struct cursor *out);
/* 200 {"items":[…],"next":cursor|null}; takes items. next NULL: the last page. */
void cursor_reply(struct http_exchange *x, json_t *items, const struct cursor *next);

#endif
