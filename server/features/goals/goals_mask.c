#include "features/goals/goals_mask.h"
#include <stdio.h>
#include <string.h>

#define MEASURES 3
static const char *const measures[MEASURES] = {"registered", "attended", "completed"};

struct mask {
    json_t *cells;
    const struct disclosure *how;
    bool moved;
};

/* --- what was shown of a group --- */

static int64_t at(const json_t *list, size_t i)
{
    return json_integer_value(json_array_get(list, i));
}

static json_t *kept(const struct disclosed *d)
{
    return json_pack("[I,I,I]", (json_int_t)d->shown, (json_int_t)d->mark, (json_int_t)d->wait);
}

/* What is shown of a number of the group now. */
static int64_t look(struct mask *m, json_t *group, size_t measure, int64_t count)
{
    const json_t *before = json_array_get(group, measure);
    struct disclosed d = {at(before, 0), at(before, 1), at(before, 2)};
    bool moved = true;
    if (before)
        moved = disclosure_move(m->how, &d, count);
    else
        d = disclosure_first(m->how, count);
    if (moved && before)
        json_array_set_new(group, measure, kept(&d));
    else if (moved)
        json_array_append_new(group, kept(&d));
    m->moved |= moved;
    return d.shown;
}

static json_t *group_of(struct mask *m, const char *key)
{
    json_t *group = json_object_get(m->cells, key);
    if (!group) {
        group = json_array();
        json_object_set_new(m->cells, key, group);
    }
    return group;
}

/* The numbers of a group in place. Whoever completed attended, whoever attended registered. */
static void mask_counts(struct mask *m, json_t *counts, const char *key)
{
    json_t *group = group_of(m, key);
    int64_t most = INT64_MAX;
    for (size_t i = 0; i < MEASURES && json_object_get(counts, measures[i]); i++) {
        int64_t count = json_integer_value(json_object_get(counts, measures[i]));
        int64_t shown = look(m, group, i, count);
        most = shown < most ? shown : most;
        json_object_set_new(counts, measures[i], most ? json_integer(most) : json_null());
    }
}

/* --- lists of groups --- */

static int64_t shown_of(const json_t *counts, const char *measure)
{
    return json_integer_value(json_object_get(counts, measure)); /* 0 for null */
}

/* Whether a row comes before another one: days by day, else the largest first. */
static bool comes_before(const json_t *a, const json_t *b, const char *name)
{
    int64_t more = shown_of(a, measures[0]) - shown_of(b, measures[0]);
    int order = strcmp(json_string_value(json_object_get(a, name)),
                       json_string_value(json_object_get(b, name)));
    return more == 0 || strcmp(name, "day") == 0 ? order < 0 : more > 0;
}

static void insert(json_t *rows, json_t *row, const char *name)
{
    size_t place = json_array_size(rows);
    while (place > 0 && comes_before(row, json_array_get(rows, place - 1), name))
        place--;
    json_array_insert(rows, place, row);
}

/* Groups whom nobody is in any more still show what they showed, until that moves. (Campaigns are
 * all on the board, so none is added.) */
static void add_empty(const struct mask *m, json_t *rows, const char *name)
{
    const char *key;
    json_t *group;
    size_t len = strlen(name);
    json_object_foreach(m->cells, key, group)
    {
        if (strncmp(key, name, len) != 0 || key[len] != ' ')
            continue;
        size_t i;
        json_t *row;
        bool there = false;
        json_array_foreach(rows, i, row) there |=
            strcmp(json_string_value(json_object_get(row, name)), key + len + 1) == 0;
        if (there)
            continue;
        row = json_pack("{s:s}", name, key + len + 1);
        for (size_t n = 0; n < MEASURES && n < json_array_size(group); n++)
            json_object_set_new(row, measures[n], json_integer(0));
        json_array_append_new(rows, row);
    }
}

/* A list of the board whose rows are told apart by `name`. */
static void mask_rows(struct mask *m, json_t *board, const char *list, const char *name)
{
    json_t *rows = json_object_get(board, list), *shown = json_array(), *row;
    size_t i;
    add_empty(m, rows, name);
    json_array_foreach(rows, i, row)
    {
        char key[64];
        snprintf(key, sizeof key, "%s %s", name, json_string_value(json_object_get(row, name)));
        mask_counts(m, row, key);
        if (shown_of(row, measures[0]))
            insert(shown, row, name);
    }
    json_object_set_new(board, list, shown);
}

static void mask_profiles(struct mask *m, json_t *board)
{
    size_t i;
    json_t *profile;
    json_array_foreach(json_object_get(board, "profiles"), i, profile)
    {
        char key[64];
        snprintf(key, sizeof key, "profile %s", json_string_value(json_object_get(profile, "id")));
        mask_counts(m, profile, key);
        json_object_set_new(profile, "recent", json_null());
        json_object_set_new(profile, "target_list", json_null());
    }
}

/* Of everybody at least as much is shown as of any group. */
static void raise_all(json_t *board)
{
    static const char *const lists[] = {"profiles", "channels", "campaigns", "regions"};
    json_t *all = json_object_get(board, "all"), *row;
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        size_t i;
        json_array_foreach(json_object_get(board, lists[l]), i,
                           row) for (size_t n = 0; n < MEASURES;
                                     n++) if (shown_of(row, measures[n]) >
                                              shown_of(all, measures[n]))
            json_object_set(all, measures[n], json_object_get(row, measures[n]));
    }
}

bool goals_mask(json_t *board, json_t *cells, const struct disclosure *how)
{
    struct mask m = {.cells = cells, .how = how};
    mask_counts(&m, json_object_get(board, "all"), "all");
    mask_counts(&m, json_object_get(board, "no_profile"), "no_profile");
    mask_counts(&m, json_object_get(board, "others"), "others");
    mask_profiles(&m, board);
    mask_rows(&m, board, "channels", "channel");
    mask_rows(&m, board, "campaigns", "id");
    mask_rows(&m, board, "regions", "region");
    mask_rows(&m, board, "days", "day");
    raise_all(board);
    return m.moved;
}
