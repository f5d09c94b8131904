/* News that is for connections, not for rooms (tell.h): sign-ins that ended and roles that changed
 * while they are open, and notices of the congress that they follow. */
#include "room/conn/clients.h"
#include "room/encode.h"
#include <string.h>

static bool names(const json_t *data, const char *field, const struct id *id)
{
    const char *text = json_string_value(json_object_get(data, field));
    struct id named;
    return text && id_parse(text, &named) && id_equal(&named, id);
}

/* One browser signed out, or all of the person's. */
static bool is_revoked(const json_t *data, const struct identity *who)
{
    if (!who->roles)
        return false; /* not known yet */
    if (json_object_get(data, "sign_in"))
        return names(data, "sign_in", &who->sign_in);
    return names(data, "person", &who->person);
}

static void on_revoked(struct dispatch *d, const json_t *data)
{
    struct connections *cs = d->connections;
    bool again = json_is_true(json_object_get(data, "again"));
    struct client *client;
    size_t cursor = 0;
    while ((client = map_next(&cs->clients, &cursor))) {
        if (client->joining == JOIN_CHECKING) /* its look-up may have read what was before */
            client->check_again = true;
        if (is_revoked(data, &client->who))
            client_close(cs, client, again ? CLOSE_GOING_AWAY : CLOSE_NOT_SIGNED_IN,
                         again ? "roles changed" : "signed out");
    }
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
