#include "features/lists/lists_routes.h"
#include "features/lists/lists_store.h"
#include <string.h>

#define SEARCH_MAX 200

void get_target_lists(struct http_exchange *x)
{
    json_t *items = NULL;
    enum err err = lists_read(x->db, &x->who, &items);
    if (err == ERR_OK)
        cursor_reply(x, items, NULL);
    else
        http_problem_err(x, err);
}

static void reply_list(struct http_exchange *x, enum err err, json_t *list)
{
    if (err == ERR_OK)
        http_reply_json(x, 200, list);
    else if (err == ERR_CONFLICT)
        http_problem(x, 409, "target_list.name", "Another target list has this name.");
    else
        http_problem_err(x, err);
}

void get_target_list(struct http_exchange *x)
{
    struct id id;
    json_t *list = NULL;
    if (!http_path_id(x, "target_list", &id))
        return;
    enum err err = list_read(x->db, &x->who, &id, &list);
    reply_list(x, err, list);
}

void post_target_list(struct http_exchange *x)
{
    json_t *body = http_body_json(x), *list = NULL;
    bool full = false;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    struct list_input in;
    list_input_read(&r, &in);
    if (!in.name)
        json_reader_fault(&r, "name", "missing");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err = list_create(x->db, &x->who, &in, clock_now_us(x->clock), &list, &full);
    if (full)
        http_problem(x, 409, "target_list.too_many", "There are as many lists as there may be.");
    else if (err == ERR_OK)
        http_reply_json(x, 201, list);
    else
        reply_list(x, err, list);
}

void patch_target_list(struct http_exchange *x)
{
    struct id id;
    json_t *body, *list = NULL;
    if (!http_path_id(x, "target_list", &id) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    struct list_input in;
    list_input_read(&r, &in);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err = list_change(x->db, &x->who, &id, &in, clock_now_us(x->clock), &list);
    reply_list(x, err, list);
}

static void reply_done(struct http_exchange *x, enum err err)
{
    if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        http_problem_err(x, err);
}

void delete_target_list(struct http_exchange *x)
{
    struct id id;
    char users[LIST_USERS_SIZE];
    if (!http_path_id(x, "target_list", &id))
        return;
    enum err err = list_delete(x->db, &x->who, &id, clock_now_us(x->clock), users);
    if (err == ERR_CONFLICT)
        http_problem_reason(x, 409, "target_list.used",
                            "Target profiles or a registration policy ask for this list.", users);
    else
        reply_done(x, err);
}

/* ?q= and ?known=; false after having replied. */
static bool read_wanted(struct http_exchange *x, struct list_people_wanted *w)
{
    static const char *const words[] = {"true", "false", NULL};
    const char *known;
    if (!http_query_text(x, "q", SEARCH_MAX, &w->search) ||
        !http_query_word(x, "known", words, &known))
        return false;
    w->known = known && strcmp(known, "true") == 0;
    w->unknown = known && strcmp(known, "false") == 0;
    return true;
}

void get_target_list_people(struct http_exchange *x)
{
    struct id id;
    struct list_people_wanted wanted = {.list = &id, .limit = http_query_limit(x)};
    if (!http_path_id(x, "target_list", &id) || !cursor_read(x, CURSOR_OLDEST, &wanted.after) ||
        !read_wanted(x, &wanted))
        return;
    struct list_people people;
    enum err err = list_people_read(x->db, &x->who, &wanted, clock_now_us(x->clock), &people);
    if (err != ERR_OK) {
        json_decref(people.items);
        http_problem_err(x, err);
        return;
    }
    char text[CURSOR_TEXT_SIZE];
    http_reply_json(x, 200,
                    json_pack("{s:o,s:s?,s:I}", "items", people.items, "next",
                              people.more ? cursor_text(&people.last, text) : NULL, "found",
                              (json_int_t)people.found));
}

void delete_target_list_person(struct http_exchange *x)
{
    struct id list, person;
    if (!http_path_id(x, "target_list", &list) || !http_path_id(x, "listed", &person))
        return;
    reply_done(x, list_person_delete(x->db, &x->who, &list, &person, clock_now_us(x->clock)));
}
