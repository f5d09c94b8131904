/* A live session over a real database: the audience's congress, its session in the lobby, sessions
 * and presence as the server has them, the fake clock and the fake wire of live.h. */
#ifndef AMPHI_TESTS_SCENE_H
#define AMPHI_TESTS_SCENE_H

#include "base/config.h"
#include "harness/live.h"

struct scene {
    char *url;
    struct db *db;
    struct config config;
    struct live *live;
};

#define SCENE_PEOPLE 5 /* registrations 1 … */

/* url: a migrated database; NULL: a fresh one. */
struct scene *scene_open(const char *url, int loops);
void scene_close(struct scene *scene);
/* First value of the last statement, "" when none. */
const char *scene_sql(struct scene *scene, const char *sql);
/* Runs until the SQL's first value is text. */
bool scene_until_sql(struct scene *scene, const char *sql, const char *text);

#endif
