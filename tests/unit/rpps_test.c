#include "base/rpps.h"
#include "unit/run.h"
#include <string.h>

static char kept[RPPS_SIZE];

static enum rpps_verdict parse(const char *typed)
{
    return rpps_parse(typed, strlen(typed), kept);
}

START_TEST(an_rpps_number_has_eleven_digits_and_luhns_sum)
{
    ck_assert_int_eq(parse("10000001916"), RPPS_GOOD);
    ck_assert_str_eq(kept, "10000001916");
    ck_assert_int_eq(parse("10000001917"), RPPS_CHECK_DIGIT);
    ck_assert_int_eq(parse("10000001961"), RPPS_CHECK_DIGIT); /* two digits changed places */
    ck_assert_str_eq(kept, "10000001961");
}
END_TEST

/* The agency's own examples of people who do not exist. */
START_TEST(made_up_numbers_fail_the_check_and_are_taken_where_it_is_off)
{
    ck_assert_int_eq(parse("10003461033"), RPPS_CHECK_DIGIT);
    ck_assert_int_eq(parse("10102727017"), RPPS_CHECK_DIGIT);
    ck_assert_str_eq(rpps_fault(RPPS_CHECK_DIGIT, true), "check digit");
    ck_assert_ptr_null(rpps_fault(RPPS_CHECK_DIGIT, false));
    ck_assert_str_eq(rpps_fault(RPPS_MALFORMED, false), "malformed");
    ck_assert_ptr_null(rpps_fault(RPPS_GOOD, true));
    ck_assert_ptr_null(rpps_fault(RPPS_ADELI, true));
}
END_TEST

START_TEST(the_digit_of_the_kind_goes)
{
    ck_assert_int_eq(parse("810000001916"), RPPS_GOOD);
    ck_assert_str_eq(kept, "10000001916");
    ck_assert_int_eq(parse("0699300018"), RPPS_ADELI);
    ck_assert_str_eq(kept, "699300018");
    ck_assert_int_eq(parse("710000001916"), RPPS_MALFORMED);
}
END_TEST

START_TEST(blanks_make_no_difference)
{
    ck_assert_int_eq(parse("  1000 0001 916\t"), RPPS_GOOD);
    ck_assert_int_eq(parse("10\xc2\xa0\x30\x30\x30\xe2\x80\xaf\x30\x30\x31\x39\x31\x36"),
                     RPPS_GOOD);
    ck_assert_str_eq(kept, "10000001916");
}
END_TEST

START_TEST(an_adeli_number_is_good_in_form)
{
    ck_assert_int_eq(parse("699300018"), RPPS_ADELI);
    ck_assert_int_eq(parse("2a9300018"), RPPS_ADELI);
    ck_assert_str_eq(kept, "2A9300018");
    ck_assert_int_eq(parse("2C9300018"), RPPS_MALFORMED);
    ck_assert_int_eq(parse("6993000A8"), RPPS_MALFORMED);
}
END_TEST

START_TEST(anything_else_is_malformed)
{
    static const char *const bad[] = {
        "",
        "1",
        "1000000191",
        "100000019160",
        "00000000000",
        "ANS20231122132732",
        "1000000191O",
        "-0000001916",
        "10000001916\xc2",
        "８００００００１９１６",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_int_eq(parse(bad[i]), RPPS_MALFORMED);
        ck_assert_str_eq(kept, "");
    }
    ck_assert_int_eq(rpps_parse("10000001916\0", 12, kept), RPPS_MALFORMED);
}
END_TEST

RUN_TESTS("rpps", an_rpps_number_has_eleven_digits_and_luhns_sum,
          made_up_numbers_fail_the_check_and_are_taken_where_it_is_off, the_digit_of_the_kind_goes,
          blanks_make_no_difference, an_adeli_number_is_good_in_form, anything_else_is_malformed)
