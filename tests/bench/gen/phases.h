/* The phases, one struct each; see gen.h. phases.c lists them. */
#ifndef AMPHI_BENCH_PHASES_H
#define AMPHI_BENCH_PHASES_H

#include "gen.h"

extern const struct phase phase_target, phase_connect, phase_close, phase_publish, phase_votes,
    phase_idle, phase_requests, phase_browse, phase_slides, phase_receive, phase_media,
    phase_return, phase_arrive;

#endif
