/* Takes the bytes of an extraction in pieces of any size, and gives its people, each folded from
 * the lines of theirs that follow each other. Lines of a person that stand apart come as several
 * people of one number: whoever takes them folds them again, by rank. In constant memory. One
 * thread at a time. */
#ifndef AMPHI_FEATURES_REGISTRY_READER_H
#define AMPHI_FEATURES_REGISTRY_READER_H

#include "base/err.h"
#include "features/registry/registry_line.h"

#define REGISTRY_LINE_MAX (32 * 1024) /* bytes; those of the real file have about 400 */

/* What takes a person: anything but ERR_OK ends it all. */
typedef enum err registry_take(void *arg, const struct registry_person *person);

struct registry_reader {
    registry_take *take;
    void *arg;
    bool check; /* see rpps_fault() */
    /* what was found */
    int64_t lines; /* without the header and empty ones */
    int64_t refused[REGISTRY_FAULTS];
    int64_t first[REGISTRY_FAULTS]; /* the first line of each kind; the header is 1 */
    struct registry_header header;
    bool begun;    /* it has a header */
    char why[200]; /* of ERR_INVALID: what is wrong with the whole file */
    /* in between */
    int64_t number;
    struct registry_person person;
    bool holds; /* a person, whose next line may come */
    bool skips; /* to the end of a line that is too long */
    size_t kept;
    char *line; /* the beginning of a line that goes on with the next piece */
};

void registry_reader_init(struct registry_reader *r, registry_take *take, void *arg, bool check);
/* ERR_INVALID: it is no extraction of the register; else what `take` answered. */
enum err registry_reader_feed(struct registry_reader *r, const char *bytes, size_t len) MUST_CHECK;
/* The last line and the last person. ERR_INVALID: there was not even a header. */
enum err registry_reader_end(struct registry_reader *r) MUST_CHECK;
int64_t registry_reader_refused(const struct registry_reader *r);
void registry_reader_release(struct registry_reader *r);

#endif
