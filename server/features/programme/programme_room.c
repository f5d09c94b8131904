/* The programme in a live room: part of the snapshot, new with each change. Home loop, but for what
 * reads it. */
#include "features/programme/programme.h"
#include "features/programme/programme_store.h"

static json_t *nothing(void)
{
    return json_pack("{s:[],s:[]}", "speakers", "talks");
}

enum err programme_load(struct db_conn *c, const struct id *session, void **loaded)
{
    json_t *shown = NULL;
    enum err err = programme_shown(c, session, &shown);
    if (err == ERR_OK)
        *loaded = shown;
    return err;
}

void programme_drop(void *loaded)
{
    json_decref(loaded);
}

void programme_take(struct room *room, void *loaded)
{
    room_set(room, &programme_feature, loaded ? loaded : nothing());
}

void programme_close(struct room *room)
{
    json_decref(room_get(room, &programme_feature));
}

void programme_snapshot(struct room *room, unsigned audience, json_t *common)
{
    (void)audience;
    json_object_set(common, "programme", room_get(room, &programme_feature));
}

/* --- programme.changed: names are not in the log, so what is attached is as it is now --- */

enum err programme_attach(struct db_conn *c, struct event *event)
{
    json_t *shown = NULL;
    enum err err = programme_shown(c, &event->session, &shown);
    event->attached = shown;
    return err;
}

void programme_release(void *attached)
{
    json_decref(attached);
}

void programme_apply(struct room *room, struct event *event)
{
    if (!event->attached)
        return;
    json_decref(room_get(room, &programme_feature));
    room_set(room, &programme_feature, json_incref(event->attached));
}

json_t *programme_encode(const struct room *room, const struct event *event)
{
    (void)event;
    return json_pack("{s:O}", "programme", room_get(room, &programme_feature));
}
