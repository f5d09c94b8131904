/* HTTP routes of the slides: decks and their images. Moving is a live command. */
#ifndef AMPHI_FEATURES_SLIDES_ROUTES_H
#define AMPHI_FEATURES_SLIDES_ROUTES_H

#include "http/http.h"

#define UPLOAD_MOST_MB 2000 /* of the route; the configured limit is at most this */

http_handler get_decks, post_deck, delete_deck, get_deck_page;
/* May this deck come, before any of it does: its size and the session. False after having replied.
 */
bool admit_deck(struct http_exchange *x);

#endif
