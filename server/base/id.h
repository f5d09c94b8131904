/* Identifiers. Everything that appears in a URL is a random (version 4) UUID made by the database
 * or by id_random(), so it cannot be guessed. Text form: 36 lower-case characters. */
#ifndef AMPHI_BASE_ID_H
#define AMPHI_BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ID_TEXT_SIZE 37 /* with the final NUL */

struct id {
    uint8_t bytes[16];
};

/* False for anything that is not exactly 8-4-4-4-12 hexadecimal digits. */
bool id_parse(const char *text, struct id *out);
/* Writes ID_TEXT_SIZE bytes and returns text. */
const char *id_text(const struct id *id, char text[static ID_TEXT_SIZE]);
bool id_equal(const struct id *a, const struct id *b);
uint64_t id_hash(const struct id *id);
struct id id_random(void);

#endif
