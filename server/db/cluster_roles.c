/* The roles of the private cluster. Its superuser only makes the others: the owner, who migrates,
 * and the application's, who does everything else. */
#include "db/cluster_private.h"
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

/* Another process may do the same at this moment. */
static const char MAKE_ROLES[] =
    "DO $$ DECLARE name text; BEGIN"
    "  FOREACH name IN ARRAY ARRAY['" CLUSTER_OWNER "', '" CLUSTER_APPLICATION "'] LOOP"
    "    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN"
    "      BEGIN EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"
    "                           NOREPLICATION NOBYPASSRLS', name);"
    "      EXCEPTION WHEN duplicate_object OR unique_violation THEN END;"
    "    END IF;"
    "  END LOOP;"
    "END $$";

/* Up to 0.1 everything belonged to the superuser; also what somebody restored as such. Sequences of
 * columns follow their tables, members of extensions stay. In PostgreSQL 14 everybody may make
 * things in public. */
static const char GIVE_TO_OWNER[] =
    "DO $$ DECLARE command text; me oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);"
    " BEGIN"
    "  FOR command IN"
    "    SELECT format('ALTER %s %s OWNER TO " CLUSTER_OWNER "', t.kind, t.name) FROM ("
    "      SELECT 'pg_class'::regclass AS class, c.oid, c.oid::regclass::text AS name,"
    "             CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'"
    "                  WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind"
    "        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relowner = me"
    "         AND c.relkind IN ('r', 'p', 'v', 'm', 'S')"
    "      UNION ALL"
    "      SELECT 'pg_proc'::regclass, p.oid, p.oid::regprocedure::text, 'ROUTINE' FROM pg_proc p"
    "       WHERE p.pronamespace = 'public'::regnamespace AND p.proowner = me"
    "      UNION ALL"
    "      SELECT 'pg_type'::regclass, y.oid, y.oid::regtype::text, 'TYPE' FROM pg_type y"
    "       WHERE y.typnamespace = 'public'::regnamespace AND y.typowner = me"
    "         AND y.typtype IN ('e', 'd', 'r')"
    "      UNION ALL"
    "      SELECT 'pg_namespace'::regclass, n.oid, n.nspname, 'SCHEMA' FROM pg_namespace n"
    "       WHERE n.nspname = 'public' AND n.nspowner = me) AS t"
    "     WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = t.class AND d.objid = t.oid"
    "        AND (d.deptype = 'e' OR (t.kind = 'SEQUENCE' AND d.deptype IN ('a', 'i'))))"
    "  LOOP EXECUTE command; END LOOP;"
    "  IF has_schema_privilege('" CLUSTER_APPLICATION "', 'public', 'CREATE') THEN"
    "    REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
    "  END IF;"
    "END $$";

static const char FIND_DATABASE[] =
    "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '" CLUSTER_DATABASE "'";

static bool run(const struct place *place, PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    char line[256];
    snprintf(line, sizeof line, "%s", PQerrorMessage(conn));
    line[strcspn(line, "\n")] = 0;
    PQclear(result);
    return ok || place_fail(place, "cannot make the database: %s", line);
}

static bool make_database(const struct place *place, PGconn *conn)
{
    PGresult *found = PQexec(conn, FIND_DATABASE);
    bool asked = PQresultStatus(found) == PGRES_TUPLES_OK, there = PQntuples(found) == 1;
    bool owned = there && strcmp(PQgetvalue(found, 0, 0), CLUSTER_OWNER) == 0;
    PQclear(found);
    if (asked && !there)
        return run(place, conn, "CREATE DATABASE " CLUSTER_DATABASE " OWNER " CLUSTER_OWNER);
    return owned || run(place, conn, "ALTER DATABASE " CLUSTER_DATABASE " OWNER TO " CLUSTER_OWNER);
}

bool cluster_roles(const struct place *place, const char *admin_url, const char *database_url)
{
    PGconn *admin = PQconnectdb(admin_url);
    bool ok = run(place, admin, MAKE_ROLES) && make_database(place, admin);
    PQfinish(admin);
    if (!ok)
        return false;
    PGconn *database = PQconnectdb(database_url);
    ok = run(place, database, "SET client_min_messages = error; SET lock_timeout = '30s'") &&
         run(place, database, GIVE_TO_OWNER);
    PQfinish(database);
    return ok;
}
