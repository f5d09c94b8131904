#include "base/map.h"
#include "unit/run.h"
#include <stdlib.h>

#define N 2000

START_TEST(it_says_what_a_plain_array_says)
{
    /* Random puts and removals over a few ids, compared with an array after each. */
    struct id *ids = malloc(N * sizeof *ids);
    static int values[N];
    void *expected[N] = {0};
    struct map m;
    map_init(&m);
    for (int i = 0; i < N; i++)
        ids[i] = id_random();
    unsigned seed = 1;
    size_t count = 0;
    for (int step = 0; step < 20 * N; step++) {
        int i = rand_r(&seed) % N;
        if (rand_r(&seed) % 2) {
            ck_assert_ptr_eq(map_put(&m, &ids[i], &values[i]), expected[i]);
            count += !expected[i];
            expected[i] = &values[i];
        } else {
            ck_assert_ptr_eq(map_remove(&m, &ids[i]), expected[i]);
            count -= expected[i] != NULL;
            expected[i] = NULL;
        }
        ck_assert_uint_eq(m.len, count);
    }
    for (int i = 0; i < N; i++)
        ck_assert_ptr_eq(map_get(&m, &ids[i]), expected[i]);
    size_t cursor = 0, seen = 0;
    while (map_next(&m, &cursor))
        seen++;
    ck_assert_uint_eq(seen, count);
    map_release(&m);
    free(ids);
}
END_TEST

START_TEST(an_empty_map_has_nothing)
{
    struct map m;
    map_init(&m);
    struct id id = id_random();
    size_t cursor = 0;
    ck_assert_ptr_null(map_get(&m, &id));
    ck_assert_ptr_null(map_remove(&m, &id));
    ck_assert_ptr_null(map_next(&m, &cursor));
    map_release(&m);
}
END_TEST

START_TEST(ids_that_count_up_do_not_collide)
{
    /* Clients make some ids: such runs must not turn the map into a list. */
    struct map m;
    map_init(&m);
    static int value;
    for (uint32_t i = 0; i < 50000; i++) {
        struct id id = {{0}};
        id.bytes[0] = (uint8_t)i;
        id.bytes[1] = (uint8_t)(i >> 8);
        id.bytes[2] = (uint8_t)(i >> 16);
        map_put(&m, &id, &value);
    }
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < m.cap; i++) {
        run = m.slots[i].value ? run + 1 : 0;
        if (run > longest)
            longest = run;
    }
    ck_assert_uint_lt(longest, 200);
    map_release(&m);
}
END_TEST

RUN_TESTS("map", it_says_what_a_plain_array_says, an_empty_map_has_nothing,
          ids_that_count_up_do_not_collide)
