/* What is decided at start without touching anything. */
#include "start.h"
#include "unit/run.h"

START_TEST(a_postgresql_older_than_14_is_refused_by_its_name)
{
    char why[WHY_SIZE] = "";
    ck_assert(start_supports(150018, why));
    ck_assert(start_supports(140000, why));
    ck_assert_str_eq(why, "");
    ck_assert(!start_supports(130099, why));
    ck_assert_str_eq(why, "database: PostgreSQL 13 is too old; amphi needs PostgreSQL 14 or later");
    ck_assert(!start_supports(90624, why));
    ck_assert_str_eq(why,
                     "database: PostgreSQL 9.6 is too old; amphi needs PostgreSQL 14 or later");
}
END_TEST

RUN_TESTS("start", a_postgresql_older_than_14_is_refused_by_its_name)
