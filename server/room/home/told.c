/* News that is in no log (tell.h), as it arrives at a loop: for its rooms, and who may no longer be
 * here for its connections. */
#include "base/mem.h"
#include "room/home/home.h"
#include <stdlib.h>
#include <string.h>

#define NEWS_MOST 1000 /* kept while a room opens */

void news_free(struct news *news)
{
    json_decref(news->data);
    free(news->topic);
    free(news);
}

/* Every room with connections may have the person. */
static bool scope_has(const struct room *room, const struct scope *scope)
{
    switch (scope->kind) {
    case SCOPE_SESSION:
        return id_equal(&scope->id, &room->session);
    case SCOPE_CONGRESS:
        return id_equal(&scope->id, &room->congress);
    case SCOPE_PERSON:
    case SCOPE_ALL:
        break;
    }
    return true;
}

/* --- delivery --- */

/* True for what is not for features. */
static bool of_other_nodes(struct room *room, const struct news *news)
{
    if (strcmp(news->topic, OTHERS) == 0) {
        others_told(room, news->data);
    } else if (strcmp(news->topic, FAR_HERE) == 0) {
        far_media_here(room, news->data);
    } else if (strcmp(news->topic, "nodes.gone") == 0) {
        others_node_gone(room, news->data);
    } else {
        if (strcmp(news->topic, "nodes.missed") == 0) {
            others_want(room, json_integer_value(json_object_get(news->data, "from")));
            room_look(room, true);
        }
        return false;
    }
    return true;
}

void room_told(struct room *room, const struct news *news)
{
    if (!scope_has(room, &news->scope) || of_other_nodes(room, news))
        return;
    for (const struct feature *const *f = room->own->home->config.features; *f; f++) {
        if ((*f)->told)
            (*f)->told(room, news->topic, news->data);
    }
}

static struct news *copy_of(const struct news *news)
{
    struct news *copy = mem_new(sizeof *copy);
    copy->scope = news->scope;
    copy->topic = mem_strdup(news->topic);
    copy->data = json_incref(news->data); /* of this thread from here on */
    return copy;
}

/* What is being read may be older than the news, and whose the room is may not be known yet. */
static void keep(struct room_private *own, const struct news *news)
{
    if (own->news_count == NEWS_MOST) {
        own->news_lost = true;
        return;
    }
    list_append(&own->news, &copy_of(news)->node);
    own->news_count++;
}

static void arrive(struct room *room, const struct news *news)
{
    if (room->own->phase == ROOM_OPEN)
        room_told(room, news);
    else if (room->own->phase == ROOM_OPENING)
        keep(room->own, news);
}

void rooms_told(struct message *message)
{
    struct news *news = container_of(message, struct news, message);
    struct rooms *rooms = news->home->rooms;
    if (connections_told(news->home, news)) {
        news_free(news);
        return;
    }
    if (news->scope.kind == SCOPE_SESSION) {
        struct room *room = map_get(&rooms->by_session, &news->scope.id);
        if (room)
            arrive(room, news);
    } else {
        list_for_each(node, &rooms->all) arrive(container_of(node, struct room, node), news);
    }
    news_free(news);
}
