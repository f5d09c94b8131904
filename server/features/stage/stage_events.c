/* What happens on the stage, as the session's log has it. The log is for ever, so it holds ids: the
 * names stay in rows where they can be erased, and the worker attaches them. */
#include "base/mem.h"
#include "features/stage/stage_room.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct id id_of(const struct event *event, const char *field)
{
    const char *text = json_string_value(json_object_get(event->payload, field));
    struct id id = {0};
    return text && id_parse(text, &id) ? id : (struct id){0};
}

struct id stage_person_of(const struct room *room, const struct event *event)
{
    (void)room;
    return id_of(event, "person");
}

static enum err attach_who(struct db_conn *c, struct event *event, bool staff)
{
    struct id person = id_of(event, "person");
    struct stage_who *who = event->attached = mem_new(sizeof *who);
    return stage_who(c, &event->session, &person, staff, event->at, who);
}

enum err stage_attach(struct db_conn *c, struct event *event)
{
    struct stage_person p;
    return stage_payload_read(event->payload, &p) ? attach_who(c, event, p.staff) : ERR_OK;
}

enum err hand_attach(struct db_conn *c, struct event *event)
{
    return attach_who(c, event, false);
}

/* --- the people --- */

void stage_apply_person(struct room *room, struct event *event)
{
    struct stage_person p;
    if (!stage_payload_read(event->payload, &p))
        return;
    if (event->attached)
        p.who = *(const struct stage_who *)event->attached;
    struct stage_set *set = &stage_room_of(room)->set;
    struct stage_person *there = stage_find(set, &p.id);
    if (there && stage_is_in(there))
        p.seen = there->seen;
    else
        stage_live_begin(room, &p);
    stage_put(set, &p);
    room_media_changed(room, &p.id);
}

json_t *stage_encode_person(const struct room *room, const struct event *event)
{
    struct id id = id_of(event, "person");
    const struct stage_person *p = stage_find(&stage_room_of(room)->set, &id);
    return p ? json_pack("{s:o}", "person", stage_person_json(p)) : NULL;
}

void stage_apply_gone(struct room *room, struct event *event)
{
    struct id id = id_of(event, "person");
    stage_take_off(&stage_room_of(room)->set, &id);
    stage_live_end(room, &id);
    room_media_changed(room, &id);
}

void stage_apply_spotlight(struct room *room, struct event *event)
{
    stage_room_of(room)->set.spotlight = id_of(event, "person");
    room_media_changed(room, NULL);
}

void stage_apply_layout(struct room *room, struct event *event)
{
    const char *word = json_string_value(json_object_get(event->payload, "layout"));
    for (int i = 0; word && stage_layout_words[i]; i++)
        if (strcmp(stage_layout_words[i], word) == 0)
            stage_room_of(room)->set.layout = (enum stage_layout)i;
}

/* --- hands --- */

void hand_apply_raised(struct room *room, struct event *event)
{
    struct stage_room *s = stage_room_of(room);
    struct stage_hand hand = {.person = id_of(event, "person"), .at = event->at};
    if (stage_room_hand(s, &hand.person))
        return;
    if (event->attached)
        snprintf(hand.name, sizeof hand.name, "%s",
                 ((const struct stage_who *)event->attached)->name);
    s->hands.items = mem_resize(s->hands.items, (s->hands.n + 1) * sizeof hand);
    s->hands.items[s->hands.n++] = hand;
}

static void lower(struct stage_room *s, const struct id *person)
{
    struct stage_hand *hand = stage_room_hand(s, person);
    if (!hand)
        return;
    size_t after = (size_t)(&s->hands.items[s->hands.n] - (hand + 1));
    memmove(hand, hand + 1, after * sizeof *hand);
    s->hands.n--;
}

void hand_apply_lowered(struct room *room, struct event *event)
{
    struct id id = id_of(event, "person");
    lower(stage_room_of(room), &id);
}

json_t *hand_encode_raised(const struct room *room, const struct event *event)
{
    struct id id = id_of(event, "person");
    const struct stage_hand *hand = stage_room_hand(stage_room_of(room), &id);
    return hand ? json_pack("{s:o}", "hand", stage_hand_json(hand)) : NULL;
}

/* --- a person was renamed or erased --- */

/* Whether HCPs know of them, staff do in any case. */
static bool rename_or_drop(struct stage_room *s, const struct id *person, const char *name)
{
    struct stage_person *p = stage_find(&s->set, person);
    struct stage_hand *hand = stage_room_hand(s, person);
    bool shown = p && stage_is_in(p);
    if (name && p)
        snprintf(p->who.name, sizeof p->who.name, "%s", name);
    if (name && hand)
        snprintf(hand->name, sizeof hand->name, "%s", name);
    if (name)
        return shown;
    stage_take_off(&s->set, person);
    lower(s, person);
    if (id_equal(&s->set.spotlight, person))
        s->set.spotlight = (struct id){0};
    return shown;
}

static void tell_of(struct room *room, const struct event *event, const struct id *person,
                    unsigned audience)
{
    json_t *data = json_pack("{s:o}", "person", stage_id_json(person));
    const char *name = event->attached;
    if (name)
        json_object_set_new(data, "name", json_string(name));
    room_tell_event(room, event, name ? "stage.renamed" : "stage.erased", audience, data);
}

void stage_room_event(struct room *room, const struct event *event)
{
    struct stage_room *s = stage_room_of(room);
    struct id person = id_of(event, "registration");
    if (strncmp(event->type->name, "session.", 8) == 0)
        room_media_changed(room, NULL); /* live, or no more */
    if (strncmp(event->type->name, "person.", 7) != 0 ||
        (!stage_find(&s->set, &person) && !stage_room_hand(s, &person)))
        return;
    bool shown = rename_or_drop(s, &person, event->attached);
    if (!event->attached)
        stage_live_end(room, &person);
    room_media_changed(room, &person);
    tell_of(room, event, &person, ROLE_STAFF);
    if (shown)
        tell_of(room, event, &person, ROLE_HCP);
}
