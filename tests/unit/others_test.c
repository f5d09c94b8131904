/* Who is in a session by way of other nodes, in whatever order, and however often, it is told and
 * read. */
#include "harness/live.h"
#include "room/home/home.h"
#include "unit/run.h"

#define NODE    "11111111-0000-4000-8000-000000000001"
#define SPAN    "22222222-0000-4000-8000-000000000001"
#define PERSON  "33333333-0000-4000-8000-000000000001"
#define JOINED  LIVE_START
#define LEFT    (LIVE_START + 5 * US_PER_S)
#define LEASE   (LIVE_START + 3 * US_PER_S)
#define WHOLE_S 70 /* long after every message that is on its way */

static int there, ends;
static int64_t last_end;

static void on_enter(struct room *room, const struct other *other)
{
    (void)room, (void)other;
    there++;
}

static void on_leave(struct room *room, const struct other *other)
{
    (void)room;
    there--;
    ends++;
    last_end = other->left_at;
}

static void on_open(struct room *room, void *loaded)
{
    (void)loaded;
    const struct live *live = container_of(room->app, struct live, app);
    room->organisation = live->organisation;
    room->congress = live->congress;
}

static void open_now(struct room_opening *opening)
{
    room_opening_done(opening, ERR_OK);
}

static const struct feature watcher = {.name = "watcher",
                                       .opening = {.take = on_open},
                                       .other_enter = on_enter,
                                       .other_leave = on_leave};
static const struct feature *const features[] = {&watcher, NULL};

static struct live *start(void)
{
    struct live *live = live_new_opened(features, NULL, open_now);
    there = ends = 0;
    last_end = 0;
    live_member(live, 0, ROLE_HOST, 1);
    return live;
}

static struct room *room_of(struct live *live)
{
    return map_get(&live->peers[0]->rooms->by_session, &live->session);
}

static void tell_span(struct live *live, int64_t left)
{
    tell_here(&live->app, scope_session(&live->session), OTHERS,
              json_pack("{s:s,s:[[s,s,I,I,I,b,b]]}", "node", NODE, "rows", SPAN, PERSON,
                        (json_int_t)JOINED, (json_int_t)left, (json_int_t)left, 0, 0));
    live_run(live);
}

static void tell_gone(struct live *live)
{
    tell_here(&live->app, (struct scope){.kind = SCOPE_ALL}, "nodes.gone",
              json_pack("{s:s,s:I}", "node", NODE, "lease", (json_int_t)LEASE));
    live_run(live);
}

/* What the database said when it was read; left 0: still there. */
static void read(struct live *live, int64_t left, bool presumed)
{
    struct other row = {
        .joined_at = JOINED, .left_at = left, .gone_at = left, .presumed = presumed};
    ck_assert(id_parse(SPAN, &row.span) && id_parse(NODE, &row.node) &&
              id_parse(PERSON, &row.person));
    others_loaded(room_of(live), &row, 1);
}

START_TEST(what_is_told_or_read_twice_counts_once)
{
    struct live *live = start();
    tell_span(live, 0);
    tell_span(live, 0);
    read(live, 0, false);
    ck_assert_int_eq(there, 1);
    tell_span(live, LEFT);
    tell_span(live, LEFT);
    read(live, LEFT, false);
    ck_assert_int_eq(there, 0);
    ck_assert_int_eq(ends, 1);
    ck_assert_int_eq(last_end, LEFT);
    live_free(live);
}
END_TEST

START_TEST(an_end_that_is_told_before_its_beginning_is_an_end)
{
    struct live *live = start();
    tell_span(live, LEFT);
    tell_span(live, 0);
    ck_assert_int_eq(there, 0);
    ck_assert_int_eq(ends, 1);
    live_free(live);
}
END_TEST

START_TEST(an_end_that_is_told_while_the_database_is_read_stays_one)
{
    struct live *live = start();
    tell_span(live, 0);
    tell_span(live, LEFT);
    read(live, 0, false); /* it was read before the end */
    ck_assert_int_eq(there, 0);
    live_free(live);
}
END_TEST

START_TEST(who_was_on_a_node_that_is_away_counts_again_when_it_is_back)
{
    struct live *live = start();
    tell_span(live, 0);
    tell_gone(live);
    ck_assert_int_eq(there, 0);
    ck_assert_int_eq(last_end, LEASE);
    read(live, LEASE, true); /* the node is still away */
    ck_assert_int_eq(there, 0);
    read(live, 0, false);
    ck_assert_int_eq(there, 1);
    tell_span(live, LEFT);
    ck_assert_int_eq(there, 0);
    ck_assert_int_eq(last_end, LEFT);
    live_free(live);
}
END_TEST

START_TEST(what_ended_long_ago_is_forgotten)
{
    struct live *live = start();
    tell_span(live, LEFT);
    ck_assert_uint_eq(room_of(live)->own->others.by_span.len, 1);
    live_advance(live, WHOLE_S * US_PER_S);
    ck_assert_uint_eq(room_of(live)->own->others.by_span.len, 0);
    live_free(live);
}
END_TEST

RUN_TESTS("others", what_is_told_or_read_twice_counts_once,
          an_end_that_is_told_before_its_beginning_is_an_end,
          an_end_that_is_told_while_the_database_is_read_stays_one,
          who_was_on_a_node_that_is_away_counts_again_when_it_is_back,
          what_ended_long_ago_is_forgotten)
