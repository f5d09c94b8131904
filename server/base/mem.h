/* Memory for small objects: never NULL, zeroed. Running out of it aborts, because nothing sensible
 * can be done; what a peer can size is bounded before it is asked for. */
#ifndef AMPHI_BASE_MEM_H
#define AMPHI_BASE_MEM_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static inline void *mem_new(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p)
        abort();
    return p;
}
static inline void *mem_new_array(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);
    if (!p)
        abort();
    return p;
}
static inline void *mem_resize(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);
    if (!p)
        abort();
    return p;
}
static inline char *mem_strdup(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

#endif
