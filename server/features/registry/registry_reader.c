#include "features/registry/registry_reader.h"
#include "base/mem.h"
#include <stdio.h>
#include <string.h>

void registry_reader_init(struct registry_reader *r, registry_take *take, void *arg, bool check)
{
    *r = (struct registry_reader){.take = take, .arg = arg, .check = check};
    r->line = mem_new(REGISTRY_LINE_MAX);
}

void registry_reader_release(struct registry_reader *r)
{
    free(r->line);
    r->line = NULL;
}

static void refuse(struct registry_reader *r, enum registry_fault fault)
{
    if (r->refused[fault]++ == 0)
        r->first[fault] = r->number;
}

int64_t registry_reader_refused(const struct registry_reader *r)
{
    int64_t n = 0;
    for (int fault = REGISTRY_GOOD + 1; fault < REGISTRY_FAULTS; fault++)
        n += r->refused[fault];
    return n;
}

static enum err give(struct registry_reader *r)
{
    bool held = r->holds;
    r->holds = false;
    return held ? r->take(r->arg, &r->person) : ERR_OK;
}

static enum err add(struct registry_reader *r, const char *line, size_t len)
{
    struct registry_person activity;
    enum registry_fault fault =
        registry_read_line(&r->header, line, len, r->number, r->check, &activity);
    enum err err = ERR_OK;
    if (fault) {
        refuse(r, fault);
    } else if (r->holds && strcmp(r->person.rpps, activity.rpps) == 0) {
        registry_fold(&r->person, &activity);
    } else {
        err = give(r);
        r->person = activity;
        r->holds = true;
    }
    return err;
}

/* A whole line without its end. */
static enum err on_line(struct registry_reader *r, const char *line, size_t len)
{
    if (len && line[len - 1] == '\r')
        len--;
    r->number++;
    if (!r->begun) {
        r->begun = registry_read_header(line, len, &r->header, r->why, sizeof r->why);
        return r->begun ? ERR_OK : ERR_INVALID;
    }
    if (len == 0)
        return ERR_OK;
    r->lines++;
    return add(r, line, len);
}

/* A line is longer than it may be: what comes of it is passed over. */
static enum err too_long(struct registry_reader *r)
{
    r->skips = true;
    r->kept = 0;
    if (!r->begun) {
        snprintf(r->why, sizeof r->why,
                 "it is no extraction of the register: its first line does not end");
        return ERR_INVALID;
    }
    r->number++;
    r->lines++;
    refuse(r, REGISTRY_TOO_LONG);
    return ERR_OK;
}

static enum err keep(struct registry_reader *r, const char *bytes, size_t len)
{
    if (r->skips)
        return ERR_OK;
    if (len > REGISTRY_LINE_MAX - r->kept)
        return too_long(r);
    memcpy(r->line + r->kept, bytes, len);
    r->kept += len;
    return ERR_OK;
}

/* What ends a line: alone as it stands, else behind what was kept of it. */
static enum err end_line(struct registry_reader *r, const char *bytes, size_t len)
{
    bool whole = r->kept == 0 && !r->skips && len <= REGISTRY_LINE_MAX;
    enum err err = whole ? on_line(r, bytes, len) : keep(r, bytes, len);
    if (!whole && !err && !r->skips)
        err = on_line(r, r->line, r->kept);
    r->kept = 0;
    r->skips = false;
    return err;
}

enum err registry_reader_feed(struct registry_reader *r, const char *bytes, size_t len)
{
    enum err err = ERR_OK;
    for (const char *end = bytes + len; bytes < end && !err;) {
        const char *line_end = memchr(bytes, '\n', (size_t)(end - bytes));
        err = line_end ? end_line(r, bytes, (size_t)(line_end - bytes))
                       : keep(r, bytes, (size_t)(end - bytes));
        bytes = line_end ? line_end + 1 : end;
    }
    return err;
}

enum err registry_reader_end(struct registry_reader *r)
{
    enum err err = r->kept ? end_line(r, "", 0) : ERR_OK;
    if (!err && !r->begun) {
        snprintf(r->why, sizeof r->why, "it is empty");
        err = ERR_INVALID;
    }
    return err ? err : give(r);
}
