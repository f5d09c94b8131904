/* News that is for connections, not for rooms (tell.h): sign-ins that ended and roles that changed
 * while they are open, and notices of the congress that they follow. */
#include "room/conn/clients.h"
#include "room/encode.h"
#include <string.h>

/* Whose connections are meant: of one browser, or of several people with all their browsers. */
struct revoked {
    bool sign_ins; /* ids are those of sign-ins, else of people */
    int64_t xid;   /* whoever knows what this transaction changed is not meant; 0: all are */
    struct map ids;
};

static void add(struct revoked *revoked, const json_t *name)
{
    const char *text = json_string_value(name);
    struct id id;
    if (text && id_parse(text, &id))
        map_put(&revoked->ids, &id, revoked);
}

static void read_revoked(const json_t *data, struct revoked *revoked)
{
    const json_t *named = json_object_get(data, "sign_in"), *name;
    size_t i;
    revoked->sign_ins = named != NULL;
    revoked->xid = json_integer_value(json_object_get(data, "xid"));
    map_init(&revoked->ids);
    if (!named)
        named = json_object_get(data, "person");
    if (!json_is_array(named))
        add(revoked, named);
    json_array_foreach(named, i, name) add(revoked, name);
}

static bool is_revoked(const struct revoked *revoked, const struct identity *who)
{
    if (revoked->xid && who->horizon > revoked->xid)
        return false;
    return who->roles && /* else not known yet */
           map_get(&revoked->ids, revoked->sign_ins ? &who->sign_in : &who->person);
}

static void on_revoked(struct dispatch *d, const json_t *data)
{
    struct connections *cs = d->connections;
    bool again = json_is_true(json_object_get(data, "again"));
    struct revoked revoked;
    struct client *client;
    size_t cursor = 0;
    read_revoked(data, &revoked);
    while ((client = map_next(&cs->clients, &cursor))) {
        if (client->joining == JOIN_CHECKING) /* its look-up may have read what was before */
            client->check_again = true;
        if (is_revoked(&revoked, &client->who))
            client_close(cs, client, again ? CLOSE_GOING_AWAY : CLOSE_NOT_SIGNED_IN,
                         again ? "roles changed" : "signed out");
    }
    map_release(&revoked.ids);
}

static void on_notice(struct dispatch *d, const struct id *congress, json_t *data)
{
    struct connections *cs = d->connections;
    struct payload *frame = encode_json(json_incref(data)); /* one for all */
    struct client *client;
    size_t cursor = 0;
    while ((client = map_next(&cs->clients, &cursor))) {
        if (!client->close_code && id_equal(&client->congress, congress))
            client_send(cs, client, payload_ref(frame));
    }
    payload_unref(frame);
}

bool connections_told(struct dispatch *d, const struct news *news)
{
    if (strcmp(news->topic, "revoked") == 0)
        on_revoked(d, news->data);
    else if (strcmp(news->topic, "notice") == 0)
        on_notice(d, &news->scope.id, news->data);
    else
        return false;
    return true;
}
