/* A connection that came by the door for media: session.publish, and then the binary frames, which
 * are checked here and travel to the session's home loop. */
#include "base/json.h"
#include "base/mem.h"
#include "media/inlet.h"
#include "room/conn/clients.h"
#include "room/encode.h"
#include <string.h>

struct publishing {
    bool begun; /* the home loop has let it in */
    struct media_inlet inlet;
};

void publisher_new(struct client *client)
{
    client->publishing = mem_new(sizeof *client->publishing);
}

static void begin(struct connections *cs, struct client *client, const struct publish *ask)
{
    client->home = ask->home;
    client->session = ask->session;
    client->until = client->joining_until;
    client->joining = JOIN_NONE;
    client->publishing->begun = true;
    if (cs->wire.publishes)
        cs->wire.publishes(cs->wire.net, client->handle);
    media_inlet_begin(&client->publishing->inlet, ask->first_stream, connections_mono(cs));
    client_settle(cs, client);
    client_send(cs, client,
                encode_ok(ask->request, json_pack("{s:i,s:i}", "stream", (int)ask->first_stream,
                                                  "frame_bytes", MEDIA_FRAME_MOST)));
}

static void send_records(struct connections *cs, struct dispatch *home, const struct id *session,
                         uint64_t conn, struct payload *records, bool ends)
{
    struct records *own = mem_new(sizeof *own);
    own->message.deliver = rooms_records;
    own->home = home;
    own->from = cs->dispatch;
    own->session = *session;
    own->conn = conn;
    own->records = records;
    own->ends = ends;
    if (ends)
        dispatch_post(cs->dispatch, home, &own->message);
    else if (dispatch_try_post(cs->dispatch, home, &own->message) != ERR_OK)
        records_free(own); /* the home loop is behind: viewers see a gap */
}

/* The home loop's answer, on the connection's own loop. */
static void on_answer(struct message *message)
{
    struct publish *ask = container_of(message, struct publish, message);
    struct connections *cs = ask->from->connections;
    struct client *client = client_find(cs, ask->conn);
    if (!client || client->close_code) {
        if (ask->err == ERR_OK)
            send_records(cs, ask->home, &ask->session, ask->conn, NULL, true);
    } else if (ask->err == ERR_OK) {
        begin(cs, client, ask);
    } else {
        client->joining = JOIN_NONE;
        client_settle(cs, client);
        client_send(cs, client, encode_error(ask->request, err_code(ask->err)));
    }
    free(ask);
}

/* Takes join. */
void publisher_checked(struct connections *cs, struct client *client, struct join *join)
{
    struct dispatch *d = cs->dispatch;
    struct publish *ask = mem_new(sizeof *ask);
    ask->message.deliver = rooms_publish;
    ask->answer = on_answer;
    ask->from = d;
    ask->home = dispatch_home(d->peers, d->loops, &join->check.session);
    ask->session = join->check.session;
    ask->conn = client->handle;
    ask->request = join->request;
    ask->who = join->check.who;
    client->joining = JOIN_ASKING;
    client->joining_until = join->check.until;
    join_free(join);
    dispatch_post(d, ask->home, &ask->message);
}

void client_publish(struct connections *cs, struct client *client, int64_t request, json_t *data)
{
    if (client->publishing->begun)
        client_close(cs, client, CLOSE_PROTOCOL, "published already");
    else
        client_join_session(cs, client, request, data);
}

/* --- frames --- */

static uint16_t code_of(enum err err)
{
    return err == ERR_RATE        ? CLOSE_TOO_FAST
           : err == ERR_TOO_LARGE ? CLOSE_TOO_LARGE
                                  : CLOSE_PROTOCOL;
}

void dispatch_conn_media(struct dispatch *d, uint64_t handle, const void *bytes, size_t len)
{
    struct connections *cs = d->connections;
    struct client *client = client_find(cs, handle);
    struct payload *records;
    if (!client || client->close_code || !client->publishing)
        return;
    if (!client->publishing->begun) {
        client_close(cs, client, CLOSE_PROTOCOL, "publish first");
        return;
    }
    enum err err =
        media_inlet_take(&client->publishing->inlet, bytes, len, connections_mono(cs), &records);
    if (err != ERR_OK)
        client_close(cs, client, code_of(err), err == ERR_RATE ? "too fast" : "not as it must be");
    else if (records)
        send_records(cs, client->home, &client->session, handle, records, false);
}

void publisher_gone(struct connections *cs, struct client *client)
{
    if (client->publishing->begun)
        send_records(cs, client->home, &client->session, client->handle,
                     media_inlet_end(&client->publishing->inlet), true);
    client->home = NULL;
    free(client->publishing);
    client->publishing = NULL;
}

/* The room has gone, and with it whoever watched. */
void publisher_over(struct message *message)
{
    struct records *over = container_of(message, struct records, message);
    struct connections *cs = over->from->connections;
    struct client *client = client_find(cs, over->conn);
    if (client && client->publishing)
        client_close(cs, client, CLOSE_GOING_AWAY, "nobody watches");
    records_free(over);
}
