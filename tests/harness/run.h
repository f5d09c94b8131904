/* A run of the server in a test: its row, its lease, and the thread that renews it. */
#ifndef AMPHI_TESTS_RUN_H
#define AMPHI_TESTS_RUN_H

struct app;

/* app needs its clock and a config with a node_name; url: of the database. */
void run_begin(struct app *app, const char *url);
void run_end(struct app *app);

#endif
