#include "features/recording/recording_room.h"
#include "base/mem.h"
#include <string.h>

struct recording_room *recording_room_of(const struct room *room)
{
    return room_get(room, &recording_feature);
}

/* --- opening and closing --- */

void recording_room_drop(void *loaded)
{
    free(loaded);
}

enum err recording_room_load(struct db_conn *c, const struct id *session, void **loaded)
{
    struct recording_room *own = mem_new(sizeof *own);
    enum err err = recording_load(c, session, &own->state);
    if (err == ERR_OK)
        *loaded = own;
    else
        free(own);
    return err;
}

void recording_room_take(struct room *room, void *loaded)
{
    room_set(room, &recording_feature, loaded ? loaded : mem_new(sizeof(struct recording_room)));
}

/* What is open on the disk is closed; the recording goes on when somebody comes back. */
void recording_room_close(struct room *room)
{
    struct recording_state *s = &recording_room_of(room)->state;
    for (size_t i = 0; recording_runs(s) && recording_recorder() && i < s->n; i++)
        recorder_end(recording_recorder(), &s->running, &s->people[i].person);
    recording_room_drop(recording_room_of(room));
}

/* --- what is said --- */

static json_t *running_json(const struct recording_state *s)
{
    char recording[ID_TEXT_SIZE], at[TIME_TEXT_SIZE];
    if (!recording_runs(s))
        return json_null();
    return json_pack("{s:s,s:s}", "recording", id_text(&s->running, recording), "at",
                     time_text(s->started_at, at));
}

void recording_room_snapshot(struct room *room, unsigned audience, json_t *common)
{
    struct recording_state *s = &recording_room_of(room)->state;
    json_t *agreed = json_array();
    for (size_t i = 0; (audience & ROLE_STAFF) && i < s->n; i++) {
        char text[ID_TEXT_SIZE];
        if (s->people[i].given)
            json_array_append_new(agreed, json_string(id_text(&s->people[i].person, text)));
    }
    json_object_set_new(common, "recording",
                        json_pack("{s:o,s:b,s:o}", "running", running_json(s), "automatic",
                                  s->automatic, "agreed", agreed));
}

void recording_room_snapshot_own(struct room *room, const struct member *member, json_t *own)
{
    struct recording_consent *said =
        recording_person(&recording_room_of(room)->state, &member->who.person);
    json_object_set_new(
        own, "recording",
        json_pack("{s:o}", "agreed", said ? json_boolean(said->given) : json_null()));
}

/* --- what is recorded --- */

void recording_room_records(struct room *room, const struct identity *who, struct payload *records)
{
    struct recording_state *s = &recording_room_of(room)->state;
    struct recorder *recorder = recording_recorder();
    if (!recorder || !recording_runs(s))
        return;
    struct recording_consent *said = recording_person(s, &who->person);
    if (said && said->given)
        recorder_put(recorder, &s->running, &who->person, room_now(room), records);
}
