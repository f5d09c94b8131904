#include "features/registry/registry_import.h"
#include "base/clock.h"
#include "base/mem.h"
#include "features/registry/registry_archive.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PIECE         (256 * 1024)
#define PROGRESS_EACH 50000 /* lines */
/* A file that lacks so much is more likely broken than right. */
#define LEAST_SHARE   0.8 /* of the people that are there */
#define REFUSED_SHARE 0.1 /* of its lines */

struct work {
    struct registry_import *import;
    struct db_conn *conn;
    struct registry_archive *archive;
    struct registry_load *load;
    struct registry_reader reader;
    struct registry_edition before; /* id 0: none */
    int64_t told;
};

static bool refuse(struct registry_import *i, const char *text, const char *detail)
{
    char line[REGISTRY_WHY_SIZE];
    snprintf(line, sizeof line, "%s%s", text, detail ? detail : "");
    snprintf(i->why, sizeof i->why, "%s", line);
    return false;
}

static void day(int64_t at, char text[static 16])
{
    time_t seconds = (time_t)(at / US_PER_S);
    struct tm tm;
    strftime(text, 16, "%Y-%m-%d", gmtime_r(&seconds, &tm));
}

/* --- before it --- */

static bool find_date(struct work *w)
{
    struct registry_import *i = w->import;
    i->edition.data_at = i->data_at ? i->data_at : registry_archive_at(w->archive) * US_PER_S;
    if (!i->edition.data_at)
        return refuse(i, "its date is not known: say it with --date", NULL);
    if (i->edition.data_at > i->now + 86400 * US_PER_S)
        return refuse(i, "its date is to come", NULL);
    if (i->force || !w->before.id || i->edition.data_at >= w->before.data_at)
        return true;
    char is[16], has[16], text[160];
    day(i->edition.data_at, is);
    day(w->before.data_at, has);
    snprintf(text, sizeof text, "it is of %s, and the register here of %s; --force takes it", is,
             has);
    return refuse(i, text, NULL);
}

static bool prepare(struct work *w)
{
    struct registry_import *i = w->import;
    enum err err = registry_edition_lock(w->conn);
    if (err == ERR_CONFLICT)
        return refuse(i, "another import is under way", NULL);
    if (!err)
        err = registry_current(w->conn, &w->before);
    if (err && err != ERR_NOT_FOUND)
        return refuse(i, "the database: ", err_code(err));
    if (!(w->archive = registry_archive_open(i->path, i->why, sizeof i->why)))
        return false;
    snprintf(i->edition.source_file, sizeof i->edition.source_file, "%.255s",
             registry_archive_name(w->archive));
    return find_date(w);
}

/* --- the file --- */

static enum err take(void *arg, const struct registry_person *person)
{
    struct work *w = arg;
    return registry_load_add(w->load, person);
}

static void tell(struct work *w)
{
    if (!w->import->progress || w->reader.lines < w->told)
        return;
    int64_t size, position = registry_archive_position(w->archive, &size);
    w->told = w->reader.lines + PROGRESS_EACH;
    w->import->progress(w->import->arg, w->reader.lines, position, size);
}

static enum err read_all(struct work *w, char *piece)
{
    struct registry_import *i = w->import;
    enum err err = ERR_OK;
    ptrdiff_t n = 1;
    while (!err &&
           (n = registry_archive_read(w->archive, piece, PIECE, i->why, sizeof i->why)) > 0) {
        err = registry_reader_feed(&w->reader, piece, (size_t)n);
        tell(w);
    }
    if (n < 0)
        return ERR_INVALID;
    if (!err)
        err = registry_reader_end(&w->reader);
    if (err == ERR_INVALID)
        refuse(i, w->reader.why, NULL);
    return err;
}

static bool whole(struct work *w)
{
    struct registry_import *i = w->import;
    struct registry_edition *e = &i->edition;
    char text[160];
    e->lines = w->reader.lines;
    e->refused = registry_reader_refused(&w->reader);
    memcpy(i->refused, w->reader.refused, sizeof i->refused);
    memcpy(i->first, w->reader.first, sizeof i->first);
    i->without_specialties = !w->reader.header.found[COLUMN_SKILL];
    if (e->persons == 0)
        return refuse(i, "there is nobody in it", NULL);
    if (!i->force && (double)e->refused > REFUSED_SHARE * (double)e->lines) {
        snprintf(text, sizeof text, "%lld of its %lld lines are refused; --force takes the others",
                 (long long)e->refused, (long long)e->lines);
        return refuse(i, text, NULL);
    }
    if (!i->force && (double)e->persons < LEAST_SHARE * (double)w->before.persons) {
        snprintf(text, sizeof text,
                 "it has %lld people, and the register here %lld; --force takes it",
                 (long long)e->persons, (long long)w->before.persons);
        return refuse(i, text, NULL);
    }
    return true;
}

static bool load(struct work *w)
{
    struct registry_import *i = w->import;
    char *piece = mem_new(PIECE);
    enum err err;
    w->load = registry_load_begin(w->conn, &err);
    if (w->load) {
        registry_reader_init(&w->reader, take, w, i->check);
        err = read_all(w, piece);
        registry_reader_release(&w->reader);
        err = registry_load_settle(w->load, err, &i->edition.persons);
    }
    free(piece);
    if (err)
        return i->why[0] ? false : refuse(i, "the database: ", err_code(err));
    if (!whole(w))
        return false;
    i->edition.imported_at = i->now;
    err = registry_load_publish(w->load, &i->edition);
    return err ? refuse(i, "the database: ", err_code(err)) : true;
}

bool registry_import(struct db_conn *conn, struct registry_import *import)
{
    struct work w = {.import = import, .conn = conn};
    import->why[0] = '\0';
    bool good = prepare(&w) && load(&w);
    if (w.load)
        registry_load_free(w.load);
    if (w.archive)
        registry_archive_close(w.archive);
    if (good)
        registry_editions_tidy(conn);
    return good;
}
