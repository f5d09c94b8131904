/* The commands of recording. */
#include "base/json.h"
#include "base/mem.h"
#include "features/recording/recording_room.h"

static const struct lane_call_kind kind = {
    .lane = {.name = "recording.call", .run_each = lane_call_run, .locks = true},
    .run = recording_call_write,
};

static void submit(struct call *call, struct json_reader *r, int act, bool given)
{
    if (!json_reader_end(r)) {
        call_fail_field(call, r->field, r->reason);
        return;
    }
    struct recording_call *own = mem_new(sizeof *own);
    own->act = act;
    own->given = given;
    lane_call_submit(call, &own->lc, &kind);
}

void recording_start_command(struct call *call)
{
    struct json_reader r = json_reader(call->data);
    if (recording_recorder())
        submit(call, &r, RECORDING_START, false);
    else
        call_fail(call, "recording.storage");
}

void recording_stop_command(struct call *call)
{
    struct json_reader r = json_reader(call->data);
    submit(call, &r, RECORDING_STOP, false);
}

void recording_consent_command(struct call *call)
{
    struct json_reader r = json_reader(call->data);
    bool given = json_read_bool(&r, "given");
    submit(call, &r, RECORDING_CONSENT, given);
}
