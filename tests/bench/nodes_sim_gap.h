/* What a node's room reads from the database after a gap: the log from its seq, and who is there.
 */
#ifndef AMPHI_BENCH_NODES_SIM_GAP_H
#define AMPHI_BENCH_NODES_SIM_GAP_H

struct event_catalog;
/* With a thousandth of all members in the session, then ten times as many, until all. Prints. */
void gap_read(const struct event_catalog *catalog, int nodes_n, int members_n);

#endif
