/* What happens to recordings, as the session's log has it. */
#include "features/recording/recording_room.h"
#include "room/media.h"
#include <string.h>

static struct id id_of(const struct event *event, const char *field)
{
    const char *text = json_string_value(json_object_get(event->payload, field));
    struct id id = {0};
    return text && id_parse(text, &id) ? id : (struct id){0};
}

struct id recording_person_of(const struct room *room, const struct event *event)
{
    (void)room;
    return id_of(event, "person");
}

void recording_apply_started(struct room *room, struct event *event)
{
    struct recording_state *s = &recording_room_of(room)->state;
    s->running = id_of(event, "recording");
    s->started_at = event->at;
    room_media_anew(room, NULL);
}

void recording_apply_stopped(struct room *room, struct event *event)
{
    struct recording_state *s = &recording_room_of(room)->state;
    struct id recording = id_of(event, "recording");
    if (recording_recorder())
        recorder_end(recording_recorder(), &recording, NULL);
    if (id_equal(&s->running, &recording))
        s->running = (struct id){0};
}

/* Who no longer agrees is not written any more; what was is deleted by who said it. */
void recording_apply_consented(struct room *room, struct event *event)
{
    struct recording_state *s = &recording_room_of(room)->state;
    struct id person = id_of(event, "person");
    bool given = json_is_true(json_object_get(event->payload, "given"));
    recording_said(s, &person, given);
    if (given)
        room_media_anew(room, &person);
    else if (recording_runs(s) && recording_recorder())
        recorder_end(recording_recorder(), &s->running, &person);
}

void recording_apply_set(struct room *room, struct event *event)
{
    recording_room_of(room)->state.automatic =
        json_is_true(json_object_get(event->payload, "automatic"));
}

json_t *recording_encode_started(const struct room *room, const struct event *event)
{
    char recording[ID_TEXT_SIZE], at[TIME_TEXT_SIZE];
    struct id id = id_of(event, "recording");
    (void)room;
    return json_pack("{s:s,s:s}", "recording", id_text(&id, recording), "at",
                     time_text(event->at, at));
}

/* Sessions begin and end by whomever: a recording that is set to begins and ends with them. */
void recording_room_event(struct room *room, const struct event *event)
{
    struct recording_state *s = &recording_room_of(room)->state;
    if (strcmp(event->type->name, "session.started") == 0 && s->automatic)
        recording_start_soon(room->app, &room->session);
}
