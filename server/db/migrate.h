/* Forward-only migrations: migrations/NNNN_name.sql, one transaction each, under an advisory lock,
 * with the SHA-256 of each file kept. Refuses to start when an applied file was edited (by name),
 * or when the database has a migration this build does not know. */
#ifndef AMPHI_DB_MIGRATE_H
#define AMPHI_DB_MIGRATE_H

#include "db/db.h"

/* ERR_OK, or another outcome with one line in why[]. Applies what is missing when apply is true;
 * otherwise only checks that the schema is current. */
enum err db_migrate(struct db_conn *conn, const char *folder, bool apply, char *why,
                    size_t why_size) MUST_CHECK;

#endif
