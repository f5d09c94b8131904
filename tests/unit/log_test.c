#include "base/json.h"
#include "base/log.h"
#include "unit/run.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *lines;

static void capture(void)
{
    lines = tmpfile();
    ck_assert_ptr_nonnull(lines);
    log_set_fd(fileno(lines));
    log_set_level(LOG_INFO);
}

static json_t *next_line(void)
{
    static char line[20000];
    if (!fgets(line, sizeof line, lines))
        return NULL;
    size_t len = strlen(line);
    ck_assert_int_eq(line[len - 1], '\n');
    json_t *o = json_parse(line, len - 1);
    ck_assert_msg(o != NULL, "not JSON: %s", line);
    return o;
}

static const char *text_of(json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

START_TEST(what_a_peer_sent_cannot_make_a_line)
{
    capture();
    log_info("test.event", "{s:s,s:s,s:i}", "path", "/x\"\n{\"level\":\"error\"}\r\x1b[2J", "event",
             "forged", "n", 7);
    log_debug("test.quiet", NULL);
    rewind(lines);
    json_t *o = next_line();
    ck_assert_str_eq(text_of(o, "event"), "test.event");
    ck_assert_str_eq(text_of(o, "level"), "info");
    ck_assert_str_eq(text_of(o, "path"), "/x\"\n{\"level\":\"error\"}\r\x1b[2J");
    ck_assert_int_eq(json_integer_value(json_object_get(o, "n")), 7);
    json_decref(o);
    ck_assert_ptr_null(next_line());
    log_set_fd(1);
    fclose(lines);
}
END_TEST

START_TEST(a_line_that_cannot_be_written_says_so)
{
    capture();
    char *huge = malloc(100001);
    memset(huge, 'x', 100000);
    huge[100000] = '\0';
    log_warn("test.bytes", "{s:s}", "path", "\xff\xfe");
    log_warn("test.long", "{s:s}", "path", huge);
    rewind(lines);
    for (int i = 0; i < 2; i++) {
        json_t *o = next_line();
        ck_assert_str_eq(text_of(o, "event"), i ? "test.long" : "test.bytes");
        ck_assert_ptr_nonnull(text_of(o, "log_fault"));
        json_decref(o);
    }
    free(huge);
    log_set_fd(1);
    fclose(lines);
}
END_TEST

static void *log_much(void *arg)
{
    for (int i = 0; i < 200; i++)
        log_info("test.thread", "{s:s}", "arg", (const char *)arg);
    return NULL;
}

START_TEST(lines_of_many_threads_stay_whole)
{
    capture();
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, log_much, "some text of some length");
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    rewind(lines);
    int n = 0;
    for (json_t *o; (o = next_line()); n++)
        json_decref(o);
    ck_assert_int_eq(n, 800);
    log_set_fd(1);
    fclose(lines);
}
END_TEST

RUN_TESTS("log", what_a_peer_sent_cannot_make_a_line, a_line_that_cannot_be_written_says_so,
          lines_of_many_threads_stay_whole)
