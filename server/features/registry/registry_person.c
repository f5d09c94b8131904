#include "features/registry/registry_person.h"
#include <stdio.h>
#include <string.h>

/* --- the main activity --- */

/* Where a code stands in an order of one-letter codes; what is not there comes last but for
 * `after`, which is last. */
static uint64_t place_in(const char *order, const char *code)
{
    const char *found = code[0] && !code[1] ? strchr(order, code[0]) : NULL;
    return found ? (uint64_t)(found - order) : 7;
}

static uint64_t category_place(const char *category)
{
    if (strcmp(category, "E") == 0)
        return 7; /* studies: after whatever else the person does */
    return place_in("CM", category) == 7 ? 2 : place_in("CM", category);
}

static uint64_t skill_place(const struct registry_person *a)
{
    return a->specialty[0] ? 0 : a->skill_type[0] ? 1 : 2;
}

uint64_t registry_rank(const struct registry_person *a, int64_t line)
{
    uint64_t order = category_place(a->category);
    order = order << 3 | skill_place(a);
    order = order << 3 | place_in("LSB", a->mode);
    order = order << 1 | !a->setting[0];
    order = order << 1 | !a->region[0];
    return order << 40 | (uint64_t)line;
}

void registry_set_add(struct registry_set *set, const char *code)
{
    size_t at = 0;
    while (at < set->n && strcmp(set->codes[at], code) < 0)
        at++;
    if (!code[0] || set->n == REGISTRY_SET_MOST || (at < set->n && !strcmp(set->codes[at], code)))
        return;
    memmove(set->codes[at + 1], set->codes[at], (set->n - at) * REGISTRY_CODE_SIZE);
    strncpy(set->codes[at], code, REGISTRY_CODE_SIZE - 1);
    set->codes[at][REGISTRY_CODE_SIZE - 1] = '\0';
    set->n++;
}

void registry_fold(struct registry_person *person, const struct registry_person *activity)
{
    struct registry_set skill_types = person->skill_types, settings = person->settings;
    for (size_t i = 0; i < activity->skill_types.n; i++)
        registry_set_add(&skill_types, activity->skill_types.codes[i]);
    for (size_t i = 0; i < activity->settings.n; i++)
        registry_set_add(&settings, activity->settings.codes[i]);
    if (activity->rank < person->rank)
        *person = *activity;
    person->skill_types = skill_types;
    person->settings = settings;
}

/* --- the place --- */

static int digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The first characters of a code of five; Corsica's postcodes are 20 and tell its halves by the
 * third digit. */
static size_t department_of(const char *code, char out[static REGISTRY_CODE_SIZE])
{
    size_t n = strlen(code) == 5 ? 2 : 0;
    if (n && code[0] == '9' && (code[1] == '7' || code[1] == '8'))
        n = 3;
    memcpy(out, code, n);
    out[n] = '\0';
    if (n == 2 && code[0] == '2' && code[1] == '0')
        out[1] = code[2] <= '1' ? 'A' : 'B';
    return n;
}

void registry_department(const char *commune, const char *column, const char *postcode,
                         char out[static REGISTRY_CODE_SIZE])
{
    size_t n = strlen(column);
    if (department_of(commune, out) && registry_region(out)[0])
        return;
    if (n == 1 && digit(column[0])) {
        out[0] = '0';
        memcpy(out + 1, column, 2);
    } else if (n == 2 || n == 3) {
        bool padded = n == 3 && column[0] == '0'; /* 075 */
        snprintf(out, REGISTRY_CODE_SIZE, "%s", column + padded);
    } else {
        out[0] = '\0';
    }
    if (registry_region(out)[0] || (department_of(postcode, out) && registry_region(out)[0]))
        return;
    out[0] = '\0';
}

static const struct {
    const char *region, *departments; /* each with a blank after it */
} regions[] = {
    {"01", "971 "},
    {"02", "972 "},
    {"03", "973 "},
    {"04", "974 "},
    {"06", "976 "},
    {"975", "975 "},
    {"977", "977 "},
    {"978", "978 "},
    {"986", "986 "},
    {"987", "987 "},
    {"988", "988 "},
    {"11", "75 77 78 91 92 93 94 95 "},
    {"24", "18 28 36 37 41 45 "},
    {"27", "21 25 39 58 70 71 89 90 "},
    {"28", "14 27 50 61 76 "},
    {"32", "02 59 60 62 80 "},
    {"44", "08 10 51 52 54 55 57 67 68 88 "},
    {"52", "44 49 53 72 85 "},
    {"53", "22 29 35 56 "},
    {"75", "16 17 19 23 24 33 40 47 64 79 86 87 "},
    {"76", "09 11 12 30 31 32 34 46 48 65 66 81 82 "},
    {"84", "01 03 07 15 26 38 42 43 63 69 73 74 "},
    {"93", "04 05 06 13 83 84 "},
    {"94", "2A 2B "},
};

const char *registry_region(const char *department)
{
    size_t n = strlen(department);
    for (size_t i = 0; n >= 2 && n <= 3 && i < sizeof regions / sizeof *regions; i++) {
        const char *at = strstr(regions[i].departments, department);
        if (at && at[n] == ' ' && (at == regions[i].departments || at[-1] == ' '))
            return regions[i].region;
    }
    return "";
}
