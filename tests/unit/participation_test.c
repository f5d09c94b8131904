#include "features/participation/participation_csv.h"
#include "features/participation/participation_live.h"
#include "unit/run.h"
#include <stdlib.h>
#include <string.h>

#define S US_PER_S

static int64_t covered(struct times *t)
{
    int64_t sum = times_covered(t, 0, 0, 1000 * S);
    times_release(t);
    return sum;
}

START_TEST(overlapping_devices_count_once)
{
    struct times t = {0};
    times_add(&t, 10 * S, 100 * S, 0);
    times_add(&t, 50 * S, 120 * S, 0);
    times_add(&t, 60 * S, 70 * S, 0);
    ck_assert_int_eq(covered(&t), 110 * S);
}
END_TEST

START_TEST(a_gap_of_exactly_the_bound_is_bridged_and_a_longer_one_is_not)
{
    struct times t = {0};
    times_add(&t, 0, 10 * S, 40 * S);
    times_add(&t, 40 * S, 50 * S, 80 * S);
    ck_assert_int_eq(covered(&t), 50 * S);
    times_add(&t, 0, 10 * S, 40 * S);
    times_add(&t, 40 * S + 1, 50 * S, 80 * S);
    ck_assert_int_eq(covered(&t), 20 * S - 1);
}
END_TEST

START_TEST(after_a_leave_on_purpose_nothing_is_bridged)
{
    struct times t = {0};
    times_add(&t, 0, 10 * S, 0);
    times_add(&t, 11 * S, 50 * S, 80 * S);
    ck_assert_int_eq(covered(&t), 49 * S);
}
END_TEST

/* Last heard at 10 s, pinged in vain at 22 s: lost in between. */
START_TEST(a_gap_counts_from_when_the_connection_was_known_to_be_gone)
{
    struct span_rules rules = {.gap = 30 * S};
    ck_assert_int_eq(span_bridge(&rules, 10 * S, 22 * S, false), 52 * S);
    ck_assert_int_eq(span_bridge(&rules, 10 * S, 10 * S, false), 40 * S);
    ck_assert_int_eq(span_bridge(&rules, 10 * S, 0, false), 40 * S);
    ck_assert_int_eq(span_bridge(&rules, 10 * S, 22 * S, true), 10 * S);
    struct times t = {0};
    times_add(&t, 0, 10 * S, span_bridge(&rules, 10 * S, 22 * S, false));
    times_add(&t, 52 * S, 60 * S, 60 * S);
    ck_assert_int_eq(covered(&t), 60 * S);
    times_add(&t, 0, 10 * S, span_bridge(&rules, 10 * S, 22 * S, false));
    times_add(&t, 52 * S + 1, 60 * S, 60 * S);
    ck_assert_int_eq(covered(&t), 18 * S - 1);
}
END_TEST

START_TEST(time_outside_the_live_time_does_not_count)
{
    struct times t = {0};
    times_add(&t, 0, 100 * S, 0);
    ck_assert_int_eq(times_covered(&t, 0, 30 * S, 80 * S), 50 * S);
    ck_assert_int_eq(times_covered(&t, 0, 200 * S, 300 * S), 0);
    times_release(&t);
}
END_TEST

START_TEST(an_open_connection_lasts_until_now_and_ends_when_it_was_last_heard)
{
    struct times t = {0};
    times_open(&t, 100 * S);
    ck_assert_int_eq(times_covered(&t, 160 * S, 0, 1000 * S), 60 * S);
    times_close(&t, 100 * S, 140 * S, 0);
    ck_assert_int_eq(times_covered(&t, 160 * S, 0, 1000 * S), 40 * S);
    ck_assert_uint_eq(t.open_n, 0);
    times_release(&t);
}
END_TEST

START_TEST(closing_what_was_never_open_changes_nothing)
{
    struct times t = {0};
    times_open(&t, 5 * S);
    times_close(&t, 6 * S, 9 * S, 0);
    ck_assert_uint_eq(t.open_n, 1);
    ck_assert_uint_eq(t.n, 0);
    times_release(&t);
}
END_TEST

/* The oracle: whole seconds in an array, nothing shared with the code under test. */
#define WORLD 600
struct raw {
    int from, to; /* to < 0: still open */
    int bridge;   /* 0: left on purpose */
};

/* A second is bridged when a presence that ended before still reaches the next one's beginning. */
static bool is_bridged(const struct raw *raw, int n, int at, int now)
{
    int after = -1, reach = -1;
    for (int i = 0; i < n; i++) {
        int to = raw[i].to < 0 ? now : raw[i].to;
        if (to <= at && to + raw[i].bridge > reach)
            reach = to + raw[i].bridge;
        if (raw[i].from > at && (after < 0 || raw[i].from < after))
            after = raw[i].from;
    }
    return after >= 0 && reach >= after;
}

static int oracle(const struct raw *raw, int n, int now, int live, int end)
{
    char here[WORLD + 1] = {0};
    for (int i = 0; i < n; i++)
        for (int at = raw[i].from; at < (raw[i].to < 0 ? now : raw[i].to); at++)
            here[at] = 1;
    int sum = 0;
    for (int at = live; at < end; at++)
        sum += here[at] || is_bridged(raw, n, at, now);
    return sum;
}

static void replay(const struct raw *raw, int n, struct times *t)
{
    for (int i = 0; i < n; i++)
        if (raw[i].to < 0 || rand() % 2)
            times_open(t, raw[i].from * S);
        else
            times_add(t, raw[i].from * S, raw[i].to * S, (raw[i].to + raw[i].bridge) * S);
    for (int i = 0; i < n; i++)
        if (raw[i].to >= 0)
            times_close(t, raw[i].from * S, raw[i].to * S, (raw[i].to + raw[i].bridge) * S);
}

START_TEST(random_spans_cover_what_counting_second_by_second_says)
{
    srand(7);
    for (int round = 0; round < 3000; round++) {
        struct raw raw[8];
        int n = rand() % 9, now = 500 + rand() % 100, gap = rand() % 3 ? rand() % 40 : 0;
        int live = rand() % 300, end = live + rand() % (now - live);
        for (int i = 0; i < n; i++) {
            raw[i].from = i * 60 + rand() % 60; /* apart, so that a beginning names its span */
            raw[i].to = raw[i].from + rand() % (now - raw[i].from);
            raw[i].bridge = rand() % 3 ? gap : 0;
            if (rand() % 6 == 0)
                raw[i].to = -1;
        }
        struct times t = {0};
        replay(raw, n, &t);
        ck_assert_int_eq(times_covered(&t, now * S, live * S, end * S),
                         oracle(raw, n, now, live, end) * S);
        times_release(&t);
    }
}
END_TEST

START_TEST(a_minute_is_attended_and_the_threshold_itself_completes)
{
    ck_assert(!has_attended(60 * S - 1));
    ck_assert(has_attended(60 * S));
    ck_assert(has_completed(75 * S, 100 * S, 750));
    ck_assert(!has_completed(75 * S - 1, 100 * S, 750));
    ck_assert(!has_completed(40 * S, 40 * S, 750)); /* all of it, but under a minute */
    ck_assert(!has_completed(0, 0, 750));
}
END_TEST

static struct id number(uint8_t n)
{
    return (struct id){{n}};
}

START_TEST(figures_count_each_person_once_in_each_profile)
{
    struct people people;
    people_init(&people);
    struct participation p = {.n = 2};
    struct span_rules rules = {.gap = 30 * S, .threshold = 750, .live_at = 1000 * S};
    for (uint8_t i = 1; i <= 3; i++) {
        struct id id = number(i);
        struct person *one = people_put(&people, &id);
        one->registered = true;
        one->profiles = i == 1 ? 1 : i == 2 ? 3 : 0;
        times_open(&one->times, 900 * S);
    }
    struct id second = number(2), third = number(3);
    times_open(&people_get(&people, &second)->times, 950 * S);
    times_close(&people_get(&people, &third)->times, 900 * S, 1065 * S, 1065 * S + rules.gap);
    people_figures(&people, &rules, 1200 * S, &p);
    ck_assert_int_eq(p.live_us, 200 * S);
    ck_assert_int_eq(p.all.registered, 3);
    ck_assert_int_eq(p.all.present, 2);
    ck_assert_int_eq(p.all.attended, 3);
    ck_assert_int_eq(p.all.completed, 2);
    ck_assert_int_eq(p.profiles[0].figures.registered, 2);
    ck_assert_int_eq(p.profiles[1].figures.present, 1);
    people_release(&people);
}
END_TEST

START_TEST(who_is_no_hcp_is_counted_apart)
{
    struct people people;
    people_init(&people);
    struct participation p = {.n = 1};
    struct span_rules rules = {.threshold = 750, .live_at = 1000 * S};
    for (uint8_t i = 1; i <= 3; i++) {
        struct id id = number(i);
        struct person *one = people_put(&people, &id);
        one->registered = true;
        one->other = i > 1;
        times_open(&one->times, 900 * S);
    }
    people_figures(&people, &rules, 1200 * S, &p);
    ck_assert_int_eq(p.all.registered, 1);
    ck_assert_int_eq(p.no_profile.registered, 1);
    ck_assert_int_eq(p.others.registered, 2);
    ck_assert_int_eq(p.others.completed, 2);
    people_release(&people);
}
END_TEST

START_TEST(who_cancelled_counts_only_when_they_attended)
{
    struct people people;
    people_init(&people);
    struct participation p = {.n = 1};
    struct span_rules rules = {.gap = 0, .threshold = 750, .live_at = 1000 * S};
    for (uint8_t i = 1; i <= 3; i++) {
        struct id id = number(i);
        struct person *one = people_put(&people, &id);
        one->profiles = 1;
        if (i > 1) /* the first never came */
            times_add(&one->times, 1000 * S, i == 2 ? 1059 * S : 1060 * S, 0);
    }
    people_figures(&people, &rules, 1200 * S, &p);
    ck_assert_int_eq(p.all.registered, 1);
    ck_assert_int_eq(p.all.attended, 1);
    ck_assert_int_eq(p.profiles[0].figures.registered, 1);
    people_release(&people);
}
END_TEST

START_TEST(an_update_of_everybody_forgets_who_is_gone_but_not_their_time)
{
    struct people people, fresh;
    people_init(&people);
    people_init(&fresh);
    struct id a = number(1), b = number(2);
    people_put(&people, &a)->registered = true;
    times_add(&people_get(&people, &a)->times, 0, 5 * S, 0);
    people_put(&fresh, &b)->registered = true;
    people_update(&people, &fresh, false);
    ck_assert(people_get(&people, &a)->registered);
    people_update(&people, &fresh, true);
    ck_assert(!people_get(&people, &a)->registered);
    ck_assert_uint_eq(people_get(&people, &a)->times.n, 1);
    ck_assert(people_get(&people, &b)->registered);
    people_release(&people);
    people_release(&fresh);
}
END_TEST

static struct participation sample(void)
{
    struct participation p = {
        .all = {.registered = 60, .present = 3, .attended = 42, .completed = 30},
        .no_profile = {.registered = 38, .present = 2, .attended = 27, .completed = 22},
        .others = {.registered = 2, .present = 1, .attended = 1},
        .live_us = 3599999999,
        .n = 2};
    p.profiles[0] = (struct profile_figures){
        .id = number(0x11),
        .name = strdup("Cardiologists, hospital"),
        .goal_registrations = 20,
        .goal_attendees = 20,
        .goal_rate = 700,
        .goal_completion_rate = 500,
        .universe = 1200,
        .universe_source = strdup("=Registry"),
        .figures = {.registered = 20, .present = 1, .attended = 14, .completed = 7}};
    p.profiles[1] = (struct profile_figures){
        .id = number(0x22), .name = strdup("Nurses"), .goal_completions = 1};
    return p;
}

START_TEST(reached_compares_with_the_goal_and_says_nothing_without_one)
{
    struct participation p = sample();
    ck_assert_int_eq(registrations_reached(&p.profiles[0]), REACHED);
    ck_assert_int_eq(attendees_reached(&p.profiles[0]), NOT_REACHED);
    ck_assert_int_eq(participation_rate_reached(&p.profiles[0]), REACHED); /* 14 of 20: 70 % */
    ck_assert_int_eq(completion_rate_reached(&p.profiles[0]), REACHED);    /* 7 of 14 */
    ck_assert_int_eq(completions_reached(&p.profiles[0]), NO_GOAL);
    ck_assert_int_eq(completions_reached(&p.profiles[1]), NOT_REACHED);
    ck_assert_int_eq(completion_rate_reached(&p.profiles[1]), NO_GOAL);
    p.profiles[0].goal_completion_rate = 501;
    ck_assert_int_eq(completion_rate_reached(&p.profiles[0]), NOT_REACHED);
    p.profiles[0].goal_rate = 701;
    ck_assert_int_eq(participation_rate_reached(&p.profiles[0]), NOT_REACHED);
    p.profiles[0].figures = (struct figures){0};
    ck_assert_int_eq(participation_rate_reached(&p.profiles[0]), NOT_REACHED);
    ck_assert_int_eq(registrations_reached(&p.profiles[1]), NO_GOAL);
    participation_release(&p);
}
END_TEST

START_TEST(the_state_on_the_wire_is_the_golden_one)
{
    struct participation p = sample();
    json_t *golden = json_load_file("tests/golden/participation/participation.json", 0, NULL);
    ck_assert_ptr_nonnull(golden);
    json_t *data = participation_json(&p);
    ck_assert(json_equal(json_object_get(golden, "data"), data));
    json_decref(data);
    json_decref(golden);
    participation_release(&p);
}
END_TEST

START_TEST(the_file_shows_each_rate_with_its_numbers_and_what_is_not_known)
{
    struct participation p = sample();
    struct buf out;
    buf_init(&out, 65536);
    participation_csv(&out, &p, CSV_MACHINE);
    const char *body = strstr(out.data, "\r\n") + 2;
    ck_assert_str_eq(body,
                     "All HCPs,,,,,,60,42,30,not known,60,,not known,42,,0.7000,42,60,"
                     "0.7142,30,42,,,,,,,\r\n"
                     "No target profile,,,,,,38,27,22,not known,38,,not known,27,,0.7105,27,38,"
                     "0.8148,22,27,,,,,,,\r\n"
                     "\"Cardiologists, hospital\",20,20,0.7000,1200,=Registry,20,14,7,0.0166,20,"
                     "1200,0.0116,14,1200,0.7000,14,20,0.5000,7,14,yes,no,yes,,,"
                     "0.5000,yes\r\n"
                     "Nurses,,,,,,0,0,0,not known,0,,not known,0,,,0,0,,0,0,,,,1,no,,\r\n"
                     "Other participants,,,,,,2,1,0,not known,2,,not known,1,,0.5000,1,2,"
                     "0.0000,0,1,,,,,,,\r\n");
    int commas[3] = {0}, line = 0;
    for (const char *c = out.data; *c && line < 2; c++) {
        commas[line] += *c == ',';
        line += *c == '\n';
    }
    ck_assert_int_eq(commas[0], 27);
    ck_assert_int_eq(commas[1], 27);
    buf_release(&out);
    participation_release(&p);
}
END_TEST

START_TEST(without_others_the_file_is_of_all_registrations)
{
    struct participation p = sample();
    struct buf out;
    p.others = (struct figures){0};
    buf_init(&out, 65536);
    participation_csv(&out, &p, CSV_MACHINE);
    ck_assert_ptr_nonnull(strstr(out.data, "All registrations,,"));
    ck_assert_ptr_null(strstr(out.data, "Other participants"));
    buf_release(&out);
    participation_release(&p);
}
END_TEST

RUN_TESTS("participation", overlapping_devices_count_once,
          a_gap_of_exactly_the_bound_is_bridged_and_a_longer_one_is_not,
          after_a_leave_on_purpose_nothing_is_bridged,
          a_gap_counts_from_when_the_connection_was_known_to_be_gone,
          time_outside_the_live_time_does_not_count,
          an_open_connection_lasts_until_now_and_ends_when_it_was_last_heard,
          closing_what_was_never_open_changes_nothing,
          random_spans_cover_what_counting_second_by_second_says,
          a_minute_is_attended_and_the_threshold_itself_completes,
          figures_count_each_person_once_in_each_profile, who_is_no_hcp_is_counted_apart,
          without_others_the_file_is_of_all_registrations,
          who_cancelled_counts_only_when_they_attended,
          an_update_of_everybody_forgets_who_is_gone_but_not_their_time,
          reached_compares_with_the_goal_and_says_nothing_without_one,
          the_state_on_the_wire_is_the_golden_one,
          the_file_shows_each_rate_with_its_numbers_and_what_is_not_known)
