/* Nobody computes a number back from what is shown instead. By brute force: an observer who knows
 * the rules and sees each view is given all small histories and all secret numbers, and what they
 * see has to fit two different numbers of people at least, for each group and moment. */
#include "base/disclosure.h"
#include "unit/run.h"
#include <stdlib.h>
#include <string.h>

#define STEP  2 /* small, so that everything can be tried */
#define STEPS 4 /* changes that are watched */
#define VIEWS (STEPS + 1)

/* --- secret numbers, each sequence of them --- */

struct dice {
    int next, used, base;
    int digits[16];
};

static int64_t roll(void *arg, int64_t step)
{
    struct dice *d = arg;
    (void)step;
    if (d->next == d->used)
        d->digits[d->used++] = 0;
    return d->digits[d->next++];
}

/* The next sequence; false: that was the last one. */
static bool roll_on(struct dice *d)
{
    while (d->used > 0 && d->digits[d->used - 1] == d->base - 1)
        d->used--;
    d->next = 0;
    return d->used > 0 && ++d->digits[d->used - 1];
}

/* --- what may be shown of a group whose numbers were these, a code for each way --- */

struct shown {
    int n;
    unsigned codes[4096];
};

static unsigned look(struct dice *dice, const int *counts)
{
    struct disclosure how = {.step = STEP, .secret = roll, .arg = dice};
    struct disclosed d = disclosure_first(&how, counts[0]);
    unsigned code = (unsigned)d.shown / STEP;
    for (int i = 1; i < VIEWS; i++) {
        disclosure_move(&how, &d, counts[i]);
        code = code * 8 + (unsigned)d.shown / STEP;
    }
    return code;
}

static void add_shown(struct shown *s, unsigned code)
{
    for (int i = 0; i < s->n; i++)
        if (s->codes[i] == code)
            return;
    s->codes[s->n++] = code;
}

static void all_shown(struct shown *s, const int *counts, int base)
{
    struct dice dice = {.base = base};
    s->n = 0;
    do
        add_shown(s, look(&dice, counts));
    while (roll_on(&dice));
}

/* --- what an observer knows of each sequence of views --- */

#define KNOWN (1 << 22)
struct known {
    uint64_t view; /* and 1; 0: free */
    signed char least[2][VIEWS], most[2][VIEWS];
};
static struct known *known;

static struct known *find(uint64_t view)
{
    uint64_t key = view << 1 | 1;
    size_t at = key * 0x9e3779b97f4a7c15U >> 42;
    while (known[at].view && known[at].view != key)
        at = (at + 1) % KNOWN;
    if (!known[at].view) {
        known[at].view = key;
        memset(known[at].least, 100, sizeof known[at].least);
    }
    return &known[at];
}

static void learn(uint64_t view, int counts[3][VIEWS])
{
    struct known *k = find(view);
    for (int part = 0; part < 2; part++)
        for (int i = 0; i < VIEWS; i++) {
            signed char n = (signed char)counts[part][i];
            k->least[part][i] = n < k->least[part][i] ? n : k->least[part][i];
            k->most[part][i] = n > k->most[part][i] ? n : k->most[part][i];
        }
}

static int computed; /* numbers that are known exactly, by some view */

static void tell(uint64_t view, int counts[3][VIEWS])
{
    const struct known *k = find(view);
    (void)counts;
    for (int part = 0; part < 2; part++)
        for (int i = 0; i < VIEWS; i++)
            computed += k->least[part][i] == k->most[part][i];
}

typedef void seen(uint64_t view, int counts[3][VIEWS]);
typedef void rules(int counts[3][VIEWS], int base, seen *see);

/* Two groups and everybody, each protected by itself. */
static void disclosed(int counts[3][VIEWS], int base, seen *see)
{
    static struct shown s[3];
    for (int g = 0; g < 3; g++)
        all_shown(&s[g], counts[g], base);
    for (int a = 0; a < s[0].n; a++)
        for (int b = 0; b < s[1].n; b++)
            for (int t = 0; t < s[2].n; t++)
                see(((uint64_t)s[0].codes[a] << 15 | s[1].codes[b]) << 15 | s[2].codes[t], counts);
}

/* What must not be enough: below the step is hidden, and then the other group, too. */
static void suppressed(int counts[3][VIEWS], int base, seen *see)
{
    uint64_t view = 0;
    (void)base;
    for (int i = 0; i < VIEWS; i++) {
        bool parts = counts[0][i] >= STEP && counts[1][i] >= STEP;
        view = view * 16 + (parts ? (unsigned)counts[0][i] : 0);
        view = view * 16 + (counts[2][i] >= STEP ? (unsigned)counts[2][i] : 0);
    }
    see(view, counts);
}

/* All histories that begin with up to `most` people in each group; in each step one comes or goes
 * in one group, or nobody. */
static void all_histories(rules *rule, int most, int base, seen *see)
{
    static const int changes[5][2] = {{0, 0}, {1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    int counts[3][VIEWS], ways = 5 * 5 * 5 * 5;
    for (int first = 0; first < (most + 1) * (most + 1) * ways; first++) {
        int rest = first / ((most + 1) * (most + 1));
        bool real = true;
        counts[0][0] = first % (most + 1);
        counts[1][0] = first / (most + 1) % (most + 1);
        for (int i = 1; i < VIEWS; i++, rest /= 5)
            for (int part = 0; part < 2; part++) {
                counts[part][i] = counts[part][i - 1] + changes[rest % 5][part];
                real &= counts[part][i] >= 0;
            }
        for (int i = 0; i < VIEWS; i++)
            counts[2][i] = counts[0][i] + counts[1][i];
        if (real)
            rule(counts, base, see);
    }
}

static int count_computed(rules *rule)
{
    known = calloc(KNOWN, sizeof *known);
    ck_assert_ptr_nonnull(known);
    computed = 0;
    all_histories(rule, 3, 4, learn); /* one person more, and secrets one larger */
    all_histories(rule, 2, 3, tell);
    free(known);
    return computed;
}

START_TEST(no_view_and_no_sequence_of_views_tells_a_number)
{
    ck_assert_int_eq(count_computed(disclosed), 0);
}
END_TEST

START_TEST(hiding_cells_of_each_view_would_tell_numbers)
{
    ck_assert_int_gt(count_computed(suppressed), 0);
}
END_TEST

/* --- tables of the same people: two regions, two channels, a profile and whoever is not in it ---
 */

#define CELLS  7
#define PEOPLE 8 /* kinds: a bit each for region, channel, profile */

static int cell_of(const int *people, int cell)
{
    int sum = 0;
    for (int kind = 0; kind < PEOPLE; kind++)
        if (cell == 6 || (kind >> cell / 2 & 1) == cell % 2)
            sum += people[kind];
    return sum;
}

/* Each sum over some of the kinds, by the least and the most that fit a view. */
struct fits {
    signed char least[1 << PEOPLE], most[1 << PEOPLE];
};

static void each_people(int most, void (*visit)(const int *people, void *arg), void *arg)
{
    int people[PEOPLE] = {0};
    for (;;) {
        visit(people, arg);
        int kind = 0;
        while (kind < PEOPLE && people[kind] == most)
            people[kind++] = 0;
        if (kind == PEOPLE)
            return;
        people[kind]++;
    }
}

/* Secret numbers below 5, tried for the largest number of people there is. */
static bool may_show[17][9];

static void find_may_show(void)
{
    for (int count = 0; count < 17; count++)
        for (int secret = 0; secret < 5; secret++) {
            struct dice dice = {.base = 5, .used = 1, .digits = {secret}};
            struct disclosure how = {.step = STEP, .secret = roll, .arg = &dice};
            may_show[count][disclosure_first(&how, count).shown / STEP] = true;
        }
}

struct view {
    int shown[CELLS];
    struct fits fits;
};

static void fit(const int *people, void *arg)
{
    struct view *v = arg;
    for (int cell = 0; cell < CELLS; cell++)
        if (!may_show[cell_of(people, cell)][v->shown[cell]])
            return;
    for (int group = 1; group < 1 << PEOPLE; group++) {
        signed char sum = 0;
        for (int kind = 0; kind < PEOPLE; kind++)
            sum = (signed char)(sum + (group >> kind & 1) * people[kind]);
        v->fits.least[group] = sum < v->fits.least[group] ? sum : v->fits.least[group];
        v->fits.most[group] = sum > v->fits.most[group] ? sum : v->fits.most[group];
    }
}

/* As little hidden as there can be: each secret number is 0. */
static void check_people(const int *people, void *arg)
{
    (void)arg;
    struct view v;
    memset(v.fits.least, 100, sizeof v.fits.least);
    memset(v.fits.most, 0, sizeof v.fits.most);
    for (int cell = 0; cell < CELLS; cell++)
        v.shown[cell] = cell_of(people, cell) / STEP;
    each_people(2, fit, &v);
    for (int group = 1; group < 1 << PEOPLE; group++)
        ck_assert_msg(v.fits.least[group] < v.fits.most[group], "group %x is %d", (unsigned)group,
                      v.fits.least[group]);
}

START_TEST(no_table_tells_a_number_of_another_one_nor_of_region_by_profile_by_channel)
{
    find_may_show();
    each_people(1, check_people, NULL);
}
END_TEST

/* --- what readers are promised --- */

static uint32_t seed = 1;

static uint32_t below(uint32_t n)
{
    seed = seed * 1664525U + 1013904223U;
    return (uint32_t)((uint64_t)seed * n >> 32);
}

static int64_t secret(void *arg, int64_t step)
{
    (void)arg;
    return disclosure_secret(step, below);
}

START_TEST(a_number_moves_only_after_five_changes_and_is_never_below_five)
{
    struct disclosure how = {.step = DISCLOSURE_STEP, .secret = secret};
    for (int run = 0; run < 2000; run++) {
        int64_t count = below(20), changes = 0;
        struct disclosed d = disclosure_first(&how, count);
        for (int i = 0; i < 200; i++) {
            int64_t before = d.shown;
            count += below(4) ? 1 : count > 0 ? -1 : 0;
            changes++;
            if (disclosure_move(&how, &d, count)) {
                ck_assert_int_ge(changes, DISCLOSURE_STEP);
                ck_assert(d.shown <= count || d.shown == before);
                changes = 0;
            } else {
                ck_assert_int_eq(d.shown, before);
            }
            ck_assert(d.shown % DISCLOSURE_STEP == 0 && d.shown >= 0);
        }
    }
}
END_TEST

START_TEST(what_grows_never_shows_less_and_what_shrinks_never_more)
{
    struct disclosure how = {.step = DISCLOSURE_STEP, .secret = secret};
    for (int run = 0; run < 2000; run++) {
        struct disclosed d = disclosure_first(&how, 0);
        int64_t count = 0, before = 0;
        for (; count < 100; count++, before = d.shown) {
            disclosure_move(&how, &d, count);
            ck_assert_int_ge(d.shown, before);
            ck_assert_int_le(d.shown, count);
        }
        for (count = 99; count >= 0; count--, before = d.shown) {
            disclosure_move(&how, &d, count);
            ck_assert_int_le(d.shown, before);
        }
    }
}
END_TEST

START_TEST(secret_numbers_are_mostly_below_a_step_and_have_no_bound)
{
    int below_step = 0, most = 0, sums[DISCLOSURE_STEP] = {0};
    for (int i = 0; i < 100000; i++) {
        int n = (int)disclosure_secret(DISCLOSURE_STEP, below);
        below_step += n < DISCLOSURE_STEP;
        sums[n % DISCLOSURE_STEP]++;
        most = n > most ? n : most;
    }
    ck_assert_int_gt(below_step, 92000);
    ck_assert_int_lt(below_step, 95500);
    ck_assert_int_ge(most, 3 * DISCLOSURE_STEP);
    for (int i = 0; i < DISCLOSURE_STEP; i++)
        ck_assert(sums[i] > 19000 && sums[i] < 21000);
}
END_TEST

RUN_TESTS("disclosure", no_view_and_no_sequence_of_views_tells_a_number,
          hiding_cells_of_each_view_would_tell_numbers,
          no_table_tells_a_number_of_another_one_nor_of_region_by_profile_by_channel,
          a_number_moves_only_after_five_changes_and_is_never_below_five,
          what_grows_never_shows_less_and_what_shrinks_never_more,
          secret_numbers_are_mostly_below_a_step_and_have_no_bound)
