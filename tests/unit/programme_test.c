/* When talks are, and what is amiss in a programme. */
#include "features/programme/programme.h"
#include "unit/run.h"

#define START  1795284000000000LL /* 2026-11-21T18:00:00Z */
#define MINUTE (60 * US_PER_S)

static const struct id session = {{1}}, other_session = {{2}}, a = {{3}}, b = {{4}}, whole = {{0}};

static struct slot talk(const struct id *id, int64_t start, int64_t minutes)
{
    return slot_make(&session, id, START, start, minutes);
}

START_TEST(a_talk_begins_minutes_after_its_session)
{
    struct slot slot = talk(&a, 370, 20); /* past midnight as well */
    ck_assert_int_eq(slot.from, START + 370 * MINUTE);
    ck_assert_int_eq(slot.to, START + 390 * MINUTE);
}
END_TEST

START_TEST(talks_that_follow_each_other_do_not_overlap)
{
    struct slot first = talk(&a, 0, 20), next = talk(&b, 20, 10), within = talk(&b, 19, 10);
    ck_assert(!slots_overlap(&first, &next));
    ck_assert(!slots_overlap(&next, &first));
    ck_assert(slots_overlap(&first, &within));
    ck_assert(slots_overlap(&within, &first));
}
END_TEST

START_TEST(a_talk_may_end_with_its_session_and_not_later)
{
    struct slot last = talk(&a, 40, 20);
    ck_assert(!slot_overruns(&last, START + 60 * MINUTE));
    ck_assert(slot_overruns(&last, START + 59 * MINUTE));
}
END_TEST

START_TEST(who_chairs_a_session_may_speak_in_it_and_nowhere_else)
{
    struct slot chair = talk(&whole, 0, 60), mine = talk(&a, 10, 20);
    struct slot elsewhere = slot_make(&other_session, &b, START, 29, 10);
    struct slot later = slot_make(&other_session, &whole, START, 60, 10);
    ck_assert(!slots_clash(&chair, &mine));
    ck_assert(slots_clash(&chair, &elsewhere));
    ck_assert(slots_clash(&mine, &elsewhere));
    ck_assert(!slots_clash(&chair, &later));
}
END_TEST

RUN_TESTS("programme", a_talk_begins_minutes_after_its_session,
          talks_that_follow_each_other_do_not_overlap,
          a_talk_may_end_with_its_session_and_not_later,
          who_chairs_a_session_may_speak_in_it_and_nowhere_else)
