/* Work behind the slides' requests. Rendering: a job for each deck that is `rendering`, which runs
 * the render helper from the first page that is missing; after a restart, a lost connection or a
 * full disk it goes on there. Freeing: a job for each deck that was removed, which removes its
 * files where no other deck has them. */
#ifndef AMPHI_FEATURES_SLIDES_JOBS_H
#define AMPHI_FEATURES_SLIDES_JOBS_H

#include "jobs/jobs.h"

extern const struct job_kind deck_render, deck_free_files; /* slides_feature.c */
enum job_result deck_render_run(struct job *job);
enum err deck_render_give_up(struct job *job);
enum job_result deck_free_run(struct job *job);
enum err deck_free_give_up(struct job *job);

#endif
