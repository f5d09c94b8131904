/* Counts of people for readers who may not know whom they count: statistical disclosure control.
 * Pure; any thread.
 *
 * Numbers below the step are hidden, which is no protection by itself: a hidden number is the total
 * less the others, here or in another table of the same people, or before somebody came less
 * afterwards. Hiding more cells (secondary suppression) protects one table at one time. Our tables
 * are linked in ways that no table says (a profile may be a region, or all but one of another), and
 * follow each other within seconds: which further cell is hidden would change when one person
 * comes, and say so. So each number is protected by itself, and none can be computed from others:
 *
 *  - What is shown is a multiple of the step, 0 for hidden, and never more than there are when it
 * is chosen. It is rounded down twice: after taking away a secret number of people, drawn anew each
 *    time, and to the step. The secret has no upper bound; mostly it is less than a step.
 *  - It stays until the count differs by a step at least from what it was then, and by a secret
 *    number more, so that two numbers do not move together because they count the same people.
 *  - A count that grew never shows less, one that shrank never more.
 *
 * Why no number can be computed back, from all cells, tables and views together: take whatever
 * happened, add a person anywhere who was there all along, and in each count that has this person
 * make each secret number one larger. All views are the same, moves included. So whatever is seen,
 * each group, also one that no table shows, may have one person more.
 * tests/unit/disclosure_test.c tries all small tables and sequences of views for it.
 *
 * Rounding of frequency tables, linked tables and differences of successive ones: Handbook on
 * Statistical Disclosure Control, chapter 5 (sdctools.github.io/HandbookSDC). */
#ifndef AMPHI_BASE_DISCLOSURE_H
#define AMPHI_BASE_DISCLOSURE_H

#include <stdbool.h>
#include <stdint.h>

#define DISCLOSURE_STEP 5

struct disclosure {
    int64_t step; /* at least 2 */
    /* A secret number from 0, of any size, at least half of them below the step. */
    int64_t (*secret)(void *arg, int64_t step);
    void *arg;
};

/* A count as it is shown; kept between the views. */
struct disclosed {
    int64_t shown; /* a multiple of the step; 0: hidden, that is fewer than can be shown */
    int64_t mark;  /* the count when this was chosen: not for readers */
    int64_t wait;  /* how far the count has to be from mark before it is chosen again: nor this */
};

/* What is shown of a count the first time. */
struct disclosed disclosure_first(const struct disclosure *how, int64_t count);
/* The next time: false when it stays as it is. */
bool disclosure_move(const struct disclosure *how, struct disclosed *d, int64_t count);

/* A secret number made of numbers that are as likely as each other: below the step in 15 of 16
 * cases, a step more in 15 of 16 of the others, and so on. below(n): from 0 to n - 1. */
int64_t disclosure_secret(int64_t step, uint32_t (*below)(uint32_t n));

#endif
