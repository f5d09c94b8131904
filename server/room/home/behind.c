/* Commands that what the room knows would refuse, while another node may have committed what they
 * refer to: whoever was told of it there, or by HTTP, may be faster than the news of it. They wait
 * for one look into the log, and are decided again; that decision stands. */
#include "room/home/home.h"
#include <string.h>

#define WAIT_US (2 * US_PER_S) /* for a look; then what the room knows has to do */

static struct call_message *message_of(struct list *node)
{
    return container_of(node, struct call_message, behind);
}

/* What is refused for what the session has, or has not. */
static bool is_of_the_session(const char *code)
{
    static const char *const others[] = {"server.", "auth.", "rate.", "request."};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strncmp(code, others[i], strlen(others[i])) == 0)
            return false;
    return true;
}

void behind_decide(struct room *room, struct call_message *own)
{
    struct door *door = &room->own->door;
    door->deciding = own;
    own->command->handle(&own->call); /* may free it */
    door->deciding = NULL;
}

bool behind_keep(struct call *call, const char *code)
{
    struct room *room = call->room;
    struct door *door = &room->own->door;
    struct call_message *own = container_of(call, struct call_message, call);
    if (door->deciding != own || !room->lane || !home_has_others(room->own->home) ||
        !is_of_the_session(code))
        return false;
    door->deciding = NULL;
    own->look = door->looks + 1; /* one that is under way may have read too early */
    own->since = home_mono(room->own->home);
    list_append(&door->behind, &own->behind);
    room_look(room, false);
    return true;
}

static void decide_again(struct room *room, struct call_message *own)
{
    list_remove(&own->behind);
    if (list_empty(&own->node)) { /* it left meanwhile, and was told so */
        call_free(&own->call);
        room_let_go(room);
        return;
    }
    own->command->handle(&own->call);
}

void behind_tick(struct room *room)
{
    struct door *door = &room->own->door;
    int64_t oldest = home_mono(room->own->home) - WAIT_US;
    while (!list_empty(&door->behind)) {
        struct call_message *own = message_of(door->behind.next);
        if (own->look > door->looked && own->since > oldest)
            return;
        decide_again(room, own);
    }
}

void behind_release(struct door *door)
{
    struct list *node;
    while ((node = list_take_first(&door->behind)))
        call_free(&message_of(node)->call);
}
