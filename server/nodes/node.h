/* This run of the server among those that share its database: its row and its lease, the other
 * nodes, the bus to them, and the control log. A thread with a connection of its own renews the
 * lease, reads the control log twice a second, and ends runs that died. One server alone has all of
 * this but the bus. */
#ifndef AMPHI_NODES_NODE_H
#define AMPHI_NODES_NODE_H

#include "base/err.h"
#include "base/id.h"
#include "nodes/bus.h"
#include <jansson.h>
#include <stdbool.h>

struct app;
struct config;
struct db_conn;
struct node;

/* What happens elsewhere. On threads of the node and of the bus. */
struct node_hooks {
    /* Another node sent it; kind and data as bus_publish() had them. */
    void (*message)(struct app *app, const struct bus_message *message);
    /* Live streams and what is asked of them, sent to this node alone; lost rather than late. */
    void (*streams)(struct app *app, const struct bus_message *message);
    /* Messages of other nodes may have been lost: what rooms know of them is to be read again, as
     * far as transactions from `from` on wrote it; 0: all. */
    void (*missed)(struct app *app, int64_t from);
    /* A node is away or dead: what it had ended at `lease` (Unix us). */
    void (*gone)(struct app *app, const struct id *node, int64_t lease);
    /* Sign-ins, people who were shut out, people whose roles the transaction xid changed (each enum
     * control_kind): their connections close, in the last case those that do not know it. */
    void (*sign_in_ended)(struct app *app, const struct id *sign_in);
    void (*shut_out)(struct app *app, const struct id *person);
    void (*roles_changed)(struct app *app, const struct id *person, int64_t xid);
};

/* What a run says of itself. */
struct node_self {
    const char *build;
    json_t *reads; /* types of events, with the newest version; node_begin() takes it */
};

/* Before anything else uses the database: ends earlier runs of this name, and begins one in
 * app->node. Sets the clock's floor. False with one line in why: another server of this name runs,
 * the clocks are too far apart, or servers of a newer version write what this one does not read. */
bool node_begin(struct app *app, const struct node_self *self, struct db_conn *conn, char *why,
                size_t why_size);
/* SQL for each new connection of this run (db_config.admit). */
#define NODE_ADMISSION_SIZE 160
void node_admission(const struct id *node, char sql[static NODE_ADMISSION_SIZE]);
/* Starts the bus and the thread. conn: for the moment; database_url: of the application. NULL with
 * one line in why. */
struct node *node_start(struct app *app, struct db_conn *conn, const char *database_url,
                        const struct node_hooks *hooks, char *why, size_t why_size);
/* This run was ended by another node, or its connections are refused: nothing more can be written.
 * The process has to begin anew. Any thread. */
bool node_is_over(const struct node *node);
/* The control log has news: it is read now, here and on the other nodes. Any thread; NULL is
 * allowed. */
void node_wake(struct node *node);
/* To every other node; nothing without a bus. Any thread; NULL is allowed. */
void node_publish(struct node *node, const char *kind, const char *data, size_t len);
/* Live streams to one of them: lost rather than late. */
void node_send(struct node *node, const struct id *to, const char *kind, const char *data,
               size_t len);
/* The same of what is to come: as much may wait for it as for all. */
void node_pass(struct node *node, const struct id *to, const char *kind, const char *data,
               size_t len);
/* All nodes as the database had them at the last reading, for operators: at most `most` of them;
 * *age: us since then, -1: there was none. Any thread; node NULL: none. */
struct node_report;
size_t node_look(struct node *node, struct node_report *out, size_t most, int64_t *age);
/* The other node that lives whose id begins so. Any thread; node NULL: there is none. */
bool node_find(struct node *node, const uint8_t *mark, size_t size, struct id *out);
/* Whether the configuration makes it one of several. */
bool node_wants_bus(const struct config *config);
/* Whether this is a node of a cluster. NULL: no. */
bool node_has_bus(const struct node *node);
/* Writes the last lease and ends the run; frees. NULL is allowed. */
void node_stop(struct node *node);
/* The same for a run that began and never served, by conn, too. */
void node_finish(struct app *app, struct db_conn *conn);

#endif
