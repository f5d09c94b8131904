/* Who on the stage is heard and seen, who is there at all, and who was lost: whoever publishes no
 * more, or has no connection and never did, is off the stage after a minute. */
#include "base/clock.h"
#include "base/mem.h"
#include "features/stage/stage_room.h"
#include "room/others.h"
#include "room/tell.h"
#include <stdlib.h>

#define LOST_US  (60 * US_PER_S)
#define RETRY_US US_PER_S

/* --- what is passed on --- */

struct media_rights stage_media_rights(struct room *room, const struct identity *who)
{
    struct stage_set *set = &stage_room_of(room)->set;
    const struct stage_person *p = stage_find(set, &who->person);
    bool staff = who->roles & ROLE_STAFF;
    if (!p || !stage_is_in(p))
        return (struct media_rights){.crew = staff};
    bool all = p->place == STAGE_ON && room->state == SESSION_LIVE;
    return (struct media_rights){.scope = all ? MEDIA_TO_ALL : MEDIA_TO_CREW,
                                 .voice = !p->muted,
                                 .camera = p->picture && !p->camera_off,
                                 .screen = p->screen,
                                 .spotlight = id_equal(&set->spotlight, &p->id),
                                 .crew = true};
}

void stage_speaking(struct room *room, const struct id *person, int stream)
{
    json_t *who = person ? stage_id_json(person) : json_null();
    room_push_state(room, "stage.speaking", "", ROLE_ANY,
                    json_pack("{s:o,s:o}", "person", who, "stream",
                              person ? json_integer(stream) : json_null()));
}

/* --- who is there --- */

static bool is_here(const struct room *room, const struct id *person)
{
    list_for_each(node,
                  &room->members) if (id_equal(&container_of(node, struct member, node)->who.person,
                                               person)) return true;
    return others_have(room, person);
}

void stage_publishing(struct room *room, const struct id *person, int stream)
{
    struct stage_person *p = stage_find(&stage_room_of(room)->set, person);
    char key[ID_TEXT_SIZE], at[TIME_TEXT_SIZE];
    if (!p || !stage_is_in(p))
        return;
    json_t *data = json_pack("{s:o,s:o}", "person", stage_id_json(person), "stream",
                             stream < 0 ? json_null() : json_integer(stream));
    p->seen.lost_at = stream < 0 ? room_now(room) : 0;
    p->seen.away_at = 0;
    if (stream < 0)
        json_object_set_new(data, "lost_at", json_string(time_text(p->seen.lost_at, at)));
    room_push_state(room, "stage.streams", id_text(person, key), ROLE_ANY, data);
}

/* Of one who comes, or whom the room finds when it opens. */
void stage_live_begin(struct room *room, struct stage_person *p)
{
    p->seen.away_at = is_here(room, &p->id) ? 0 : room_now(room);
}

void stage_live_end(struct room *room, const struct id *person)
{
    char key[ID_TEXT_SIZE];
    room_drop_state(room, "stage.streams", id_text(person, key));
}

static void note(struct room *room, const struct id *person, int64_t away_at)
{
    struct stage_room *s = stage_room_of(room);
    struct stage_person *p = stage_find(&s->set, person);
    struct stage_hand *hand = stage_room_hand(s, person);
    /* Whether they are still there by another connection is asked for these few alone. */
    if ((!p && !hand) || (away_at && is_here(room, person)))
        return;
    if (p)
        p->seen.away_at = away_at;
    if (hand)
        hand->away_at = away_at;
}

void stage_member_join(struct room *room, struct member *member)
{
    note(room, &member->who.person, 0);
}

void stage_member_leave(struct room *room, struct member *member, struct departure *departure)
{
    (void)departure;
    note(room, &member->who.person, room_now(room));
}

void stage_other_enter(struct room *room, const struct other *other)
{
    note(room, &other->person, 0);
}

void stage_other_leave(struct room *room, const struct other *other)
{
    note(room, &other->person, room_now(room));
}

/* --- who is lost --- */

struct loss {
    struct lane_item item;
    struct room *room;
    struct change change;
    struct id session, person;
};

static enum err run(struct db_conn *c, struct lane_item *item)
{
    struct loss *loss = container_of(item, struct loss, item);
    change_reset(&loss->change);
    return stage_lose(c, &loss->change, &loss->session, &loss->person);
}

static const struct lane_kind loss_kind = {.name = "stage.lose", .run_each = run, .locks = true};

static void on_done(struct lane_item *item)
{
    struct loss *loss = container_of(item, struct loss, item);
    struct room *room = loss->room;
    struct stage_room *s = stage_room_of(room);
    s->losing = false;
    s->retry_at = room_now(room) + RETRY_US; /* by then its events are applied */
    if (item->err == ERR_OK)
        tell_committed(room->app, &loss->change.events);
    else
        tell_unknown(room->app, &loss->change.events);
    room_let_go(room);
    free(loss);
}

static void lose(struct room *room, const struct id *person)
{
    struct stage_room *s = stage_room_of(room);
    struct loss *loss = mem_new(sizeof *loss);
    loss->item.kind = &loss_kind;
    loss->item.done = on_done;
    loss->room = room;
    loss->session = room->session;
    loss->person = *person;
    change_init(&loss->change, room->app, NULL, room_now(room));
    if (!room->lane || lane_submit(room->lane, &loss->item) != ERR_OK) {
        s->retry_at = room_now(room) + RETRY_US;
        free(loss);
        return;
    }
    s->losing = true;
    room_hold(room);
}

static bool is_over(int64_t since, int64_t now)
{
    return since && now - since >= LOST_US;
}

/* Of one whose page another node has, that node says whether they are lost. */
static bool is_lost(const struct room *room, const struct stage_person *p, int64_t now)
{
    return is_over(p->seen.away_at, now) ||
           (is_over(p->seen.lost_at, now) && !others_have(room, &p->id));
}

/* One after the other. */
void stage_room_tick(struct room *room)
{
    struct stage_room *s = stage_room_of(room);
    int64_t now = room_now(room);
    if (s->losing || now < s->retry_at)
        return;
    for (int i = 0; i < s->set.n; i++) {
        const struct stage_person *p = &s->set.people[i];
        if (stage_is_in(p) && is_lost(room, p, now)) {
            lose(room, &p->id);
            return;
        }
    }
    for (size_t i = 0; i < s->hands.n; i++) {
        if (is_over(s->hands.items[i].away_at, now)) {
            lose(room, &s->hands.items[i].person);
            return;
        }
    }
}
