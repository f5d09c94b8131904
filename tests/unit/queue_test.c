/* The queue of a pool of workers: age where it is not shared out, turns and shares where it is. */
#include "db/queue.h"
#include "unit/run.h"
#include <string.h>

#define JOBS_MAX 40

static struct db_job jobs[JOBS_MAX];
static size_t added;

static struct id owner_of(char owner)
{
    struct id id = {0};
    id.bytes[0] = (uint8_t)owner;
    return id;
}

/* since_us is the place in this text. */
static void add_all(struct db_queue *q, const char *owners)
{
    for (; *owners; owners++, added++) {
        jobs[added] = (struct db_job){.owner = owner_of(*owners), .since_us = (int64_t)added};
        queue_add(q, &jobs[added]);
    }
}

/* The owners in the order in which their jobs are taken, beside those that run for ever; "" when
 * none may be. */
static const char *order(struct db_queue *q, const char *running)
{
    static char text[JOBS_MAX + 1];
    struct id ids[JOBS_MAX];
    size_t n = 0, ids_len = strlen(running);
    for (size_t i = 0; i < ids_len; i++)
        ids[i] = owner_of(running[i]);
    for (struct db_job *job; (job = queue_take(q, ids, ids_len));)
        text[n++] = (char)job->owner.bytes[0];
    text[n] = '\0';
    return text;
}

START_TEST(what_is_not_shared_out_goes_by_age)
{
    struct db_queue q;
    queue_init(&q, 0);
    added = 0;
    add_all(&q, "aaab");
    struct db_job old = {.owner = owner_of('o'), .since_us = -1}; /* comes back */
    queue_add(&q, &old);
    ck_assert_uint_eq(q.len, 5);
    ck_assert_ptr_eq(queue_oldest(&q), &old);
    ck_assert_str_eq(order(&q, "a"), "oaaab");
    ck_assert_uint_eq(q.len, 0);
    ck_assert_ptr_null(queue_oldest(&q));
}
END_TEST

START_TEST(who_was_here_before_comes_first)
{
    struct db_queue q;
    queue_init(&q, 0);
    added = 0;
    add_all(&q, "ab");
    struct db_job known = {.owner = owner_of('k'), .since_us = 10, .first = true};
    struct db_job later = {.owner = owner_of('l'), .since_us = 11, .first = true};
    queue_add(&q, &known);
    queue_add(&q, &later);
    ck_assert_ptr_eq(queue_oldest(&q), &jobs[0]);
    ck_assert_str_eq(order(&q, ""), "klab");
    ck_assert_uint_eq(q.firsts, 0);
}
END_TEST

START_TEST(owners_take_turns)
{
    struct db_queue q;
    queue_init(&q, 9);
    added = 0;
    add_all(&q, "aaaaabbc");
    ck_assert_str_eq(order(&q, ""), "abcabaaa");
    add_all(&q, "aaaa");
    ck_assert_int_eq(queue_take(&q, NULL, 0)->owner.bytes[0], 'a');
    add_all(&q, "b"); /* comes late, and waits for one of the three at most */
    ck_assert_str_eq(order(&q, ""), "abaa");
}
END_TEST

START_TEST(nobody_has_more_than_their_share)
{
    struct db_queue q;
    queue_init(&q, 1);
    added = 0;
    add_all(&q, "aab");
    ck_assert_str_eq(order(&q, "a"), "b");
    ck_assert_str_eq(order(&q, "a"), "");
    ck_assert_uint_eq(q.len, 2);
    ck_assert_ptr_eq(queue_oldest(&q), &jobs[0]);
    ck_assert_ptr_eq(queue_take_oldest(&q), &jobs[0]);
    ck_assert_str_eq(order(&q, "b"), "a");
    struct db_job mine = {0}, others = {0};
    struct id running[2] = {{{0}}, {{0}}}; /* workers that are idle, or do nobody's work */
    queue_add(&q, &mine);
    queue_add(&q, &others);
    ck_assert_ptr_eq(queue_take(&q, running, 2), &mine);
    ck_assert_ptr_eq(queue_take(&q, running, 2), &others);
}
END_TEST

RUN_TESTS("queue", what_is_not_shared_out_goes_by_age, who_was_here_before_comes_first,
          owners_take_turns, nobody_has_more_than_their_share)
