#include "db/migrate.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/conn.h"
#include "db/script.h"
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define MAX_MIGRATIONS 9999
#define HASH_SIZE      32
/* Any number that no other program uses on this database: "amphi" in ASCII. */
#define TAKE_LOCK "SELECT pg_advisory_lock(418447747177)"
#define FREE_LOCK "SELECT pg_advisory_unlock(418447747177)"

struct migration {
    char name[256]; /* "0001_organisations.sql" */
    struct buf text;
    unsigned char hash[HASH_SIZE];
};

struct run {
    struct db_conn *conn;
    const char *application; /* NULL: no role of its own */
    struct migration *files;
    size_t files_len, applied_len;
    char *why;
    size_t why_size;
};

__attribute__((format(printf, 3, 4))) static enum err fail(struct run *r, enum err err,
                                                           const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(r->why, r->why_size, format, ap);
    va_end(ap);
    return err;
}

static bool is_migration(const char *name)
{
    size_t len = strlen(name);
    if (len < 10 || name[4] != '_' || strcmp(name + len - 4, ".sql") != 0)
        return false;
    for (int i = 0; i < 4; i++)
        if (!isdigit((unsigned char)name[i]))
            return false;
    return true;
}

static int filter(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > 4 && !strcmp(entry->d_name + len - 4, ".sql");
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum err hash_file(struct run *r, struct migration *m)
{
    /* The database hashes, so that no other library is needed here. */
    struct db_result *q = db_query(r->conn, "SELECT sha256($1)", "x", m->text.data, m->text.len);
    enum err err = db_err(q);
    if (err == ERR_OK && db_bytes(q, 0, 0, m->hash, HASH_SIZE) != HASH_SIZE)
        err = ERR_INTERNAL;
    db_result_free(q);
    return err == ERR_OK ? ERR_OK
                         : fail(r, err, "migration %s: the database did not answer", m->name);
}

static enum err load_one(struct run *r, const char *folder, const char *name)
{
    struct migration *last = r->files_len ? &r->files[r->files_len - 1] : NULL;
    if (!is_migration(name))
        return fail(r, ERR_INVALID, "%s/%s: a migration is called NNNN_name.sql", folder, name);
    if (last && !strncmp(last->name, name, 4))
        return fail(r, ERR_INVALID, "migrations %s and %s have the same number", last->name, name);
    struct migration *m = &r->files[r->files_len++];
    snprintf(m->name, sizeof m->name, "%s", name);
    buf_init(&m->text, SCRIPT_MAX);
    if (!script_read(folder, name, &m->text))
        return fail(r, ERR_INVALID, "migration %s cannot be read, is empty or over 1 MB", name);
    return hash_file(r, m);
}

static enum err load_all(struct run *r, const char *folder, struct dirent **entries, int n)
{
    if (n == 0)
        return fail(r, ERR_INVALID, "no migrations in %s", folder);
    if (n > MAX_MIGRATIONS)
        return fail(r, ERR_INVALID, "too many files in %s", folder);
    r->files = mem_new_array((size_t)n, sizeof *r->files);
    enum err err = ERR_OK;
    for (int i = 0; i < n && err == ERR_OK; i++)
        err = load_one(r, folder, entries[i]->d_name);
    return err;
}

static enum err load_files(struct run *r, const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, filter, by_name);
    if (n < 0)
        return fail(r, ERR_INVALID, "cannot read the folder of migrations %s", folder);
    enum err err = load_all(r, folder, entries, n);
    for (int i = 0; i < n; i++)
        free(entries[i]);
    free(entries);
    return err;
}

/* What was applied must be the first files, unchanged. */
static enum err compare(struct run *r, const struct db_result *applied)
{
    r->applied_len = (size_t)db_rows(applied);
    for (size_t i = 0; i < r->applied_len; i++) {
        const char *name = db_text(applied, (int)i, 0);
        unsigned char hash[HASH_SIZE];
        if (i >= r->files_len || strcmp(name, r->files[i].name) > 0) {
            if (i < r->files_len)
                return fail(r, ERR_CONFLICT, "migration %s comes too late: %s was applied already",
                            r->files[i].name, name);
            return fail(r, ERR_CONFLICT, "the database is of a newer version: it has migration %s",
                        name);
        }
        if (strcmp(name, r->files[i].name) < 0)
            return fail(r, ERR_CONFLICT, "the database has migration %s, which this version lacks",
                        name);
        if (db_bytes(applied, (int)i, 1, hash, sizeof hash) != sizeof hash ||
            memcmp(hash, r->files[i].hash, sizeof hash) != 0)
            return fail(r, ERR_CONFLICT, "migration %s was edited after it had been applied", name);
    }
    return ERR_OK;
}

static enum err check_applied(struct run *r)
{
    struct db_result *q = db_query(
        r->conn, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = $1",
        "s", "schema_migration");
    enum err err = db_err(q);
    bool exists = db_int(q, 0, 0) > 0;
    db_result_free(q);
    if (err == ERR_OK && exists) {
        q = db_query(r->conn,
                     "SELECT name, sha256 FROM schema_migration ORDER BY name COLLATE \"C\"", "");
        err = db_err(q);
        if (err == ERR_OK)
            err = compare(r, q);
        db_result_free(q);
    }
    if (err != ERR_OK && !r->why[0])
        return fail(r, err, "cannot read the list of applied migrations");
    return err;
}

/* application_privileges() comes with one of the migrations. */
static enum err give_privileges(struct run *r)
{
    struct db_result *q =
        db_query(r->conn, "SELECT to_regprocedure('application_privileges(name)') IS NOT NULL", "");
    enum err err = db_err(q);
    bool known = db_bool(q, 0, 0);
    db_result_free(q);
    if (err == ERR_OK && known)
        err =
            db_exec(r->conn, "SELECT application_privileges($1::text::name)", "s", r->application);
    return err;
}

/* After a restore, and for a role that is new: nothing says so but that it may not read. */
static enum err mend_privileges(struct run *r)
{
    struct db_result *q =
        db_query(r->conn,
                 "SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
                 "   AND c.relkind IN ('r', 'p', 'v', 'm') AND pg_has_role(c.relowner, 'USAGE')"
                 "   AND NOT has_table_privilege($1::text::name, c.oid, 'SELECT')",
                 "s", r->application);
    enum err err = db_err(q);
    bool lacks = db_int(q, 0, 0) > 0;
    db_result_free(q);
    if (err == ERR_OK && lacks)
        err = give_privileges(r);
    return err == ERR_OK ? ERR_OK
                         : fail(r, err, "cannot give the role %s its privileges", r->application);
}

static enum err apply_one(struct run *r, const struct migration *m)
{
    struct db_conn *c = r->conn;
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return fail(r, err, "migration %s: the database did not answer", m->name);
    char why[SCRIPT_WHY_SIZE];
    err = script_run(c, m->text.data, why);
    if (err != ERR_OK)
        fail(r, err, "migration %s %s", m->name, why);
    else if (PQtransactionStatus(c->pg) != PQTRANS_INTRANS)
        err = fail(r, ERR_INVALID, "migration %s ends its own transaction", m->name);
    if (err == ERR_OK) {
        err = db_exec(c,
                      "INSERT INTO schema_migration (name, sha256, applied_at) "
                      "VALUES ($1, $2, now())",
                      "sx", m->name, m->hash, (size_t)HASH_SIZE);
        if (err == ERR_OK && r->application)
            err = give_privileges(r);
        if (err == ERR_OK)
            err = db_commit(c);
        if (err != ERR_OK)
            fail(r, err, "migration %s could not be committed", m->name);
    }
    db_rollback(c);
    if (err == ERR_OK)
        log_info("db.migrated", "{s:s}", "name", m->name);
    return err;
}

static enum err apply_missing(struct run *r)
{
    enum err err = db_exec(r->conn,
                           "CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY,"
                           " sha256 bytea NOT NULL CHECK (length(sha256) = 32),"
                           " applied_at timestamptz NOT NULL)",
                           "");
    if (err != ERR_OK)
        return fail(r, err, "cannot create the table schema_migration");
    for (size_t i = r->applied_len; i < r->files_len && err == ERR_OK; i++)
        err = apply_one(r, &r->files[i]);
    return err;
}

static enum err migrate(struct run *r, const char *folder, bool apply)
{
    enum err err = load_files(r, folder);
    if (err == ERR_OK)
        err = check_applied(r);
    if (err == ERR_OK && r->applied_len < r->files_len)
        err = apply ? apply_missing(r)
                    : fail(r, ERR_CONFLICT, "the database lacks migration %s",
                           r->files[r->applied_len].name);
    if (err == ERR_OK && apply && r->application)
        err = mend_privileges(r);
    return err;
}

const char *db_role(const struct db_conn *conn)
{
    return PQuser(conn->pg);
}

enum err db_migrate(struct db_conn *conn, const char *folder, bool apply, const char *application,
                    char *why, size_t why_size)
{
    struct run r = {.conn = conn, .application = application, .why = why, .why_size = why_size};
    why[0] = 0;
    enum err err = db_exec(conn, "SET lock_timeout = '30s'", "");
    if (err == ERR_OK)
        err = db_exec(conn, TAKE_LOCK, "");
    if (err != ERR_OK) {
        fail(&r, err, "another process holds the migration lock, or the database is away");
    } else {
        err = migrate(&r, folder, apply);
        if (db_exec(conn, FREE_LOCK, "") != ERR_OK)
            log_warn("db.migrate", "{s:b}", "unlocked", 0);
    }
    if (db_exec(conn, "RESET lock_timeout", "") != ERR_OK)
        log_warn("db.migrate", "{s:b}", "reset", 0);
    for (size_t i = 0; i < r.files_len; i++)
        buf_release(&r.files[i].text);
    free(r.files);
    return err;
}
