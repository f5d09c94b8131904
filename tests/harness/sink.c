#include "harness/sink.h"
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_MESSAGES 1000

struct sink {
    int listener, port;
    atomic_int mood;
    atomic_bool stop;
    atomic_size_t count, attempts;
    atomic_int talks;
    pthread_mutex_t lock; /* of what was taken */
    pthread_t thread;
    char *to[MAX_MESSAGES], *data[MAX_MESSAGES];
};

struct talk {
    struct sink *sink;
    int fd;
    char to[300], line[4096], buffer[8192];
    size_t have;
};

static bool say(struct talk *t, const char *line)
{
    return send(t->fd, line, strlen(line), MSG_NOSIGNAL) == (ssize_t)strlen(line);
}

/* The next line with its CRLF taken off; false at the end. */
static bool listen_line(struct talk *t)
{
    for (;;) {
        char *end = memmem(t->buffer, t->have, "\r\n", 2);
        if (end) {
            size_t len = (size_t)(end - t->buffer);
            if (len >= sizeof t->line)
                return false;
            memcpy(t->line, t->buffer, len);
            t->line[len] = 0;
            t->have -= len + 2;
            memmove(t->buffer, end + 2, t->have);
            return true;
        }
        struct pollfd p = {.fd = t->fd, .events = POLLIN};
        while (poll(&p, 1, 50) == 0)
            if (atomic_load(&t->sink->stop))
                return false;
        ssize_t n = recv(t->fd, t->buffer + t->have, sizeof t->buffer - t->have, 0);
        if (n <= 0)
            return false;
        t->have += (size_t)n;
    }
}

static bool take_data(struct talk *t)
{
    struct sink *s = t->sink;
    size_t len = 0, cap = 1 << 20;
    char *data = calloc(1, cap);
    bool whole = false;
    if (!say(t, "354 go on\r\n")) {
        free(data);
        return false;
    }
    while (listen_line(t)) {
        whole = !strcmp(t->line, ".");
        if (whole)
            break;
        const char *text = t->line[0] == '.' ? t->line + 1 : t->line;
        if (len + strlen(text) + 3 < cap)
            len += (size_t)sprintf(data + len, "%s\r\n", text);
    }
    if (!whole) {
        free(data);
        return false;
    }
    pthread_mutex_lock(&s->lock);
    size_t i = atomic_load(&s->count);
    if (i == MAX_MESSAGES)
        abort();
    s->to[i] = strdup(t->to);
    s->data[i] = data;
    atomic_store(&s->count, i + 1);
    pthread_mutex_unlock(&s->lock);
    return atomic_load(&s->mood) != SINK_LOSES_ANSWER && say(t, "250 taken\r\n");
}

static bool obey(struct talk *t)
{
    struct sink *s = t->sink;
    if (!strncasecmp(t->line, "EHLO", 4) || !strncasecmp(t->line, "HELO", 4))
        return say(t, "250 sink\r\n");
    if (!strncasecmp(t->line, "RCPT TO:<", 9)) {
        atomic_fetch_add(&s->attempts, 1);
        if (atomic_load(&s->mood) == SINK_REFUSES_RECEIVER)
            return say(t, "451 try again later\r\n");
        snprintf(t->to, sizeof t->to, "%.*s", (int)strcspn(t->line + 9, ">"), t->line + 9);
        return say(t, "250 ok\r\n");
    }
    if (!strcasecmp(t->line, "DATA"))
        return take_data(t);
    if (!strcasecmp(t->line, "QUIT"))
        return say(t, "221 bye\r\n") && false;
    return say(t, "250 ok\r\n");
}

static void *talk_run(void *arg)
{
    struct talk *t = arg;
    struct sink *s = t->sink;
    if (atomic_load(&s->mood) != SINK_HANGS_UP && say(t, "220 sink\r\n"))
        while (listen_line(t) && obey(t))
            ;
    close(t->fd);
    free(t);
    atomic_fetch_sub(&s->talks, 1);
    return NULL;
}

static void talk_start(struct sink *s, int fd)
{
    pthread_t thread;
    struct talk *t = calloc(1, sizeof *t);
    t->sink = s;
    t->fd = fd;
    atomic_fetch_add(&s->talks, 1);
    if (pthread_create(&thread, NULL, talk_run, t) != 0 || pthread_detach(thread) != 0)
        abort();
}

static void *run(void *arg)
{
    struct sink *s = arg;
    while (!atomic_load(&s->stop)) {
        struct pollfd p = {.fd = s->listener, .events = POLLIN};
        int fd = poll(&p, 1, 20) > 0 ? accept(s->listener, NULL, NULL) : -1;
        if (fd < 0)
            continue;
        atomic_fetch_add(&s->attempts, 1);
        talk_start(s, fd);
    }
    while (atomic_load(&s->talks) > 0)
        poll(NULL, 0, 1);
    return NULL;
}

struct sink *sink_start(enum sink_mood mood)
{
    struct sink *s = calloc(1, sizeof *s);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    socklen_t len = sizeof address;
    atomic_store(&s->mood, mood);
    pthread_mutex_init(&s->lock, NULL);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&address, len) != 0 ||
        listen(s->listener, 16) != 0 ||
        getsockname(s->listener, (struct sockaddr *)&address, &len) != 0 ||
        pthread_create(&s->thread, NULL, run, s) != 0)
        abort();
    s->port = ntohs(address.sin_port);
    return s;
}

void sink_stop(struct sink *s)
{
    atomic_store(&s->stop, true);
    pthread_join(s->thread, NULL);
    close(s->listener);
    pthread_mutex_destroy(&s->lock);
    for (size_t i = 0; i < s->count; i++) {
        free(s->to[i]);
        free(s->data[i]);
    }
    free(s);
}

int sink_port(const struct sink *s)
{
    return s->port;
}

void sink_set_mood(struct sink *s, enum sink_mood mood)
{
    atomic_store(&s->mood, mood);
}

size_t sink_count(struct sink *s)
{
    return atomic_load(&s->count);
}

size_t sink_attempts(struct sink *s)
{
    return atomic_load(&s->attempts);
}

const char *sink_to(struct sink *s, size_t i)
{
    return s->to[i];
}

const char *sink_data(struct sink *s, size_t i)
{
    return s->data[i];
}
