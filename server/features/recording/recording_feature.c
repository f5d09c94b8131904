/* What recording declares: see room/feature.h. */
#include "features/recording/recording_film_store.h"
#include "features/recording/recording_room.h"
#include "features/recording/recording_routes.h"

#define LEADERS (ROLE_ORGANISER | ROLE_HOST)

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/sessions/{session}/recordings",
     .roles = LEADERS,
     .thing = "session",
     .handle = get_recordings},
    {.method = "PUT",
     .pattern = "/api/sessions/{session}/recording",
     .roles = LEADERS,
     .thing = "session",
     .handle = put_recording},
    {.method = "DELETE",
     .pattern = "/api/recordings/{recording}",
     .roles = ROLE_ORGANISER,
     .thing = "recording",
     .fresh = true,
     .handle = delete_recording},
    {.method = "POST",
     .pattern = "/api/recordings/{recording}/film",
     .roles = LEADERS,
     .thing = "recording",
     .handle = post_film},
    {.method = "GET",
     .pattern = "/api/recordings/{recording}/film.webm",
     .roles = LEADERS,
     .thing = "recording",
     .fresh = true,
     .handle = get_film},
    {0},
};

static const struct command commands[] = {
    {.name = "recording.start",
     .roles = LEADERS,
     .what = "Those on the stage who agreed are recorded, as everybody hears them",
     .data = "{}",
     .handle = recording_start_command},
    {.name = "recording.stop", .roles = LEADERS, .data = "{}", .handle = recording_stop_command},
    {.name = "recording.consent",
     .roles = ROLE_ANY,
     .what = "One's own, for this session; taken back, everything recorded of them is deleted",
     .data = "{given: bool}",
     .handle = recording_consent_command},
    {0},
};

static const struct event_type events[] = {
    {.name = "recording.started",
     .audience = ROLE_ANY,
     .data = "running",
     .version = 1,
     .apply = recording_apply_started,
     .encode = recording_encode_started},
    {.name = "recording.stopped",
     .audience = ROLE_ANY,
     .what = "By the host, with the session, or since the disk or the organisation's share is full",
     .data = "{recording: id, why: \"host\" | \"ended\" | \"storage\" | \"quota\"}",
     .version = 1,
     .apply = recording_apply_stopped},
    {.name = "recording.consented",
     .audience = ROLE_STAFF,
     .what = "To the person, too",
     .data = "{person: id, given: bool}",
     .version = 1,
     .apply = recording_apply_consented,
     .person = recording_person_of},
    {.name = "recording.set",
     .audience = ROLE_STAFF,
     .what = "Whether it begins with the session",
     .data = "{automatic: bool}",
     .version = 1,
     .apply = recording_apply_set},
    {0},
};

static const struct snapshot_part snapshots[] = {
    {.name = "common.recording",
     .what = "Agreed: who may be recorded; for staff",
     .data = "{running: running?, automatic: bool, agreed: [id]}"},
    {.name = "own.recording", .what = "Null: they were not asked yet", .data = "{agreed: bool?}"},
    {0},
};

static const struct shape shapes[] = {
    {"running", "{recording: id, at: time}"},
    {0},
};

static const struct job_kind *const jobs[] = {&recording_film_job, &recording_free_job, NULL};

static const struct store stores[] = {
    {.name = "recording", .why = "that a session was recorded, and when"},
    {.name = "recording_setting", .why = "a setting of the session"},
    {.name = "recording_chunk",
     .person = "registration_id",
     .holds = "their voice and picture, where they spoke and agreed",
     .erasure = ERASURE_DELETED,
     .copy = "registrations.recorded"},
    {.name = "recording_consent",
     .person = "registration_id",
     .holds = "whether they agreed to be recorded, and when",
     .erasure = ERASURE_KEPT,
     .copy = "registrations.recording_consents",
     .why =
         "what was agreed is evidence: nothing names the person once the registration is nobody's"},
    {.name = "recording_film",
     .holds = NULL,
     .why = "made of chunks, and made anew without those that were deleted"},
    {.name = "recording_gone", .why = "hashes of files that are about to be removed"},
    {.name = "files: recording",
     .person = NULL,
     .why = "chunks until they are kept as blobs, seconds later; not kept of who was erased"},
    {0},
};

const struct feature recording_feature = {
    .name = "recording",
    .routes = routes,
    .commands = commands,
    .events = events,
    .snapshots = snapshots,
    .shapes = shapes,
    .jobs = jobs,
    .stores = stores,
    .erase = recording_erase,
    .start = recording_process_start,
    .tick = recording_process_tick,
    .stop = recording_process_stop,
    .opening = {recording_room_load, recording_room_take, recording_room_drop},
    .room_close = recording_room_close,
    .snapshot = recording_room_snapshot,
    .snapshot_own = recording_room_snapshot_own,
    .event = recording_room_event,
    .records = recording_room_records,
};
