/* idle: nothing is sent but pongs, for {"for_ms":n}; pings and other frames are counted. */
#include "phases.h"

static const char *idle_begin(struct gen *g, json_t *args)
{
    int64_t ms = arg_int(args, "for_ms", 1000);
    g->deadline_us = g->begun_us + (ms + 60000) * US_PER_MS;
    return NULL;
}

static void idle_turn(struct gen *g)
{
    int64_t until = g->begun_us + arg_int(g->args, "for_ms", 1000) * US_PER_MS;
    if (g->now_us >= until)
        gen_done(g);
    else
        gen_wake_at(g, until);
}

static void idle_end(struct gen *g, json_t *answer)
{
    json_object_set_new(answer, "pings", json_integer((json_int_t)g->pings));
    json_object_set_new(answer, "frames", json_integer((json_int_t)g->frames_in));
    json_object_set_new(answer, "members", json_integer((json_int_t)g->members));
}

const struct phase phase_idle = {
    .name = "idle", .begin = idle_begin, .turn = idle_turn, .end = idle_end};
