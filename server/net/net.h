/* The network: listening sockets, TLS, HTTP/1.1 and the live websocket, one libwebsockets context
 * per loop. The only folder that sees libwebsockets. Life, all on the main thread:
 *
 *     net = net_new(&config, why, sizeof why);      binds the port; the loops do not run yet
 *     wire = net_wire(net, i); d = dispatch_new(…, &wire); net_set_dispatch(net, i, d);
 *     net_start(net, why, sizeof why); loop_run_thread(…);
 *     net_leave(net, …);                            if other servers go on; until net_left(net)
 *     net_drain(net, ms);                           the loops still run; when it returns, all
 *                                                   connections and sockets are closed
 *     loop_stop(…); loop_join(…); dispatch_free(…); net_free(net); loop_free(…);
 *
 * net calls dispatch_conn_*, dispatch_turn (each turn), dispatch_tick (each 100 ms) and, from
 * net_drain, dispatch_drain. */
#ifndef AMPHI_NET_NET_H
#define AMPHI_NET_NET_H

#include "net/config.h"

struct net;

/* NULL with one line in why. Raises the descriptor limit to the hard one. */
struct net *net_new(const struct net_config *config, char *why, size_t why_size);
int net_port(const struct net *net);
int net_metrics_port(const struct net *net);
const char *net_base_url(const struct net *net);
struct wire net_wire(struct net *net, int loop);
void net_set_dispatch(struct net *net, int loop, struct dispatch *dispatch);
enum err net_start(struct net *net, char *why, size_t why_size) MUST_CHECK;
/* New connections get the certificate that the files hold now. Checks the pair first: not ERR_OK
 * with a line in why leaves everything as it is. Any thread. */
enum err net_reload(struct net *net, char *why, size_t why_size) MUST_CHECK;
/* Before net_drain(), where other servers go on: refuses new live connections, closes others after
 * their answer, and sends members away one after the other from `first` (the clock's monotonic
 * time) on, within spread. Returns at once; net_left() says when nobody is there. Main thread. */
void net_leave(struct net *net, int64_t first, int64_t spread);
bool net_left(const struct net *net);
/* Refuses new work, says good-bye, waits at most ms, then closes everything. Main thread. */
void net_drain(struct net *net, int ms);
void net_free(struct net *net);

/* Where a handle's connection lives. */
#define NET_HANDLE_LOOP(conn) ((int)((conn) >> 56))

#endif
