/* A whole server without a database in this process: real sockets, loops, rooms. A feature of the
 * test's own lets staff publish live media; a token's first letter says what somebody is,
 * the four after it who. */
#ifndef AMPHI_TESTS_STUDIO_H
#define AMPHI_TESTS_STUDIO_H

#include "base/app.h"
#include "harness/net_client.h"
#include "net/net.h"

#define STUDIO_LOOPS 2 /* at most */

struct studio {
    struct app app;
    struct clock clock;
    struct event_catalog *catalog;
    struct rate_table *rates;
    struct net *net;
    struct loop *loops[STUDIO_LOOPS];
    struct dispatch *dispatchers[STUDIO_LOOPS];
    struct id session;
    char folder[64], certificate[256], key[256];
    bool tls, drained;
    int loop_count, port;
};

/* somebody_may: the feature lets publish; else nobody may, as in a server without such a feature.
 */
struct studio *studio_open(bool tls, bool somebody_may);
/* One loop, to be measured; somebody may. NULL, NULL: without TLS. */
struct studio *studio_measured(const char *certificate, const char *key);
void studio_drain(struct studio *s);
void studio_close(struct studio *s);

/* letter 'A' to 'Z': a host of that name; 'a' to 'z': an HCP. */
void studio_member(struct studio *s, struct peer *c, char letter);
/* At the door for media; the upgrade's status, and after 101 the greeting was read. */
int studio_door(struct studio *s, struct peer *c, char letter);
/* session.publish: "" or the code of the refusal. */
const char *studio_publish(struct studio *s, struct peer *c);
struct id studio_person(char letter);

#endif
