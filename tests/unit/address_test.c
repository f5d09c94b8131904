/* Addresses as people type and paste them. */
#include "base/address.h"
#include "unit/run.h"
#include <check.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *typed, *kept; /* NULL: refused */
} addresses[] = {
    {"anne@labo.fr", "anne@labo.fr"},
    {" Anne.Martin+x@Labo.FR \n", "anne.martin+x@labo.fr"},
    {"\u00a0anne@labo.fr\u200b", "anne@labo.fr"},
    {"\ufeffanne@labo.fr\u200e", "anne@labo.fr"},
    {"anne\u00ad@la\u200bbo.fr", "anne@labo.fr"},
    {"Anne <anne@labo.fr>", "anne@labo.fr"},
    {" Anne Martin <Anne@Labo.fr> ", "anne@labo.fr"},
    {"\"Martin, Anne\" <anne@labo.fr>;", "anne@labo.fr"},
    {"\"a@b.fr\" <anne@labo.fr>", "anne@labo.fr"},
    {"<anne@labo.fr>", "anne@labo.fr"},
    {"mailto:anne@labo.fr", "anne@labo.fr"},
    {"MAILTO:anne@labo.fr", "anne@labo.fr"},
    {"anne@labo.fr.", "anne@labo.fr"},
    {"anne@labo.fr,", "anne@labo.fr"},
    {"ａｎｎｅ＠ｌａｂｏ．ｆｒ", "anne@labo.fr"},
    {"anne@hôpital.fr", "anne@xn--hpital-ixa.fr"},
    {"anne@HÔPITAL.fr", "anne@xn--hpital-ixa.fr"},
    {"anne@ho\u0302pital.fr", "anne@xn--hpital-ixa.fr"},
    {"anne@xn--hpital-ixa.fr", "anne@xn--hpital-ixa.fr"},
    {"anne@straße.de", "anne@xn--strae-oqa.de"},
    {"anne@例え。テスト", "anne@xn--r8jz45g.xn--zckzah"},
    {"anne@пример.рф", "anne@xn--e1afmkfd.xn--p1ai"},
    {"", NULL},
    {"anne", NULL},
    {"anne@", NULL},
    {"@labo.fr", NULL},
    {"anne@@labo.fr", NULL},
    {"anne@labo@fr", NULL},
    {"anne martin@labo.fr", NULL},
    {"anne@la bo.fr", NULL},
    {"Anne anne@labo.fr", NULL},
    {"Anne <anne@labo.fr", NULL},
    {"<anne@labo.fr> <ben@labo.fr>", NULL},
    {"anne@labo.fr, ben@labo.fr", NULL},
    {"anné@labo.fr", NULL}, /* no server takes it without SMTPUTF8 */
    {"anne@la_bo.fr", NULL},
    {"anne@-labo.fr", NULL},
    {"anne@labo..fr", NULL},
    {"anne@xn--99999999999.fr", NULL},
    {"anne@labo.fr\r\nBcc: x@y.fr", NULL},
    {"anne\n@labo.fr", NULL},
    {"anne@192.168.0.1", NULL},
};

START_TEST(addresses_are_taken_as_they_are_typed_and_pasted)
{
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char out[ADDRESS_SIZE] = "";
        const char *typed = addresses[i].typed, *kept = addresses[i].kept;
        ck_assert_msg(address_normal(typed, out) == (kept != NULL), "%s: %s", typed, out);
        if (!kept)
            continue;
        ck_assert_str_eq(out, kept);
        ck_assert_msg(address_valid(out), "%s", out);
        ck_assert(address_normal(kept, out));
        ck_assert_str_eq(out, kept);
    }
}
END_TEST

START_TEST(what_is_too_long_is_refused)
{
    char typed[700], out[ADDRESS_SIZE];
    snprintf(typed, sizeof typed, "anne@%0250d.fr", 1);
    ck_assert(!address_normal(typed, out));
    snprintf(typed, sizeof typed, "%0300d <anne@labo.fr>", 1);
    ck_assert(address_normal(typed, out));
    memset(typed, 'a', sizeof typed - 1);
    typed[sizeof typed - 1] = '\0';
    memcpy(typed + 100, "@labo.fr", 9);
    ck_assert(!address_normal(typed, out)); /* a local part of 100 */
}
END_TEST

/* No server takes these without SMTPUTF8, and few do with it. */
START_TEST(letters_before_the_at_sign_are_told_apart)
{
    static const struct {
        const char *typed, *reason;
    } refused[] = {{"hélène@labo.fr", "not ASCII before the @"},
                   {"Hélène <he\u0301le\u0300ne@labo.fr>", "not ASCII before the @"},
                   {"почта@пример.рф", "not ASCII before the @"},
                   {"hélène@", "not an e-mail address"},
                   {"hélène@labo..fr", "not an e-mail address"},
                   {"hélène martin@labo.fr", "not an e-mail address"},
                   {"anne\u2709@labo.fr", "not an e-mail address"},
                   {"hélène", "not an e-mail address"}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char out[ADDRESS_SIZE];
        json_t *form = json_pack("{s:s}", "email", refused[i].typed);
        struct json_reader r = json_reader(form);
        read_address(&r, "email", out);
        ck_assert_str_eq(r.field, "email");
        ck_assert_msg(strcmp(r.reason, refused[i].reason) == 0, "%s: %s", refused[i].typed,
                      r.reason);
        json_decref(form);
    }
}
END_TEST

START_TEST(a_field_says_that_it_is_no_address)
{
    char out[ADDRESS_SIZE];
    json_t *form = json_pack("{s:s,s:s}", "email", " Anne <anne@labo.fr>", "other", "anne");
    struct json_reader r = json_reader(form);
    read_address(&r, "email", out);
    ck_assert_str_eq(out, "anne@labo.fr");
    ck_assert_ptr_null(r.reason);
    read_address(&r, "other", out);
    ck_assert_str_eq(r.field, "other");
    ck_assert_str_eq(r.reason, "not an e-mail address");
    json_decref(form);
}
END_TEST

RUN_TESTS("address", addresses_are_taken_as_they_are_typed_and_pasted, what_is_too_long_is_refused,
          letters_before_the_at_sign_are_told_apart, a_field_says_that_it_is_no_address)
