/* Runs check tests: RUN_TESTS("buf", test_a, test_b) is the main() of a unit test. */
#ifndef AMPHI_TESTS_UNIT_RUN_H
#define AMPHI_TESTS_UNIT_RUN_H

#include <check.h>
#include <stddef.h>

static inline int run_tests(const char *name, const TTest *const *tests)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create(name);
    tcase_set_timeout(all, 60);
    for (; *tests; tests++)
        tcase_add_test(all, *tests);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}

#define RUN_TESTS(name, ...)                                                                       \
    int main(void)                                                                                 \
    {                                                                                              \
        return run_tests(name, (const TTest *const[]){__VA_ARGS__, NULL});                         \
    }

#endif
