/* Which messages of other nodes were missed, which nodes are away, and which rows of the control
 * log are news: plain memory, the clock passed in. */
#include "base/bytes.h"
#include "base/rate.h"
#include "nodes/control.h"
#include "nodes/horizons.h"
#include "nodes/limits.h"
#include "nodes/peers.h"
#include "unit/run.h"

static struct peers peers;
static const struct id one = {{1}}, other = {{2}};
static enum peer_bus bus; /* what `one` says of its own */
static int gone;
static int64_t gone_lease;

static void on_gone(void *arg, const struct id *node, int64_t lease)
{
    (void)arg, (void)node;
    gone++;
    gone_lease = lease;
}

static void list(int64_t now, int64_t age)
{
    peers_list_begin(&peers);
    peers_list(
        &peers,
        &(struct peer_row){.id = one, .lease = 1000 * US_PER_S + now - age, .age = age, .bus = bus},
        now);
    peers_list_end(&peers, now, on_gone, NULL);
}

static void begin(void)
{
    peers_init(&peers);
    gone = 0;
    bus = PEER_BUS_WHOLE;
}

START_TEST(a_number_that_is_missing_is_noticed_once)
{
    begin();
    ck_assert(peers_heard(&peers, &one, 1, 0));
    ck_assert(peers_heard(&peers, &one, 2, 0));
    ck_assert(!peers_missed(&peers, 0));
    ck_assert(peers_heard(&peers, &one, 4, 0));
    ck_assert(peers_missed(&peers, 0));
    ck_assert(!peers_missed(&peers, 0));
    peers_release(&peers);
}
END_TEST

START_TEST(what_comes_twice_or_too_late_is_passed_over)
{
    begin();
    ck_assert(peers_heard(&peers, &one, 1, 0));
    ck_assert(peers_heard(&peers, &one, 3, 0));
    ck_assert(!peers_heard(&peers, &one, 3, 0));
    ck_assert(!peers_heard(&peers, &one, 2, 0));
    ck_assert(peers_missed(&peers, 0)); /* the one that came too late was missed */
    peers_release(&peers);
}
END_TEST

START_TEST(numbers_are_those_of_each_node)
{
    begin();
    for (uint64_t n = 1; n < 10; n++) {
        ck_assert(peers_heard(&peers, &one, n, 0));
        ck_assert(peers_heard(&peers, &other, n, 0));
    }
    ck_assert(!peers_missed(&peers, 0));
    peers_release(&peers);
}
END_TEST

START_TEST(who_joins_late_has_missed_what_was_said_before)
{
    begin();
    ck_assert(peers_heard(&peers, &one, 7, 0));
    ck_assert(peers_missed(&peers, 0));
    peers_release(&peers);
}
END_TEST

START_TEST(a_node_that_lives_and_is_silent_may_be_missed)
{
    begin();
    peers_heard(&peers, &one, 1, 0);
    list(NODE_BEAT_US, 0);
    ck_assert(!peers_missed(&peers, NODE_BEAT_US));
    int64_t later = NODE_SILENT_US + 1;
    list(later, 0);
    ck_assert(peers_missed(&peers, later));
    ck_assert(peers_missed(&peers, later)); /* as long as it is */
    peers_heard(&peers, &one, 2, later);
    ck_assert(!peers_missed(&peers, later));
    peers_release(&peers);
}
END_TEST

START_TEST(a_lease_that_is_too_old_is_told_at_each_listing_with_where_it_ended)
{
    begin();
    peers_heard(&peers, &one, 1, 0);
    list(0, 0);
    ck_assert_uint_eq(peers_count(&peers), 1);
    int64_t now = NODE_AWAY_US + 1;
    list(now, now);
    list(now + 1, now + 1);
    ck_assert_int_eq(gone, 2);
    ck_assert_int_eq(gone_lease, 1000 * US_PER_S);
    ck_assert_uint_eq(peers_count(&peers), 0);
    peers_release(&peers);
}
END_TEST

START_TEST(a_node_that_comes_back_is_read_again)
{
    begin();
    list(0, 0);
    list(NODE_AWAY_US + 1, NODE_AWAY_US + 1);
    peers_missed(&peers, NODE_AWAY_US + 1);
    int64_t now = NODE_AWAY_US + 2;
    peers_heard(&peers, &one, 1, now);
    list(now, 0);
    ck_assert(peers_missed(&peers, now));
    ck_assert_uint_eq(peers_count(&peers), 1);
    peers_release(&peers);
}
END_TEST

START_TEST(a_run_that_is_not_listed_any_more_is_told_and_forgotten)
{
    begin();
    list(0, 0);
    peers_list_begin(&peers);
    peers_list_end(&peers, NODE_SILENT_US + 1, on_gone, NULL);
    ck_assert_int_eq(gone, 1);
    ck_assert_uint_eq(peers.by_id.len, 0);
    peers_release(&peers);
}
END_TEST

/* Two clusters on one database: each has its NATS, and neither hears the other. */
START_TEST(a_node_that_lives_with_its_bus_and_is_not_heard_is_apart)
{
    int64_t later = 1 + NODE_APART_US;
    begin();
    list(1, 0);
    list(later, 0);
    ck_assert_uint_eq(peers_apart(&peers, true, true, later), 0); /* it may just have begun */
    ck_assert_uint_eq(peers_apart(&peers, true, true, later + 1), 1);
    ck_assert_uint_eq(peers_apart(&peers, true, false, later + 1), 0); /* nobody is heard now */
    bus = PEER_BUS_BROKEN;
    list(later + 1, 0);
    ck_assert_uint_eq(peers_apart(&peers, true, true, later + 1), 0); /* it cannot be heard */
    bus = PEER_BUS_NONE;
    list(later + 1, 0);
    ck_assert_uint_eq(peers_apart(&peers, true, true, later + 1), 1);
    peers_heard(&peers, &one, 1, later);
    ck_assert_uint_eq(peers_apart(&peers, true, true, later + 1), 0);
    list(later + 2, NODE_AWAY_US + 1);
    ck_assert_uint_eq(peers_apart(&peers, false, false, 3 * later), 0); /* it lives no more */
    peers_release(&peers);
}
END_TEST

START_TEST(without_a_bus_nobody_else_may_live)
{
    begin();
    bus = PEER_BUS_NONE;
    list(1, 0);
    ck_assert_uint_eq(peers_apart(&peers, false, false, 2 + NODE_APART_US), 1);
    peers_release(&peers);
}
END_TEST

START_TEST(each_row_of_the_control_log_is_new_once_in_any_order_of_commits)
{
    struct control control = {0};
    control_forget_before(&control, 1); /* of nothing */
    ck_assert(control_is_new(&control, 5));
    ck_assert(control_is_new(&control, 9));
    ck_assert(!control_is_new(&control, 5));
    ck_assert(control_is_new(&control, 7)); /* began before 9, committed after it */
    ck_assert(!control_is_new(&control, 7));
    control_forget_before(&control, 7);
    ck_assert_uint_eq(control.n, 2);
    ck_assert(!control_is_new(&control, 7));
    ck_assert(!control_is_new(&control, 9));
    control_release(&control);
}
END_TEST

START_TEST(what_was_heard_some_seconds_before_a_loss_is_not_read_again)
{
    struct horizons h = {0};
    ck_assert_int_eq(horizons_heard(&h, US_PER_S), 0);
    for (int64_t half = 0; half < 100; half++) /* twice a second */
        horizons_keep(&h, 1000 + half, (1 + half) * US_PER_S / 2);
    int64_t now = 50 * US_PER_S;
    ck_assert_int_eq(horizons_heard(&h, now), 1000 + 78); /* as of 39.5 s */
    ck_assert_int_eq(horizons_heard(&h, now + 40 * US_PER_S), 1000 + 98);
    /* Too young all of them, as after a start: nothing is known. */
    h = (struct horizons){0};
    horizons_keep(&h, 5, now);
    ck_assert_int_eq(horizons_heard(&h, now + HORIZON_US - 1), 0);
    ck_assert_int_eq(horizons_heard(&h, now + HORIZON_US), 5);
}
END_TEST

static struct app app;
static struct clock clock;

static bool hear(size_t len, size_t at, uint64_t value, size_t size)
{
    char data[64] = {2}; /* the table of sign-ins; 5 of 10 were taken of bucket 1 */
    bytes_put(data + 1, 1, 8);
    bytes_put(data + 9, 10, 4);
    bytes_put(data + 13, 1, 4);
    bytes_put(data + 17, 5, 4);
    if (size)
        bytes_put(data + at, value, size);
    return limits_hear(&app, data, len);
}

START_TEST(what_others_say_was_taken_is_checked)
{
    int retry;
    uint8_t secret[8] = {1};
    clock_init_fake(&clock, 1000 * US_PER_S);
    app = (struct app){.clock = &clock, .sign_in_rates = rate_table_new()};
    app.request_rates = rate_table_new();
    app.command_rates = rate_table_new();
    limits_share(&app, secret);
    ck_assert(!hear(0, 0, 0, 0));
    ck_assert(!hear(20, 0, 0, 0)); /* cut */
    ck_assert(!hear(22, 0, 0, 0));
    ck_assert(!hear(21, 0, 3, 1));  /* no such table */
    ck_assert(!hear(21, 1, 0, 8));  /* no key */
    ck_assert(!hear(21, 13, 0, 4)); /* no limit at all */
    ck_assert(!hear(21, 9, UINT32_MAX, 4));
    ck_assert(!hear(21, 17, 1u << 31, 4));
    const struct rate rate = {10, 1};
    int64_t now = clock_mono_us(&clock);
    for (int i = 0; i < 2; i++)
        ck_assert(rate_would_allow(app.sign_in_rates, 1, &rate, now, &retry) && hear(21, 0, 0, 0));
    ck_assert(!rate_would_allow(app.sign_in_rates, 1, &rate, now, &retry));
    rate_table_free(app.sign_in_rates);
    rate_table_free(app.request_rates);
    rate_table_free(app.command_rates);
}
END_TEST

START_TEST(a_node_that_lives_is_found_by_how_its_id_begins)
{
    struct id found;
    begin();
    list(0, 0);
    ck_assert(peers_find(&peers, one.bytes, 4, &found) && id_equal(&found, &one));
    ck_assert(!peers_find(&peers, other.bytes, 4, &found));
    list(NODE_AWAY_US + 2, NODE_AWAY_US + 1);
    ck_assert(!peers_find(&peers, one.bytes, 4, &found));
    peers_release(&peers);
}
END_TEST

RUN_TESTS("nodes", what_was_heard_some_seconds_before_a_loss_is_not_read_again,
          a_node_that_lives_is_found_by_how_its_id_begins, what_others_say_was_taken_is_checked,
          a_number_that_is_missing_is_noticed_once, what_comes_twice_or_too_late_is_passed_over,
          numbers_are_those_of_each_node, who_joins_late_has_missed_what_was_said_before,
          a_node_that_lives_and_is_silent_may_be_missed,
          a_lease_that_is_too_old_is_told_at_each_listing_with_where_it_ended,
          a_node_that_comes_back_is_read_again,
          a_run_that_is_not_listed_any_more_is_told_and_forgotten,
          a_node_that_lives_with_its_bus_and_is_not_heard_is_apart,
          without_a_bus_nobody_else_may_live,
          each_row_of_the_control_log_is_new_once_in_any_order_of_commits)
