/* A small SMTP server of the test's own on a free port of 127.0.0.1. */
#ifndef AMPHI_TESTS_SINK_H
#define AMPHI_TESTS_SINK_H

#include <stdbool.h>
#include <stddef.h>

enum sink_mood {
    SINK_ACCEPTS,
    SINK_REFUSES_RECEIVER, /* 451 to RCPT */
    SINK_HANGS_UP,         /* in place of its greeting */
    SINK_LOSES_ANSWER,     /* takes the message, hangs up before saying so */
};

struct sink;

struct sink *sink_start(enum sink_mood mood);
void sink_stop(struct sink *sink);
int sink_port(const struct sink *sink);
void sink_set_mood(struct sink *sink, enum sink_mood mood);
size_t sink_count(struct sink *sink);    /* messages taken */
size_t sink_attempts(struct sink *sink); /* connections and receivers seen */
/* Borrowed: receiver and bytes of message i as they came, dots unstuffed. */
const char *sink_to(struct sink *sink, size_t i);
const char *sink_data(struct sink *sink, size_t i);

#endif
