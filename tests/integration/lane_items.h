/* What the lane tests share: a table of numbers, items that write one each, and the order of their
 * done(). */
#ifndef AMPHI_TESTS_LANE_ITEMS_H
#define AMPHI_TESTS_LANE_ITEMS_H

#include "db/db.h"
#include "db/lane.h"
#include "db/query.h"
#include "harness/pg.h"
#include "harness/reader.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct mailbox mailbox;

struct item {
    struct lane_item item;
    int64_t number;
    int done_at; /* place in the order of done(), from 1 */
};

static int done_count;
static _Atomic int runs, largest_run;
static bool (*when_done)(struct item *);

static void on_done(struct lane_item *lane_item)
{
    struct item *item = container_of(lane_item, struct item, item);
    ck_assert_int_eq(item->done_at, 0);
    item->done_at = ++done_count;
    if (when_done)
        when_done(item);
}

/* A negative number violates the check of the table; 13 fails its own item only. */
static enum err insert(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    int64_t numbers[LANE_BATCH];
    for (size_t i = 0; i < n; i++) {
        numbers[i] = container_of(items[i], struct item, item)->number;
        if (numbers[i] == 13)
            items[i]->err = ERR_CONFLICT;
    }
    runs++;
    if ((int)n > largest_run)
        largest_run = (int)n;
    return db_exec(c,
                   "INSERT INTO number (x) SELECT x FROM unnest($1) WITH ORDINALITY AS u (x, o)"
                   " WHERE x <> 13 ORDER BY o",
                   "I", numbers, n);
}

static const struct lane_kind plain = {.name = "plain", .run = insert};

static void start(const char *url)
{
    mailbox_init(&mailbox, 10, NULL, NULL);
    done_count = 0;
    runs = largest_run = 0;
    when_done = NULL;
    pg_sql(url, "CREATE TABLE number (id bigint GENERATED ALWAYS AS IDENTITY,"
                " x bigint NOT NULL UNIQUE CHECK (x >= 0))");
}

static struct db *new_db(const char *url, int busy_after_ms)
{
    return db_new(&(struct db_config){.url = url,
                                      .hot = 2,
                                      .short_ = 1,
                                      .long_ = 1,
                                      .busy_after_ms = busy_after_ms,
                                      .statement_timeout_ms = 3000});
}

static struct db *begin(const char *url, int busy_after_ms)
{
    start(url);
    return new_db(url, busy_after_ms);
}

static struct item *items_new(size_t n, const struct lane_kind *kind)
{
    struct item *items = calloc(n, sizeof *items);
    for (size_t i = 0; i < n; i++) {
        items[i].number = (int64_t)i + 100;
        items[i].item.kind = kind;
        items[i].item.done = on_done;
    }
    return items;
}

static bool all_done(void *lane)
{
    return lane_waiting(lane) == 0;
}

static void end(struct lane *lane, struct db *db, struct item *items)
{
    lane_release(lane);
    db_free(db);
    mailbox_release(&mailbox);
    free(items);
}

#endif
