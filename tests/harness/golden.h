/* Golden files: tests/golden/<feature>/<message>.json, one frame each, as it is on the wire. They
 * are read by the C tests, the TypeScript tests and the fuzzers. Tests run in the top folder. */
#ifndef AMPHI_TESTS_GOLDEN_H
#define AMPHI_TESTS_GOLDEN_H

#include <jansson.h>

/* Aborts with the reason when it cannot be read; the caller owns the result. */
json_t *golden(const char *feature, const char *message);
/* Is actual (taken) what the golden file has at `member` ("data", "ok"; "common.polls")? Prints
 * both when not. */
int golden_is(const char *feature, const char *message, const char *member, json_t *actual);

#endif
