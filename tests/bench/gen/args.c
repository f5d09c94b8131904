#include "gen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int64_t arg_int(const json_t *args, const char *name, int64_t fallback)
{
    const json_t *value = json_object_get(args, name);
    return json_is_number(value) ? (int64_t)json_number_value(value) : fallback;
}

const char *arg_text(const json_t *args, const char *name, const char *fallback)
{
    const json_t *value = json_object_get(args, name);
    return json_is_string(value) ? json_string_value(value) : fallback;
}

bool arg_bool(const json_t *args, const char *name, bool fallback)
{
    const json_t *value = json_object_get(args, name);
    return json_is_boolean(value) ? json_is_true(value) : fallback;
}

char **arg_lines(struct gen *g, const char *path, size_t skip, size_t n)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        gen_fault(g, "cannot read %.150s", path);
        return NULL;
    }
    char **lines = calloc(n + 1, sizeof *lines), *line = NULL;
    size_t size = 0, got = 0;
    ssize_t len;
    while (got < n && (len = getline(&line, &size, file)) >= 0) {
        if (skip > 0) {
            skip--;
            continue;
        }
        line[strcspn(line, "\n")] = '\0';
        lines[got++] = strdup(line);
    }
    free(line);
    fclose(file);
    if (got == n)
        return lines;
    gen_fault(g, "%.150s has too few lines", path);
    for (size_t i = 0; i < got; i++)
        free(lines[i]);
    free(lines);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

json_t *summary_ms(int64_t *us, size_t n)
{
    if (n == 0)
        return json_null();
    qsort(us, n, sizeof *us, compare);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)us[i];
    size_t p99 = (n * 99 + 99) / 100 - 1; /* the nearest rank */
    return json_pack("{s:f,s:f,s:f,s:f}", "p50", (double)us[(n - 1) / 2] / 1000, "p99",
                     (double)us[p99] / 1000, "max", (double)us[n - 1] / 1000, "mean",
                     sum / (double)n / 1000);
}
