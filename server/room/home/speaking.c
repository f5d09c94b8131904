/* Who speaks, and who is large: the spotlight, else the speaker, else whoever is there first. */
#include "room/home/home.h"

/* Of those whom everybody hears; while nobody is, of those behind the scenes. */
static int group_of_all(const struct room *room)
{
    for (int i = 0; i < ROOM_PUBLISHERS; i++)
        if (room->own->voices[i].group == MEDIA_TO_ALL)
            return MEDIA_TO_ALL;
    return MEDIA_TO_CREW;
}

static void say_speaks(struct room *room, int slot)
{
    const struct id *who = slot < 0 ? NULL : &room->own->publishers[slot].who.person;
    for (const struct feature *const *f = room->own->home->config.features; *f; f++)
        if ((*f)->speaking)
            (*f)->speaking(room, who, slot < 0 ? -1 : slot * MEDIA_OWN_STREAMS);
}

static int large(const struct room *room, int group)
{
    const struct room_private *own = room->own;
    int first = -1;
    for (int i = ROOM_PUBLISHERS - 1; i >= 0; i--) {
        if (own->voices[i].group != group)
            continue;
        if (own->publishers[i].rights.spotlight)
            return i;
        first = i;
    }
    return own->speaker.who >= 0 ? own->speaker.who : first;
}

void speaking_tick(struct room *room)
{
    struct room_private *own = room->own;
    int group = group_of_all(room), before = own->speaker.who;
    media_voices_speaker(own->voices, ROOM_PUBLISHERS, group, home_mono(own->home), &own->speaker);
    if (own->speaker.who != before)
        say_speaks(room, own->speaker.who);
    int slot = large(room, group);
    own->focus = slot < 0 ? MEDIA_NO_FOCUS : (uint16_t)(slot * MEDIA_OWN_STREAMS);
}
