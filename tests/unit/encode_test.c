/* The frames of the live protocol are those of the golden files. */
#include "base/clock.h"
#include "harness/golden_frame.h"
#include "room/dispatch.h"
#include "room/encode.h"
#include "unit/run.h"
#include <string.h>

#define AT      1800000000000000LL
#define SESSION "dddddddd-0000-4000-8000-000000000001"
#define EPOCH   "5b6c7f2e-9a1d-4f0e-8c3b-2d4e6f708192"
#define PLACE   "5b6c7f2e"

static bool is_golden(struct payload *frame, const char *name)
{
    size_t head = frame->bytes[1] == 126 ? 4 : 2;
    json_t *json = json_loadb((const char *)frame->bytes + head, frame->len - head,
                              JSON_REJECT_DUPLICATES, NULL);
    bool same = golden_frame_is(json, name);
    json_decref(json);
    payload_unref(frame);
    return same;
}

START_TEST(every_frame_of_the_envelope_is_the_golden_one)
{
    ck_assert(is_golden(encode_hello("test", AT, 20000), "envelope/hello"));
    ck_assert(is_golden(encode_bye("server.draining", 1500), "envelope/bye"));
    ck_assert(is_golden(encode_ok(9007199254740991, NULL), "envelope/ok"));
    ck_assert(is_golden(encode_error(7, "server.busy"), "envelope/error"));
    ck_assert(is_golden(encode_field_error(7, "version", "missing"), "envelope/error.field"));
    json_t *data = json_pack("{s:i,s:s,s:i}", "version", 3, "deck", SESSION, "page", 2);
    ck_assert(is_golden(encode_event(PLACE, "slide.moved", 12, AT, data), "envelope/event"));
    json_decref(data);
    data = json_pack("{s:i,s:[i,i]}", "voters", 2, "counts", 1, 1);
    ck_assert(is_golden(encode_state(PLACE, "poll.tally", SESSION, 3, data), "envelope/state"));
    json_decref(data);
}
END_TEST

START_TEST(the_answer_to_a_join_carries_the_shared_snapshot_as_it_is)
{
    static const char common[] = "{\"session\":{}}";
    struct payload *shared = payload_copy(common, sizeof common - 1);
    json_t *own = json_pack("{s:{}}", "me");
    struct joined j = {
        .request = 1, .seq = 57, .epoch = EPOCH, .place = PLACE, .common = shared, .own = own};
    ck_assert(is_golden(encode_joined(&j), "envelope/session.join.ok"));
    j.common = payload_new(100000); /* long enough not to be copied */
    struct payload *frame = encode_joined(&j);
    ck_assert_uint_eq(j.common->refs, 2);
    ck_assert_uint_gt(frame->len, 100000);
    payload_unref(frame);
    payload_unref(j.common);
    j.common = NULL;
    ck_assert(is_golden(encode_joined(&j), "envelope/session.join.resumed"));
    json_decref(own);
    payload_unref(shared);
}
END_TEST

START_TEST(the_name_of_an_unknown_field_is_cut_between_characters)
{
    char name[100];
    for (int i = 0; i < 33; i++)
        memcpy(name + 2 * i + 1, "\xc3\xa9", 3);
    name[0] = 'x';
    struct payload *frame = encode_field_error(7, name, "unknown");
    ck_assert_uint_lt(frame->len, 200);
    json_t *json = json_loadb((const char *)frame->bytes + 4, frame->len - 4, 0, NULL);
    ck_assert_ptr_nonnull(json);
    json_decref(json);
    payload_unref(frame);
}
END_TEST

RUN_TESTS("encode", every_frame_of_the_envelope_is_the_golden_one,
          the_answer_to_a_join_carries_the_shared_snapshot_as_it_is,
          the_name_of_an_unknown_field_is_cut_between_characters)
