/* Passwords that everybody tries first are refused, sentences are not. */
#include "crypto/common.h"
#include "unit/run.h"

static const char *EMAIL = "olga.orga@labo.test";

START_TEST(what_is_used_most_is_refused)
{
    const char *bad[] = {"qwerty123456",  "1QAZ2wsx3edc", "password1234", "Password2026!",
                         "!!monkey!!!!",  "aaaaaaaaaaaa", "abcabcabcabc", "passwordpassword",
                         "123456789012",  "abcdefghijkl", "zyxwvutsrqpo", "987654321098",
                         "Olga.Orga2026", "2026-11-26-10"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(password_is_common(bad[i], EMAIL), "%s", bad[i]);
}
END_TEST

START_TEST(sentences_are_taken)
{
    const char *good[] = {"correct horse battery", "another good password", "quatre chevaux verts",
                          "d7F!k2pQ9zLm",          "Être ou ne pas être",   "пароль для всех нас"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(!password_is_common(good[i], EMAIL), "%s", good[i]);
}
END_TEST

RUN_TESTS("common", what_is_used_most_is_refused, sentences_are_taken)
