/* What the tests of the stage share: staff of their own, commands about somebody. */
#ifndef AMPHI_TESTS_STAGE_CALLS_H
#define AMPHI_TESTS_STAGE_CALLS_H

#include "features/presence/presence.h"
#include "features/registration/registration.h"
#include "features/sessions/sessions.h"
#include "features/slides/slides.h"
#include "features/stage/stage.h"
#include "harness/pg.h"
#include "harness/stage.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STAFF_FIRST 101 /* accounts of their own: 101 … */
#define STAFF_MOST  12

static const struct feature *const features[] = {&registration_feature, &sessions_feature,
                                                 &slides_feature, &stage_feature, NULL};
static struct stage stage;

#define code(conn, command, data)  stage_code(&stage, conn, command, data)
#define frame(conn, kind, name, n) stage_frame(&stage, conn, kind, name, n)

static inline void begin(void)
{
    stage_open(&stage, features);
    for (int n = STAFF_FIRST; n < STAFF_FIRST + STAFF_MOST; n++) {
        char sql[400], id[ID_TEXT_SIZE];
        struct id person = audience_person(n);
        snprintf(sql, sizeof sql,
                 "INSERT INTO account (id, organisation_id, email, name, language, created_at)"
                 " VALUES ('%s', '" AUDIENCE_ORG "', 's%d@example.org', 'Staff %d', 'en', now())",
                 id_text(&person, id), n, n);
        pg_sql(stage.url, sql);
    }
}

static inline uint64_t member(unsigned roles, int n)
{
    return live_member(stage.live, 0, roles, n);
}

/* {"person":"…"} and whatever follows it. */
static inline const char *of(int n, const char *more)
{
    static char data[200];
    char id[ID_TEXT_SIZE];
    struct id person = audience_person(n);
    snprintf(data, sizeof data, "{\"person\":\"%s\"%s}", id_text(&person, id), more);
    return data;
}

static inline size_t events(uint64_t conn, const char *name)
{
    return live_count(stage.live, conn, "event", name);
}

static inline const char *text(const json_t *data, const char *field)
{
    const char *value = json_string_value(json_object_get(data, field));
    return value ? value : "";
}

#endif
