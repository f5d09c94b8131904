/* An extraction of the French register, the first byte saying in pieces of which size it comes: it
 * gives what it gives in one piece, and nothing in it is longer or of other letters than the table
 * takes. */
#include "features/registry/registry_reader.h"
#include "fuzz/fuzz.h"
#include <string.h>

struct taken {
    int64_t people;
    uint64_t sum;
};

static void check_code(const char *code)
{
    MUST(strlen(code) < REGISTRY_CODE_SIZE);
    MUST(strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(code));
}

static void check_set(const struct registry_set *set)
{
    MUST(set->n <= REGISTRY_SET_MOST);
    for (size_t i = 0; i < set->n; i++) {
        check_code(set->codes[i]);
        MUST(set->codes[i][0] && (i == 0 || strcmp(set->codes[i - 1], set->codes[i]) < 0));
    }
}

static enum err take(void *arg, const struct registry_person *p)
{
    struct taken *t = arg;
    const char *codes[] = {p->profession, p->category, p->specialty,  p->skill_type, p->setting,
                           p->mode,       p->postcode, p->department, p->region};
    char kept[RPPS_SIZE];
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        check_code(codes[i]);
    check_set(&p->skill_types);
    check_set(&p->settings);
    MUST(rpps_parse(p->rpps, strlen(p->rpps), kept) >= RPPS_CHECK_DIGIT && !strcmp(kept, p->rpps));
    MUST(p->last_name[0] && p->profession[0] && strlen(p->first_name) <= REGISTRY_NAME_MAX);
    MUST(!strcmp(registry_region(p->department), p->region));
    t->people++;
    t->sum = t->sum * 31 + p->rank + p->settings.n + (unsigned char)p->last_name[0];
    return ERR_OK;
}

static enum err read_in(const char *text, size_t size, size_t piece, struct taken *taken,
                        struct registry_reader *r)
{
    enum err err = ERR_OK;
    *taken = (struct taken){0};
    registry_reader_init(r, take, taken, false);
    for (size_t at = 0; at < size && !err; at += piece)
        err = registry_reader_feed(r, text + at, size - at < piece ? size - at : piece);
    if (!err)
        err = registry_reader_end(r);
    registry_reader_release(r);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct registry_reader whole, pieces;
    struct taken first, second;
    if (size < 2)
        return 0;
    const char *text = (const char *)data + 1;
    enum err err = read_in(text, size - 1, size, &first, &whole);
    MUST(read_in(text, size - 1, data[0] + 1u, &second, &pieces) == err);
    if (err)
        return 0;
    MUST(first.people == second.people && first.sum == second.sum);
    MUST(whole.lines == pieces.lines &&
         !memcmp(whole.refused, pieces.refused, sizeof whole.refused));
    MUST(registry_reader_refused(&whole) <= whole.lines && first.people <= whole.lines);
    return 0;
}
