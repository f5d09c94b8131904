#include "base/mem.h"
#include "features/audience/audience_library.h"
#include "room/change.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum err library_list(struct db_conn *c, const struct identity *who, json_t **items)
{
    return db_read_json(c, items,
                        "SELECT coalesce(jsonb_agg(library_profile_json(l) ORDER BY l.name), '[]')"
                        "  FROM library_profile l WHERE l.organisation_id = $1",
                        "u", &who->organisation);
}

static enum err read_one(struct db_conn *c, const struct identity *who, const struct id *kept,
                         json_t **out)
{
    return db_read_json(c, out,
                        "SELECT library_profile_json(l) FROM library_profile l"
                        " WHERE l.id = $2 AND l.organisation_id = $1",
                        "uu", &who->organisation, kept);
}

/* The library changes by one at a time. In one order everywhere: the organisation, the library, the
 * lists, the congress. */
static enum err lock_library(struct db_conn *c, const struct identity *who)
{
    enum err err = db_found(c, "SELECT 1 FROM organisation WHERE id = $1 FOR NO KEY UPDATE", "u",
                            &who->organisation);
    if (err == ERR_OK)
        err = db_exec(c,
                      "SELECT 1 FROM library_profile WHERE organisation_id = $1"
                      " ORDER BY id FOR UPDATE",
                      "u", &who->organisation);
    return err;
}

/* An outcome if the query finds names; they are what stands in the way. */
static enum err names_outcome(struct db_result *r, enum library_outcome outcome,
                              struct library_result *out)
{
    bool there;
    enum err err = db_take_text(r, out->names, sizeof out->names, &there);
    if (there)
        out->outcome = outcome;
    return err;
}

/* Commits when there is something to commit. */
static enum err finish(struct db_conn *c, enum err err, const struct library_result *out)
{
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        return db_commit(c);
    db_rollback(c);
    return err;
}

/* --- keeping --- */

/* A change of its congress's profiles is waited for. */
static enum err check_keep(struct db_conn *c, const struct identity *who, const struct id *profile,
                           bool replace, struct library_result *out)
{
    int64_t size = 0;
    enum err err = db_found(c,
                            "SELECT 1 FROM congress WHERE id = (SELECT congress_id"
                            "   FROM target_profile WHERE id = $1 AND organisation_id = $2)"
                            " FOR KEY SHARE",
                            "uu", profile, &who->organisation);
    if (err == ERR_OK && !replace)
        err = names_outcome(db_query(c, "SELECT left(library_taken($1), 300)", "u", profile),
                            LIBRARY_NAME, out);
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = db_read_int(c, &size, "SELECT library_size($1)", "u", profile);
    if (size > LIBRARY_MAX)
        out->outcome = LIBRARY_LIMIT;
    return err;
}

static enum err keep(struct db_conn *c, const struct identity *who, const struct id *profile,
                     bool replace, int64_t now, struct id *kept)
{
    json_t *done = NULL;
    enum err err = db_read_json(c, &done, "SELECT library_keep($1, $2)", "ut", profile, now);
    if (err != ERR_OK)
        return err;
    if (!id_parse(json_string_value(json_object_get(done, "id")), kept))
        err = ERR_NOT_FOUND; /* somebody removed the profile at that moment */
    json_object_del(done, "id");
    json_object_set_new(done, "replace", json_boolean(replace));
    if (err == ERR_OK)
        return audit_write(c, who, now, "library_profile.keep", "library_profile", kept, done);
    json_decref(done);
    return err;
}

enum err library_keep(struct db_conn *c, const struct identity *who, const struct id *profile,
                      bool replace, int64_t now, struct library_result *out, json_t **kept)
{
    *out = (struct library_result){0};
    struct id id = {{0}};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_library(c, who);
    if (err == ERR_OK)
        err = check_keep(c, who, profile, replace, out);
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = keep(c, who, profile, replace, now, &id);
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = read_one(c, who, &id, kept);
    return finish(c, err, out);
}

/* --- changing the library --- */

/* Its name, with the library held. */
static enum err hold_one(struct db_conn *c, const struct identity *who, const struct id *kept,
                         json_t **name)
{
    enum err err = lock_library(c, who);
    if (err == ERR_OK)
        err = db_read_json(c, name,
                           "SELECT jsonb_build_object('name', name) FROM library_profile"
                           " WHERE id = $2 AND organisation_id = $1",
                           "uu", &who->organisation, kept);
    return err;
}

static enum err write_name(struct db_conn *c, const struct identity *who, const struct id *kept,
                           const char *name, struct library_result *out)
{
    enum err err =
        names_outcome(db_query(c,
                               "SELECT (SELECT name FROM library_profile"
                               "  WHERE organisation_id = $1 AND name = $3 AND id <> $2)",
                               "uus", &who->organisation, kept, name),
                      LIBRARY_NAME, out);
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = db_exec(c, "UPDATE library_profile SET name = $2 WHERE id = $1", "us", kept, name);
    return err;
}

enum err library_rename(struct db_conn *c, const struct identity *who, const struct id *kept,
                        const char *name, int64_t now, struct library_result *out, json_t **renamed)
{
    *out = (struct library_result){0};
    json_t *before = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = hold_one(c, who, kept, &before);
    if (err == ERR_OK)
        err = write_name(c, who, kept, name, out);
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = audit_write(c, who, now, "library_profile.rename", "library_profile", kept,
                          json_pack("{s:O, s:{s:s}}", "before", before, "after", "name", name));
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = read_one(c, who, kept, renamed);
    json_decref(before);
    return finish(c, err, out);
}

enum err library_delete(struct db_conn *c, const struct identity *who, const struct id *kept,
                        int64_t now, struct library_result *out)
{
    *out = (struct library_result){0};
    json_t *told = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = hold_one(c, who, kept, &told);
    if (err == ERR_OK)
        err = names_outcome(
            db_query(c,
                     "SELECT left(string_agg(l.name, ', ' ORDER BY l.name), 300)"
                     "  FROM library_profile l"
                     " WHERE l.organisation_id = $1 AND $2 = ANY (library_on(l.criteria))",
                     "uu", &who->organisation, kept),
            LIBRARY_USED, out);
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = db_exec(c, "DELETE FROM library_profile WHERE id = $1", "u", kept);
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = audit_write(c, who, now, "library_profile.delete", "library_profile", kept,
                          json_incref(told));
    json_decref(told);
    return finish(c, err, out);
}

/* --- copying --- */

/* What is being copied: of each its id in the library and, once it is made, in the congress. */
struct copying {
    struct db_conn *db;
    const struct identity *who;
    struct id congress;
    int64_t now;
    struct id *from, *to;
    size_t n, done;
};

/* All, with what they build on, which comes first. Each of them is theirs, and held as it is. */
static enum err read_chosen(struct copying *copy, const struct id *kept, size_t n)
{
    enum err err = db_exec(copy->db,
                           "SELECT 1 FROM library_profile WHERE organisation_id = $1"
                           " ORDER BY id FOR SHARE",
                           "u", &copy->who->organisation);
    if (err != ERR_OK)
        return err;
    struct db_result *r = db_query(copy->db,
                                   "SELECT l.id FROM library_whole($2) w"
                                   "  LEFT JOIN library_profile l"
                                   "         ON l.id = w.id AND l.organisation_id = $1"
                                   " ORDER BY w.depth DESC, array_position($2, w.id), l.name",
                                   "uU", &copy->who->organisation, kept, n);
    err = db_err(r);
    copy->n = err == ERR_OK ? (size_t)db_rows(r) : 0;
    copy->from = mem_new_array(2 * copy->n, sizeof *copy->from);
    copy->to = copy->from + copy->n;
    for (size_t i = 0; i < copy->n; i++) {
        copy->from[i] = db_id(r, (int)i, 0);
        if (db_null(r, (int)i, 0))
            err = ERR_NOT_FOUND;
    }
    db_result_free(r);
    return err;
}

/* Profiles of the library become those that were made of them. */
static void name_made(const struct copying *copy, json_t *codes)
{
    size_t i;
    json_t *code;
    json_array_foreach(codes, i, code)
    {
        struct id id;
        char text[ID_TEXT_SIZE];
        for (size_t k = 0; id_parse(json_string_value(code), &id) && k < copy->done; k++)
            if (id_equal(&copy->from[k], &id))
                json_string_set(code, id_text(&copy->to[k], text));
    }
}

static void name_all_made(const struct copying *copy, json_t *criteria)
{
    const char *mode;
    json_t *lines, *line;
    size_t i;
    json_object_foreach(criteria, mode, lines)
    {
        json_array_foreach(lines, i, line)
        {
            const char *attribute = json_string_value(json_object_get(line, "attribute"));
            if (strcmp(attribute, "target_profile") == 0)
                name_made(copy, json_object_get(line, "codes"));
        }
    }
}

static void outcome_of(const struct profile_result *added, const char *name,
                       struct library_result *out)
{
    if (added->outcome == PROFILE_DONE)
        return;
    out->outcome = added->outcome == PROFILE_TOO_MANY ? LIBRARY_CONGRESS_LIMIT : LIBRARY_CODES;
    snprintf(out->names, sizeof out->names, "%s", name);
}

/* The next one. What it builds on is made. */
static enum err copy_next(struct copying *copy, struct library_result *out)
{
    json_t *input = NULL;
    enum err err = db_read_json(
        copy->db, &input, "SELECT library_input(l, $2) FROM library_profile l WHERE l.id = $1",
        "uu", &copy->from[copy->done], &copy->congress);
    if (err != ERR_OK)
        return err;
    name_all_made(copy, json_object_get(input, "criteria"));
    struct profile_input in;
    struct json_reader r = json_reader(input);
    profile_input_read(&r, &in);
    struct profile_result added = {.congress = copy->congress};
    if (!json_reader_end(&r))
        added.outcome = PROFILE_UNKNOWN_CODE; /* of an attribute that there is no more */
    else
        err = profile_add(copy->db, copy->who, &in, copy->now, &added);
    outcome_of(&added, json_string_value(json_object_get(input, "name")), out);
    copy->to[copy->done++] = added.id;
    json_decref(input);
    return err;
}

static enum err copy_all(struct copying *copy, struct library_result *out)
{
    enum err err = ERR_OK;
    while (err == ERR_OK && out->outcome == LIBRARY_DONE && copy->done < copy->n)
        err = copy_next(copy, out);
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = audit_write(copy->db, copy->who, copy->now, "library_profile.copy", "congress",
                          &copy->congress, json_pack("{s:I}", "profiles", (json_int_t)copy->n));
    return err;
}

static enum err read_made(const struct copying *copy, json_t **made)
{
    enum err err = ERR_OK;
    *made = json_array();
    for (size_t i = 0; err == ERR_OK && i < copy->n; i++) {
        json_t *one = NULL;
        err = profile_get(copy->db, copy->who, &copy->to[i], &one);
        if (err == ERR_OK)
            json_array_append_new(*made, one);
    }
    return err;
}

enum err library_copy(struct db_conn *c, const struct identity *who, const struct id *congress,
                      const struct id *kept, size_t n, int64_t now, struct library_result *out,
                      json_t **made)
{
    *out = (struct library_result){0};
    struct copying copy = {.db = c, .who = who, .congress = *congress, .now = now};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = read_chosen(&copy, kept, n);
    if (err == ERR_OK)
        err = names_outcome(db_query(c, "SELECT left(library_lists_removed($1, $2, $3, $4), 300)",
                                     "uuUt", &who->person, &who->organisation, kept, n, now),
                            LIBRARY_LISTS, out);
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = profiles_hold(c, who, congress);
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = copy_all(&copy, out);
    if (err == ERR_OK && out->outcome == LIBRARY_DONE)
        err = read_made(&copy, made);
    free(copy.from);
    return finish(c, err, out);
}
