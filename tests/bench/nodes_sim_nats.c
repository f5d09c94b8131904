#include "bench/nodes_sim_nats.h"
#include "base/mem.h"
#include <nats/nats.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define MOST 1024

struct __natsConnection {
    int unused;
};
struct __natsOptions {
    int unused;
};
struct __natsSubscription {
    char prefix[200]; /* of the subject, up to its wildcards */
    natsMsgHandler receive;
    void *arg;
    pthread_mutex_t lock; /* libnats hands over one message at a time */
};
struct __natsMsg {
    const char *subject, *data;
    int len;
};

struct sim_count sim_published, sim_delivered;
bool (*sim_lose)(int subscription);
static struct __natsSubscription *all[MOST];
static int n;

static void count(struct sim_count *c, size_t bytes)
{
    atomic_fetch_add(&c->messages, 1);
    atomic_fetch_add(&c->bytes, bytes);
}

natsStatus natsConnection_Publish(natsConnection *nc, const char *subject, const void *data,
                                  int len)
{
    size_t bytes = strlen(subject) + (size_t)len + SIM_FRAME_BYTES;
    (void)nc;
    for (int i = 0; i < n; i++) {
        if (strncmp(subject, all[i]->prefix, strlen(all[i]->prefix)) != 0 ||
            (sim_lose && sim_lose(i)))
            continue;
        count(&sim_delivered, bytes);
        struct __natsMsg msg = {.subject = subject, .data = data, .len = len};
        pthread_mutex_lock(&all[i]->lock);
        all[i]->receive(NULL, NULL, &msg, all[i]->arg);
        pthread_mutex_unlock(&all[i]->lock);
    }
    count(&sim_published, bytes); /* once it is delivered */
    return NATS_OK;
}

natsStatus natsConnection_Subscribe(natsSubscription **sub, natsConnection *nc, const char *subject,
                                    natsMsgHandler cb, void *arg)
{
    (void)nc;
    struct __natsSubscription *s = mem_new(sizeof *s);
    strncpy(s->prefix, subject, sizeof s->prefix - 1);
    *strchr(s->prefix, '*') = '\0';
    s->receive = cb;
    s->arg = arg;
    pthread_mutex_init(&s->lock, NULL);
    if (n < MOST)
        all[n++] = s;
    *sub = s;
    return NATS_OK;
}

natsStatus natsConnection_Connect(natsConnection **nc, natsOptions *options)
{
    static struct __natsConnection one;
    (void)options;
    *nc = &one;
    return NATS_OK;
}

const char *natsMsg_GetSubject(const natsMsg *msg)
{
    return msg->subject;
}

const char *natsMsg_GetData(const natsMsg *msg)
{
    return msg->data;
}

int natsMsg_GetDataLength(const natsMsg *msg)
{
    return msg->len;
}

void natsMsg_Destroy(natsMsg *msg)
{
    (void)msg; /* the publisher's */
}

natsConnStatus natsConnection_Status(natsConnection *nc)
{
    (void)nc;
    return NATS_CONN_STATUS_CONNECTED;
}

natsStatus natsSubscription_SetPendingLimits(natsSubscription *sub, int messages, int bytes)
{
    (void)sub, (void)messages, (void)bytes;
    return NATS_OK;
}
