/* Runs of servers, and the control log, in the database. Worker threads. */
#ifndef AMPHI_NODES_NODE_STORE_H
#define AMPHI_NODES_NODE_STORE_H

#include "db/query.h"
#include "nodes/peers.h"
#include <stdbool.h>
#include <stddef.h>

struct node_row {
    struct id id;
    const char *name, *address, *build;
    const json_t *reads; /* types of events, with the newest version */
    int64_t now;         /* Unix us, by the run's own clock */
};

/* The database's own id, for the servers' messages to each other. */
enum err installation_id(struct db_conn *c, struct id *id) MUST_CHECK;
/* The newest lease of any run, 0 when there was none. */
enum err node_last_lease(struct db_conn *c, int64_t *lease_at) MUST_CHECK;
/* The database's clock, Unix us. */
enum err node_database_time(struct db_conn *c, int64_t *now) MUST_CHECK;
/* ERR_UPGRADING: other servers write events that it does not read. */
enum err node_insert(struct db_conn *c, const struct node_row *row) MUST_CHECK;
/* A run of this name that was not stopped: whether any of its connections lives, and how long ago
 * it renewed its lease (us, by the database's clock). ERR_NOT_FOUND: there is none. */
struct namesake {
    struct id id;
    bool connected;
    int64_t age;
};
enum err node_namesake(struct db_conn *c, const char *name, struct namesake *out) MUST_CHECK;
/* Ends a run that did not renew its lease for `silent_us` (DB_NULL_INT: whenever it did, as the
 * database's clock may have been set back since); *ended false: it did, or was over. */
enum err node_end(struct db_conn *c, const struct id *node, int64_t silent_us,
                  bool *ended) MUST_CHECK;
/* *alive false: this run was ended. database_now: the database's clock at that. */
enum err node_renew(struct db_conn *c, const struct id *node, int64_t now, const char *figures,
                    bool *alive, int64_t *database_now) MUST_CHECK;
/* Each other run that was not stopped. name: for the moment. */
typedef void each_node(void *arg, const struct peer_row *row, const char *name);
enum err node_list(struct db_conn *c, const struct id *but, each_node *each, void *arg) MUST_CHECK;
/* For operators: the run that lives of each name, or the last one that ended within a day. */
struct node_report {
    char name[65], address[272], build[65];
    char state[8]; /* lives, away, ended */
    int64_t started_at, age;
    int64_t rooms, members, missed, bus, apart, skew; /* DB_NULL_INT: it does not say */
};
typedef void each_report(void *arg, const struct node_report *report);
enum err node_report(struct db_conn *c, each_report *each, void *arg) MUST_CHECK;
/* The last lease; spans that are still open end with it. */
enum err node_stop_run(struct db_conn *c, const struct id *node, int64_t now) MUST_CHECK;

enum control_kind { CONTROL_SIGN_IN, CONTROL_PERSON, CONTROL_ROLES, CONTROL_KINDS };
struct control_row {
    int64_t id, xid; /* xid: the transaction's */
    enum control_kind kind;
    struct id subject;
    bool own; /* this run made the change */
};
#define CONTROL_ROWS_MOST 1000
/* What transactions from `horizon` on logged, after the row `after` in the order of ids, at most
 * CONTROL_ROWS_MOST. *next: the horizon for the next reading, as of this moment. A row may come
 * again. */
enum err control_read(struct db_conn *c, const struct id *node, int64_t horizon, int64_t after,
                      struct control_row rows[static CONTROL_ROWS_MOST], size_t *n,
                      int64_t *next) MUST_CHECK;
/* The horizon of this moment: what was logged before is over. */
enum err control_horizon(struct db_conn *c, int64_t *horizon) MUST_CHECK;
enum err control_sweep(struct db_conn *c) MUST_CHECK;

#endif
