/* Waiting for a condition with a deadline, never for a time. */
#ifndef AMPHI_TESTS_WAIT_H
#define AMPHI_TESTS_WAIT_H

#include <stdbool.h>
#include <time.h>

static inline double wait_now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* True as soon as predicate(arg) holds; false when it does not within the seconds given. */
static inline bool wait_for(bool (*predicate)(void *arg), void *arg, double seconds)
{
    double deadline = wait_now() + seconds;
    while (!predicate(arg)) {
        if (wait_now() >= deadline)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);
    }
    return true;
}

#endif
