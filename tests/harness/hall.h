/* A live session over a real database: the audience's congress, its session in the lobby, sessions
 * and presence as the server has them, the fake clock and the fake wire of live.h. */
#ifndef AMPHI_TESTS_HALL_H
#define AMPHI_TESTS_HALL_H

#include "base/config.h"
#include "harness/live.h"

struct hall {
    char *url;
    struct db *db;
    struct config config;
    struct live *live;
};

#define HALL_PEOPLE 5 /* registrations 1 … */

/* url: a migrated database; NULL: a fresh one. */
struct hall *hall_open(const char *url, int loops);
void hall_close(struct hall *hall);
/* First value of the last statement, "" when none. */
const char *hall_sql(struct hall *hall, const char *sql);
/* Runs until the SQL's first value is text. */
bool hall_until_sql(struct hall *hall, const char *sql, const char *text);

#endif
