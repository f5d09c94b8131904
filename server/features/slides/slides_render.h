/* Rendering of decks: a job for each deck that is `rendering`, which runs the render helper from
 * the first page that is missing. After a restart, a lost connection or a full disk it goes on
 * there. */
#ifndef AMPHI_FEATURES_SLIDES_RENDER_H
#define AMPHI_FEATURES_SLIDES_RENDER_H

#include "jobs/jobs.h"

extern const struct job_kind deck_render; /* slides_feature.c */
enum job_result deck_render_run(struct job *job);
enum err deck_render_give_up(struct job *job);

#endif
