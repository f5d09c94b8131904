/* The register in the database: editions, of which one is read. See the migration. JSON results are
 * new references. */
#ifndef AMPHI_FEATURES_REGISTRY_STORE_H
#define AMPHI_FEATURES_REGISTRY_STORE_H

#include "db/query.h"
#include "features/registry/registry_person.h"

struct registry_edition {
    int64_t id;
    char source_file[256];
    int64_t data_at, imported_at; /* Unix us */
    int64_t lines, refused, persons;
};

/* The one that is read. ERR_NOT_FOUND: there is none yet. */
enum err registry_current(struct db_conn *c, struct registry_edition *out) MUST_CHECK;

/* The same as JSON, NULL: there is none. */
enum err registry_edition_json(struct db_conn *c, json_t **out) MUST_CHECK;
/* Who has a number, as the open register says: {"data_at", "person"}; null: no register was
 * imported, it has nobody of that number. */
enum err registry_look_up(struct db_conn *c, const char *rpps, json_t **out) MUST_CHECK;

/* --- an import: a connection of the tables' owner, of its own (registry_edition_store.c) --- */
struct registry_load;
/* Nobody else imports until this connection ends. ERR_CONFLICT: somebody does. */
enum err registry_edition_lock(struct db_conn *c) MUST_CHECK;
/* Removes what belongs to former editions, unless it is still read or cannot be had: the next
 * import does. */
void registry_editions_tidy(struct db_conn *c);
/* Begins the transaction of an edition that nobody sees. NULL: *err says why. */
struct registry_load *registry_load_begin(struct db_conn *c, enum err *err);
enum err registry_load_add(struct registry_load *load,
                           const struct registry_person *person) MUST_CHECK;
/* All are there; those of one number become one. err given: nothing of it was. */
enum err registry_load_settle(struct registry_load *load, enum err err,
                              int64_t *persons) MUST_CHECK;
/* Everybody reads it from the commit on. Sets out->id. */
enum err registry_load_publish(struct registry_load *load, struct registry_edition *out) MUST_CHECK;
/* In every case; what was not published goes. */
void registry_load_free(struct registry_load *load);

#endif
