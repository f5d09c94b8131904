/* A congress with one session and people in it, written straight into a database. Ids are readable:
 * registration n is 00000000-0000-4000-8000-0000000000nn (hexadecimal). */
#ifndef AMPHI_TESTS_AUDIENCE_H
#define AMPHI_TESTS_AUDIENCE_H

#include "base/identity.h"
#include <stdint.h>

#define AUDIENCE_ORG      "aaaaaaaa-0000-4000-8000-000000000001"
#define AUDIENCE_OTHER    "aaaaaaaa-0000-4000-8000-000000000002"
#define AUDIENCE_STAFF    "bbbbbbbb-0000-4000-8000-000000000001"
#define AUDIENCE_CONGRESS "cccccccc-0000-4000-8000-000000000001"
#define AUDIENCE_SESSION  "dddddddd-0000-4000-8000-000000000001"
#define AUDIENCE_LIVE_AT  "2026-11-01 18:00:00+00"

/* Organisation, another organisation, one organiser, congress, session (live since
 * AUDIENCE_LIVE_AT), link, node "main" with its lease at AUDIENCE_LIVE_AT. */
void audience_make(const char *url);
void audience_register(const char *url, int n, const char *profession, const char *specialty,
                       const char *setting, const char *region, const char *age);
struct id audience_person(int n);
struct identity audience_organiser(void);
struct identity audience_stranger(void); /* an organiser of the other organisation */
struct id audience_id(const char *text);
/* A connected span of person n; seconds after AUDIENCE_LIVE_AT; left < joined: still open. */
void audience_span(const char *url, int n, int joined, int left, bool on_purpose);
/* The same of one whose connection was known to be gone at `gone`. */
void audience_lost(const char *url, int n, int joined, int left, int gone);

#endif
