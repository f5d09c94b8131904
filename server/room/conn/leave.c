/* How a connection leaves a session: by a command, by being let into another one, or by its end. */
#include "base/json.h"
#include "base/mem.h"
#include "room/conn/clients.h"
#include "room/encode.h"
#include <string.h>

static const struct id nothing;

static struct leave *leave_new(struct dispatch *home, const struct id *session, uint64_t conn,
                               int64_t at, int64_t gone)
{
    struct leave *leave = mem_new(sizeof *leave);
    leave->message.deliver = rooms_leave;
    leave->home = home;
    leave->session = *session;
    leave->conn = conn;
    leave->at = at;
    leave->gone = gone;
    return leave;
}

/* On purpose, at this instant; to where it is let in just now, if moves. */
static void depart(struct connections *cs, struct client *client, bool moves)
{
    int64_t now = clock_now_us(cs->dispatch->config.clock);
    struct leave *leave = leave_new(client->home, &client->session, client->handle, now, now);
    leave->on_purpose = true;
    if (moves) {
        leave->next = client->joining_home;
        leave->next_session = client->joining_session;
    }
    client->home = NULL;
    dispatch_post(cs->dispatch, leave->home, &leave->message);
}

void client_enter(struct connections *cs, struct client *client, const char *place)
{
    bool stays = client->home && id_equal(&client->session, &client->joining_session);
    if (client->home && !stays)
        depart(cs, client, true);
    client->home = client->joining_home;
    client->session = client->joining_session;
    client->who.roles = client->joining_roles;
    client->until = client->joining_until;
    memcpy(client->place, place, PLACE_SIZE);
    client->joining = JOIN_NONE;
    client->joining_home = NULL;
    client_settle(cs, client);
}

void client_gone(struct connections *cs, struct client *client, int64_t last_rx, int64_t gone)
{
    if (client->publishing) {
        publisher_gone(cs, client);
        return;
    }
    if (client->home)
        dispatch_post(
            cs->dispatch, client->home,
            &leave_new(client->home, &client->session, client->handle, last_rx, gone)->message);
    if (client->joining == JOIN_ASKING)
        dispatch_post(cs->dispatch, client->joining_home,
                      &leave_new(client->joining_home, &client->joining_session, client->handle,
                                 last_rx, gone)
                           ->message);
}

/* --- the commands --- */

static bool is_empty(struct connections *cs, struct client *client, int64_t request, json_t *data)
{
    struct json_reader r = json_reader(data);
    if (json_reader_end(&r))
        return true;
    client_send(cs, client, encode_field_error(request, r.field, r.reason));
    return false;
}

void client_leave_session(struct connections *cs, struct client *client, int64_t request,
                          json_t *data)
{
    if (!is_empty(cs, client, request, data))
        return;
    if (client->joining != JOIN_NONE) { /* where it will be is not known yet */
        client_send(cs, client, encode_error(request, err_code(ERR_BUSY)));
        return;
    }
    if (client->home) {
        client = hub_move(cs, client, &cs->lobby);
        if (!client)
            return;
        depart(cs, client, false);
        client_settle(cs, client);
    }
    client_send(cs, client, encode_ok(request, NULL));
}

void client_leave_congress(struct connections *cs, struct client *client, int64_t request,
                           json_t *data)
{
    if (!is_empty(cs, client, request, data))
        return;
    client->congress = nothing;
    client->congress_until = 0;
    client_settle(cs, client);
    client_send(cs, client, encode_ok(request, NULL));
}
