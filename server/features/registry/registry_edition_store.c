/* Makes an edition of the register: a table that COPY fills and one transaction puts in the place
 * of the one before. */
#include "base/mem.h"
#include "db/copy.h"
#include "db/script.h"
#include "features/registry/registry_store.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define IMPORT_LOCK     0x4e6f6d73 /* of the database, while a connection imports */
#define READERS_MS      60000
#define READERS_EACH_MS 20
#define PIECE           (64 * 1024)
#define PERSON_BYTES    4096 /* of a row, at most */

struct registry_load {
    struct db_conn *conn;
    int64_t edition;
    bool copying;
    struct buf rows;
};

enum err registry_edition_lock(struct db_conn *c)
{
    bool had = false;
    enum err err =
        db_read_bool(c, &had, "SELECT pg_try_advisory_lock($1)", "i", (int64_t)IMPORT_LOCK);
    return err ? err : had ? ERR_OK : ERR_CONFLICT;
}

/* A partition is let go while others read on; its table goes when none of them can see it any more.
 */
static bool drop_old(struct db_conn *c, const char *name, bool attached, bool half)
{
    char sql[256], why[SCRIPT_WHY_SIZE];
    snprintf(sql, sizeof sql, "ALTER TABLE registry_edition_person DETACH PARTITION %s %s", name,
             half ? "FINALIZE" : "CONCURRENTLY");
    if (attached && script_run(c, sql, why) != ERR_OK)
        return false;
    snprintf(sql, sizeof sql, "DROP TABLE %s", name);
    return script_run(c, sql, why) == ERR_OK;
}

void registry_editions_tidy(struct db_conn *c)
{
    char why[SCRIPT_WHY_SIZE];
    if (script_run(c, "SET lock_timeout = '60s'", why) != ERR_OK)
        return;
    for (bool again = true; again;) {
        char name[64] = "";
        struct db_result *r = db_query(
            c, "SELECT name, attached, half_detached FROM registry_editions_old() LIMIT 1", "");
        bool attached = db_bool(r, 0, 1), half = db_bool(r, 0, 2);
        again = db_err(r) == ERR_OK && db_rows(r) > 0;
        if (again)
            snprintf(name, sizeof name, "%s", db_text(r, 0, 0));
        db_result_free(r);
        again = again && drop_old(c, name, attached, half);
    }
}

static enum err begin(struct registry_load *load)
{
    char sql[400];
    enum err err = db_begin(load->conn);
    if (!err)
        err = db_read_int(load->conn, &load->edition, "SELECT registry_edition_make()", "");
    snprintf(sql, sizeof sql,
             "COPY registry_edition_%lld (rpps, rank, last_name, first_name, profession, specialty,"
             " skill_type, practice_setting, practice_mode, professional_category, region,"
             " department, postcode, skill_types, practice_settings) FROM STDIN",
             (long long)load->edition);
    if (!err)
        err = db_copy_begin(load->conn, sql);
    load->copying = !err;
    return err;
}

struct registry_load *registry_load_begin(struct db_conn *c, enum err *err)
{
    struct registry_load *load = mem_new(sizeof *load);
    load->conn = c;
    buf_init(&load->rows, PIECE + PERSON_BYTES);
    *err = begin(load);
    if (!*err)
        return load;
    registry_load_free(load);
    return NULL;
}

static void add_code(struct copy_rows *row, const char *code)
{
    copy_text(row, code[0] ? code : NULL);
}

/* Codes are letters and digits. */
static void add_set(struct copy_rows *row, const struct registry_set *set)
{
    char text[REGISTRY_SET_MOST * REGISTRY_CODE_SIZE + 3] = "{", *end = text + 1;
    for (size_t i = 0; i < set->n; i++)
        end += sprintf(end, "%s%s", i ? "," : "", set->codes[i]);
    memcpy(end, "}", sizeof "}");
    copy_text(row, text);
}

static enum err send_rows(struct registry_load *load)
{
    enum err err = buf_failed(&load->rows)
                       ? ERR_INTERNAL
                       : db_copy_put(load->conn, load->rows.data, load->rows.len);
    buf_clear(&load->rows);
    return err;
}

enum err registry_load_add(struct registry_load *load, const struct registry_person *p)
{
    struct copy_rows row = {.out = &load->rows};
    copy_text(&row, p->rpps);
    copy_int(&row, (int64_t)p->rank);
    copy_text(&row, p->last_name);
    copy_text(&row, p->first_name);
    copy_text(&row, p->profession);
    add_code(&row, p->specialty);
    add_code(&row, p->skill_type);
    add_code(&row, p->setting);
    add_code(&row, p->mode);
    add_code(&row, p->category);
    add_code(&row, p->region);
    add_code(&row, p->department);
    add_code(&row, p->postcode);
    add_set(&row, &p->skill_types);
    add_set(&row, &p->settings);
    copy_end_row(&row);
    return load->rows.len < PIECE ? ERR_OK : send_rows(load);
}

enum err registry_load_settle(struct registry_load *load, enum err err, int64_t *persons)
{
    if (!err && load->rows.len)
        err = send_rows(load);
    load->copying = false;
    err = db_copy_end(load->conn, err);
    if (!err)
        err = db_read_int(load->conn, persons, "SELECT registry_edition_settle($1::int)", "i",
                          load->edition);
    return err;
}

/* Those who read when the partition came end first; who takes longer than this may find nobody,
 * once. */
static enum err await_readers(struct db_conn *c)
{
    json_t *then = NULL;
    bool reads = true;
    enum err err = db_read_json(c, &then, "SELECT to_jsonb(registry_readers())", "");
    for (int tries = 0; !err && reads && tries < READERS_MS / READERS_EACH_MS; tries++) {
        if (tries)
            nanosleep(&(struct timespec){.tv_nsec = READERS_EACH_MS * 1000000L}, NULL);
        err = db_read_bool(
            c, &reads, "SELECT registry_readers() && array(SELECT jsonb_array_elements_text($1))",
            "j", then);
    }
    json_decref(then);
    return err;
}

enum err registry_load_publish(struct registry_load *load, struct registry_edition *e)
{
    struct db_conn *c = load->conn;
    e->id = load->edition;
    enum err err = db_exec(c, "SELECT registry_edition_attach($1::int)", "i", e->id);
    if (!err)
        err = db_commit(c);
    if (!err)
        err = await_readers(c);
    if (!err)
        err = db_exec(c, "SELECT registry_edition_publish($1::int, $2, $3, $4, $5, $6, $7)",
                      "isttiii", e->id, e->source_file, e->data_at, e->imported_at, e->lines,
                      e->refused, e->persons);
    return err;
}

void registry_load_free(struct registry_load *load)
{
    if (load->copying)
        load->copying = db_copy_end(load->conn, ERR_INVALID) == ERR_OK;
    db_rollback(load->conn);
    buf_release(&load->rows);
    free(load);
}
