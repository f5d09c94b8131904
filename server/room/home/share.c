/* What a room shares with the same session's rooms at other nodes, collected over a turn. */
#include "room/home/home.h"
#include <stdarg.h>
#include <string.h>

#define ROWS_MOST 2000 /* of one message */

static void send(struct room *room, struct share *share)
{
    if (!json_array_size(share->rows))
        return;
    tell_others(room->app, scope_session(&room->session), share->topic,
                json_pack("{s:o}", "rows", share->rows));
    share->rows = json_array();
}

static struct share *share_of(struct room_private *own, const char *topic)
{
    struct share *share = own->shares;
    while (share->topic && strcmp(share->topic, topic) != 0)
        share++;
    if (!share->topic)
        *share = (struct share){topic, json_array()};
    return share;
}

void room_share(struct room *room, const char *topic, const char *pack, ...)
{
    if (!home_has_others(room->own->home))
        return;
    struct share *share = share_of(room->own, topic);
    va_list values;
    va_start(values, pack);
    json_array_append_new(share->rows, json_vpack_ex(NULL, 0, pack, values));
    va_end(values);
    if (json_array_size(share->rows) >= ROWS_MOST)
        send(room, share);
    else
        room_mark(room);
}

void shares_flush(struct room *room)
{
    for (struct share *share = room->own->shares; share->topic; share++)
        send(room, share);
}

void shares_release(struct room_private *own)
{
    for (struct share *share = own->shares; share->topic; share++)
        json_decref(share->rows);
}
