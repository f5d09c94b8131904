/* A mailbox that the test's own thread reads. */
#ifndef AMPHI_TESTS_READER_H
#define AMPHI_TESTS_READER_H

#include "harness/wait.h"
#include "loop/mailbox.h"

/* Delivers what comes until predicate(arg) holds; false after the seconds given. */
static inline bool read_until(struct mailbox *m, bool (*predicate)(void *arg), void *arg,
                              double seconds)
{
    double deadline = wait_now() + seconds;
    while (!predicate(arg)) {
        if (mailbox_drain(m))
            continue;
        if (wait_now() >= deadline)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
    }
    return true;
}

#endif
