#include "features/goals/goals_people_store.h"
#include "features/goals/goals_routes.h"
#include "http/csv.h"
#include "http/cursor.h"

#define SEARCH_MAX 200
#define REGION_MAX 20

/* The profile, ?state=, ?region= and ?q=; false after having replied. */
static bool read_wanted(struct http_exchange *x, struct target_people_wanted *w, struct id *profile)
{
    static const char *const states[] = {"not_reached", "registered", "waiting",   "in_review",
                                         "declined",    "attended",   "cancelled", NULL};
    w->profile = profile;
    w->now = clock_now_us(x->clock);
    return http_path_id(x, "profile", profile) && http_query_word(x, "state", states, &w->state) &&
           http_query_text(x, "region", REGION_MAX, &w->region) &&
           http_query_text(x, "q", SEARCH_MAX, &w->search);
}

static void refuse(struct http_exchange *x, enum err err)
{
    if (err == ERR_CONFLICT)
        http_problem(x, 409, "profile.no_list",
                     "The population of this profile is not counted in a target list.");
    else if (err == ERR_INVALID)
        http_problem_field(x, "cursor", "not on the list any more");
    else
        http_problem_err(x, err);
}

void get_target_people(struct http_exchange *x)
{
    struct id profile;
    struct cursor after;
    struct target_people_wanted wanted = {.limit = http_query_limit(x)};
    if (!cursor_read(x, CURSOR_OLDEST, &after) || !read_wanted(x, &wanted, &profile))
        return;
    if (http_query(x, "cursor"))
        wanted.after = &after.id;
    struct target_people people;
    enum err err = target_people_read(x->db, &x->who, &wanted, &people);
    if (err != ERR_OK) {
        json_decref(people.items);
        refuse(x, err);
        return;
    }
    char text[CURSOR_TEXT_SIZE];
    struct cursor last = {.id = people.last};
    http_reply_json(x, 200,
                    json_pack("{s:o,s:s?,s:I}", "items", people.items, "next",
                              people.more ? cursor_text(&last, text) : NULL, "found",
                              (json_int_t)people.found));
}

static enum err each_line(void *arg)
{
    return http_csv_row(arg);
}

void get_target_people_csv(struct http_exchange *x)
{
    struct id profile;
    enum csv_dialect dialect;
    struct target_people_wanted wanted = {0};
    struct target_people_about about;
    if (!read_wanted(x, &wanted, &profile) || !http_csv_dialect(x, &dialect))
        return;
    enum err err = target_people_find(x->db, &x->who, &profile, wanted.now, &about);
    if (err != ERR_OK) {
        refuse(x, err);
        return;
    }
    struct http_csv_file f;
    err = http_csv_open(&f, x, dialect);
    if (err == ERR_OK)
        err = target_people_export(x->db, &x->who, &wanted, &f.csv, each_line, &f);
    if (err == ERR_OK)
        err = http_csv_end(&f);
    if (err == ERR_OK)
        http_reply_csv(
            x, &f.file, dialect,
            &(struct http_csv_name){.what = {"target-list", "Target list", "Liste de ciblage"},
                                    .congress = about.congress,
                                    .session = about.profile,
                                    .day = about.day});
    else
        http_problem_err(x, err);
    http_csv_close(&f);
}
