/* A live session with two decks of three pages. Included by the tests of slides in rooms. */
#ifndef AMPHI_TESTS_SLIDES_TALKS_H
#define AMPHI_TESTS_SLIDES_TALKS_H

#include "features/sessions/sessions.h"
#include "features/slides/slides_store.h"
#include "harness/pg.h"
#include "harness/stage.h"
#include "unit/run.h"
#include <stdio.h>

#define TALK  "8a1b6f2e-0d4c-4b7a-9e21-3c5d7f9a1b01"
#define OTHER "8a1b6f2e-0d4c-4b7a-9e21-3c5d7f9a1b02"

static const struct feature *const features[] = {&sessions_feature, &slides_feature, NULL};
static struct stage stage;

/* Three pages, the third failed. */
static inline void add_deck(const char *id, const char *state)
{
    char sql[2048];
    snprintf(sql, sizeof sql,
             "INSERT INTO deck (id, organisation_id, session_id, file_name, pdf, bytes, state,"
             " page_count, created_at, created_by) VALUES ('%s', '" AUDIENCE_ORG
             "', '" AUDIENCE_SESSION "', 'Talk.pdf', decode(repeat('ab', 32), 'hex'), 1000, '%s',"
             " 3, '2026-11-01', '" AUDIENCE_STAFF "');"
             "INSERT INTO slide (deck_id, page, state, error, width, height, text,"
             " notes, links) SELECT '%s', n, CASE n WHEN 3 THEN 'failed' ELSE 'ready' END,"
             "  CASE n WHEN 3 THEN 'page.broken' END, 720, 405, 'Page ' || n,"
             "  'Note ' || n, jsonb_build_array(jsonb_build_object('x', 0, 'y', 0, 'width', 10,"
             "   'height', 10, 'url', 'https://example.org/' || n))"
             "  FROM generate_series(1, 3) n;"
             "INSERT INTO slide_image (deck_id, page, width, height, blob, bytes)"
             " SELECT '%s', n, w, w * 9 / 16, decode(repeat('cd', 32), 'hex'), 100"
             "  FROM generate_series(1, 2) n, unnest(ARRAY[480, 960, 1920]) w",
             id, state, id, id);
    pg_sql(stage.url, sql);
}

static inline void open_stage(void)
{
    stage_open(&stage, features);
    add_deck(TALK, "ready");
    add_deck(OTHER, "ready");
    pg_sql(stage.url, "UPDATE session SET version = 0");
}

static inline const char *move(uint64_t conn, int version, const char *deck, int page)
{
    char data[128];
    snprintf(data, sizeof data, "{\"version\":%d,\"deck\":\"%s\",\"page\":%d}", version, deck,
             page);
    return stage_code(&stage, conn, "slide.move", data);
}

#endif
