/* Paging cursors: what is accepted is what we would have written. */
#include "fuzz/fuzz.h"
#include "http/cursor.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), again[CURSOR_TEXT_SIZE];
    MUST(text);
    memcpy(text, data, size);
    text[size] = '\0';
    struct cursor c;
    if (cursor_parse(text, &c))
        MUST(strcmp(cursor_text(&c, again), text) == 0);
    free(text);
    return 0;
}
