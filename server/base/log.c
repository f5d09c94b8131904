#include "base/log.h"
#include "base/clock.h"
#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 16384

static const char *const level_words[] = {"debug", "info", "warn", "error"};
static _Atomic int least_level = LOG_INFO;
static _Atomic int out_fd = 1;

void log_set_level(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

void log_set_fd(int fd)
{
    atomic_store(&out_fd, fd);
}

/* The machine's wall clock, not the server's: lines are for people who compare them with other logs
 * of the machine, and nothing is ever computed from them. */
static int64_t machine_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

/* jansson escapes quotes and control characters, so what a peer sent cannot begin a line. */
static char *encode(enum log_level level, const char *event, json_t *fields)
{
    char at[TIME_TEXT_SIZE];
    json_t *line = json_pack("{s:s,s:s,s:s}", "at", time_text(machine_now_us(), at), "level",
                             level_words[level], "event", event);
    if (fields)
        json_object_update_missing(line, fields);
    char *text = json_dumps(line, JSON_COMPACT);
    json_decref(line);
    return text;
}

static void write_whole(const char *text, size_t len)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    int fd = atomic_load(&out_fd);
    pthread_mutex_lock(&lock);
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break; /* nobody reads: a log that cannot be written must not stop the server */
        text += n;
        len -= (size_t)n;
    }
    pthread_mutex_unlock(&lock);
}

void log_line(enum log_level level, const char *event, const char *pack, ...)
{
    if ((int)level < atomic_load(&least_level))
        return;
    json_t *fields = NULL;
    if (pack) {
        json_error_t error;
        va_list args;
        va_start(args, pack);
        fields = json_vpack_ex(&error, 0, pack, args);
        va_end(args);
        if (!fields) /* a NULL or text that is not UTF-8: say so rather than nothing */
            fields = json_pack("{s:s}", "log_fault", error.text);
    }
    char *text = encode(level, event, fields);
    size_t len = text ? strlen(text) : 0;
    if (len >= LINE_MAX_BYTES) {
        free(text);
        json_decref(fields);
        fields = json_pack("{s:s}", "log_fault", "too long");
        text = encode(level, event, fields);
        len = text ? strlen(text) : 0;
    }
    json_decref(fields);
    if (text) {
        text[len] = '\n'; /* in place of the NUL: one write, one line */
        write_whole(text, len + 1);
    }
    free(text);
}
