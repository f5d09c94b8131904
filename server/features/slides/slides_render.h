/* Decks on their way through the render helper. What waits is in the database (a deck that is
 * `rendering`), so a restart, a full queue or a lost connection only mean: later, from the first
 * page that is missing. */
#ifndef AMPHI_FEATURES_SLIDES_RENDER_H
#define AMPHI_FEATURES_SLIDES_RENDER_H

#include "room/feature.h"

/* Main thread. */
enum err slides_render_start(struct app *app, struct db_conn *conn) MUST_CHECK;
void slides_render_tick(struct app *app);
void slides_render_stop(struct app *app); /* after render_free() */

/* Any thread: a deck was committed; the next tick takes it up. */
void slides_render_wanted(void);

#endif
