/* Forward-only migrations: migrations/NNNN_name.sql, one transaction each, under an advisory lock,
 * with the SHA-256 of each file kept. Refuses to start when an applied file was edited (by name),
 * or when the database has a migration this build does not know. */
#ifndef AMPHI_DB_MIGRATE_H
#define AMPHI_DB_MIGRATE_H

#include "db/db.h"

/* ERR_OK, or another outcome with one line in why[]. Applies what is missing when apply is true;
 * otherwise only checks that the schema is current. application: the database role of the running
 * server, whom the owner (conn's role) gives its privileges with each migration, in its
 * transaction, and whenever it lacks any; NULL: the server runs as conn's role. */
enum err db_migrate(struct db_conn *conn, const char *folder, bool apply, const char *application,
                    char *why, size_t why_size) MUST_CHECK;
/* The role that a connection signed in as. */
const char *db_role(const struct db_conn *conn);

#endif
