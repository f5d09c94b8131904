/* What a room sends, to whom, in which order, and how little of it. */
#include "harness/live.h"
#include "harness/talk.h"
#include "media/record.h"
#include "room/home/ring.h"
#include "room/message.h"
#include "unit/run.h"

#define HCP  ROLE_HCP
#define HOST ROLE_HOST

static int64_t seq_of(json_t *event)
{
    return json_integer_value(json_object_get(event, "seq"));
}

static const char *text_of(json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

START_TEST(events_come_in_order_to_everybody)
{
    struct live *live = talk_start(2);
    uint64_t a = live_member(live, 0, HCP, 1), b = live_member(live, 1, HOST, 2);
    for (int i = 0; i < 5; i++) {
        live_command(live, i % 2 ? a : b, "talk.say", "{\"n\":2}");
        live_run(live);
    }
    for (size_t i = 0; i < 10; i++) {
        ck_assert_int_eq(seq_of(live_nth(live, a, "event", "talk.said", i)), (int)i + 1);
        ck_assert_int_eq(seq_of(live_nth(live, b, "event", "talk.said", i)), (int)i + 1);
    }
    live_free(live);
}
END_TEST

START_TEST(events_of_one_turn_leave_as_one_payload)
{
    struct live *live = talk_start(2);
    uint64_t speaker = live_member(live, 0, HOST, 1);
    uint64_t others[] = {live_member(live, 0, HCP, 2), live_member(live, 0, HCP, 3),
                         live_member(live, 1, HCP, 4), live_member(live, 1, HCP, 5)};
    live_forget(live, speaker);
    live_command(live, speaker, "talk.say", "{\"n\":8}");
    live_command(live, speaker, "talk.set", "{\"key\":\"a\",\"n\":3}");
    live_run(live);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(live_conn(live, others[i])->sends, 1);
        ck_assert_uint_eq(live_count(live, others[i], "event", "talk.said"), 8);
        ck_assert_uint_eq(live_count(live, others[i], "state", "talk.state"), 1);
    }
    ck_assert_int_eq(live_conn(live, speaker)->sends, 1);
    ck_assert_uint_eq(live_count(live, speaker, "event", "talk.said"), 8);
    /* Members of the same roles on the same loop share the very bytes. */
    ck_assert_ptr_eq(live_conn(live, others[0])->last, live_conn(live, others[1])->last);
    ck_assert_ptr_eq(live_conn(live, others[2])->last, live_conn(live, others[3])->last);
    live_free(live);
}
END_TEST

START_TEST(one_event_is_framed_once_for_all_loops)
{
    struct live *live = talk_start(2);
    uint64_t a = live_member(live, 0, HCP, 1), b = live_member(live, 1, HCP, 2);
    uint64_t speaker = live_member(live, 0, HOST, 3);
    live_command(live, speaker, "talk.say", "{\"n\":1}");
    live_run(live);
    ck_assert_ptr_eq(live_conn(live, a)->last, live_conn(live, b)->last);
    live_free(live);
}
END_TEST

START_TEST(an_audience_is_all_that_sees_an_event)
{
    struct live *live = talk_start(1);
    uint64_t hcp = live_member(live, 0, HCP, 1), host = live_member(live, 0, HOST, 2);
    live_command(live, hcp, "talk.whisper", "{}");
    live_run(live);
    ck_assert_uint_eq(live_count(live, hcp, "event", "talk.said"), 0);
    ck_assert_uint_eq(live_count(live, host, "event", "talk.said"), 1);
    live_free(live);
}
END_TEST

START_TEST(a_personal_event_reaches_all_tabs_of_the_person_and_the_staff)
{
    struct live *live = talk_start(2);
    uint64_t tab = live_member(live, 0, HCP, 1), tab2 = live_member(live, 1, HCP, 1);
    uint64_t other = live_member(live, 0, HCP, 2), host = live_member(live, 1, HOST, 3);
    live_command(live, tab, "talk.mine", "{}");
    live_run(live);
    ck_assert_uint_eq(live_count(live, tab, "event", "talk.mine"), 1);
    ck_assert_uint_eq(live_count(live, tab2, "event", "talk.mine"), 1);
    ck_assert_uint_eq(live_count(live, other, "event", "talk.mine"), 0);
    ck_assert_uint_eq(live_count(live, host, "event", "talk.mine"), 1);
    live_free(live);
}
END_TEST

START_TEST(the_newest_state_wins_within_a_turn_and_for_those_who_come_later)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1), b = live_member(live, 0, HCP, 2);
    live_command(live, a, "talk.set", "{\"key\":\"a\",\"n\":5}");
    live_run(live);
    json_t *state = live_nth(live, b, "state", "talk.state", 0);
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(state, "data"), "n")), 5);
    ck_assert_uint_eq(live_count(live, b, "state", "talk.state"), 1);
    ck_assert_int_eq(live_conn(live, b)->last_class, FRAME_STATE);
    ck_assert_uint_ne(live_conn(live, b)->last_key, 0);
    uint64_t late = live_open(live, 0, HCP, 3);
    live_ask_join(live, late, &live->session, NULL, 0);
    live_run(live);
    ck_assert_uint_eq(live_count(live, late, "state", "talk.state"), 1);
    int64_t before = json_integer_value(json_object_get(state, "version"));
    live_command(live, a, "talk.set", "{\"key\":\"a\",\"n\":6}");
    live_run(live);
    json_t *next = live_nth(live, late, "state", "talk.state", 1);
    ck_assert_int_gt(json_integer_value(json_object_get(next, "version")), before);
    live_free(live);
}
END_TEST

static json_t *join(struct live *live, uint64_t conn, const char *epoch, int64_t seq)
{
    int64_t request = live_ask_join(live, conn, &live->session, epoch, seq);
    live_run(live);
    return live_ok(live, conn, request);
}

START_TEST(a_join_gets_answer_then_states_then_what_is_new_in_one_payload)
{
    struct live *live = talk_start(1);
    uint64_t host = live_member(live, 0, HOST, 1);
    live_command(live, host, "talk.set", "{\"key\":\"a\",\"n\":5}");
    live_run(live);
    uint64_t a = live_open(live, 0, HCP, 2);
    live_run(live);
    live_forget(live, a);
    live_command(live, host, "talk.say", "{\"n\":1}");
    live_ask_join(live, a, &live->session, NULL, 0);
    mailbox_drain(&live->loop[0].mailbox); /* look-up answered and admitted in this turn */
    live_command(live, host, "talk.say", "{\"n\":1}");
    live_run(live);
    json_t *frames = live_conn(live, a)->frames;
    ck_assert_int_eq(live_conn(live, a)->sends, 1);
    ck_assert_uint_eq(json_array_size(frames), 3);
    json_t *ok = json_object_get(json_array_get(frames, 0), "ok");
    ck_assert_int_eq(seq_of(ok), 1);
    ck_assert_str_eq(text_of(json_array_get(frames, 1), "state"), "talk.state");
    ck_assert_int_eq(seq_of(json_array_get(frames, 2)), 2);
    live_free(live);
}
END_TEST

START_TEST(a_state_that_changes_in_the_turn_of_a_join_comes_once)
{
    struct live *live = talk_start(1);
    uint64_t host = live_member(live, 0, HOST, 1);
    uint64_t a = live_open(live, 0, HCP, 2);
    live_command(live, host, "talk.set", "{\"key\":\"b\",\"n\":5}");
    live_ask_join(live, a, &live->session, NULL, 0);
    mailbox_drain(&live->loop[0].mailbox);
    live_run(live);
    ck_assert_uint_eq(live_count(live, a, "state", "talk.state"), 1);
    live_free(live);
}
END_TEST

static bool resumes(struct live *live, uint64_t conn, const char *epoch, int64_t seq)
{
    json_t *ok = join(live, conn, epoch, seq);
    ck_assert_ptr_nonnull(ok);
    return json_boolean_value(json_object_get(ok, "resumed"));
}

START_TEST(the_common_snapshot_is_encoded_once_per_audience_until_something_happens)
{
    struct live *live = talk_start(1);
    for (int i = 0; i < 10; i++)
        live_member(live, 0, HCP, i);
    ck_assert_int_eq(talk.snapshots, 1);
    uint64_t host = live_member(live, 0, HOST, 20);
    live_member(live, 0, ROLE_SPEAKER, 21);
    ck_assert_int_eq(talk.snapshots, 2);
    live_command(live, host, "talk.say", "{\"n\":1}");
    live_run(live);
    uint64_t late = live_open(live, 0, HCP, 30);
    json_t *snapshot = json_object_get(join(live, late, NULL, 0), "snapshot");
    json_t *common = json_object_get(json_object_get(snapshot, "common"), "talk");
    ck_assert_int_eq(seq_of(common), 1);
    ck_assert(json_is_false(json_object_get(common, "staff")));
    char person[ID_TEXT_SIZE];
    struct id id = live_person(30);
    ck_assert_str_eq(text_of(json_object_get(snapshot, "own"), "person"), id_text(&id, person));
    live_free(live);
}
END_TEST

/* Where the long part of what was sent last lies. */
static const unsigned char *long_part(struct live *live, uint64_t conn)
{
    const struct payload *sent = live_conn(live, conn)->last;
    const unsigned char *bytes;
    for (size_t at = 0, n; (n = payload_at(sent, at, &bytes)) > 0; at += n)
        if (n >= PAYLOAD_COPIED)
            return bytes;
    return NULL;
}

START_TEST(those_who_join_share_the_bytes_of_one_long_snapshot)
{
    static char topic[2 * PAYLOAD_COPIED];
    struct live *live = talk_start(2);
    memset(topic, 't', sizeof topic - 1);
    talk.topic = topic;
    uint64_t a = live_member(live, 0, HCP, 1), b = live_member(live, 1, HCP, 2);
    ck_assert_ptr_nonnull(long_part(live, a));
    ck_assert_ptr_eq(long_part(live, a), long_part(live, b));
    live_free(live);
}
END_TEST

START_TEST(resume_brings_what_was_missed_and_only_what_one_may_see)
{
    struct live *live = talk_start(2);
    uint64_t host = live_member(live, 0, HOST, 1);
    uint64_t a = live_open(live, 1, HCP, 2);
    char epoch[ID_TEXT_SIZE];
    strcpy(epoch, text_of(join(live, a, NULL, 0), "epoch"));
    live_command(live, a, "talk.mine", "{}"); /* 1 */
    live_run(live);
    live_close(live, a, LIVE_START);
    live_command(live, host, "talk.say", "{\"n\":1}"); /* 2 */
    live_command(live, host, "talk.whisper", "{}");    /* 3: staff */
    uint64_t tab = live_member(live, 0, HCP, 2);
    live_command(live, tab, "talk.mine", "{}"); /* 4 */
    uint64_t other = live_member(live, 0, HCP, 3);
    live_command(live, other, "talk.mine", "{}");      /* 5: of somebody else */
    live_command(live, host, "talk.say", "{\"n\":1}"); /* 6 */
    live_run(live);
    uint64_t again = live_open(live, 1, HCP, 2);
    json_t *ok = join(live, again, epoch, 1);
    ck_assert(json_is_true(json_object_get(ok, "resumed")));
    ck_assert_ptr_null(json_object_get(ok, "snapshot"));
    ck_assert_int_eq(seq_of(ok), 6);
    int64_t seqs[3] = {0};
    size_t n = 0, i;
    json_t *frame;
    json_array_foreach(live_conn(live, again)->frames, i, frame)
    {
        if (json_object_get(frame, "event") && n < 3)
            seqs[n++] = seq_of(frame);
    }
    ck_assert_uint_eq(n, 3);
    ck_assert(seqs[0] == 2 && seqs[1] == 4 && seqs[2] == 6);
    live_free(live);
}
END_TEST

START_TEST(whoever_has_other_roles_gets_a_snapshot)
{
    struct live *live = talk_start(1);
    uint64_t a = live_open(live, 0, HOST, 1);
    char epoch[ID_TEXT_SIZE];
    strcpy(epoch, text_of(join(live, a, NULL, 0), "epoch"));
    uint64_t b = live_open(live, 0, HOST, 1), c = live_open(live, 0, HOST | ROLE_SPEAKER, 1);
    uint64_t d = live_open(live, 0, ROLE_SPEAKER, 1);
    ck_assert(resumes(live, b, epoch, 0));
    ck_assert(!resumes(live, c, epoch, 0));
    ck_assert(!resumes(live, d, epoch, 0));
    live_free(live);
}
END_TEST

START_TEST(resume_past_the_ring_or_of_another_epoch_is_a_snapshot)
{
    struct live *live = talk_start(1);
    uint64_t host = live_member(live, 0, HOST, 1);
    uint64_t a = live_open(live, 0, HCP, 2);
    char epoch[ID_TEXT_SIZE];
    strcpy(epoch, text_of(join(live, a, NULL, 0), "epoch"));
    live_command(live, host, "talk.say", "{\"n\":513}");
    live_run(live);
    uint64_t b = live_open(live, 0, HCP, 2), c = live_open(live, 0, HCP, 2);
    uint64_t e = live_open(live, 0, HCP, 2), f = live_open(live, 0, HCP, 2);
    ck_assert(!resumes(live, b, epoch, 0));
    ck_assert(resumes(live, c, epoch, 1));
    ck_assert_uint_eq(live_count(live, c, "event", "talk.said"), 512);
    ck_assert(!resumes(live, e, "another", 500));
    ck_assert(!resumes(live, f, epoch, 514));
    live_free(live);
}
END_TEST

START_TEST(the_ring_is_bounded_in_bytes)
{
    struct ring r;
    ring_init(&r, 0);
    struct payload *big = payload_new(RING_BYTES / 4);
    for (int64_t seq = 1; seq <= 6; seq++)
        ring_add(&r, &(struct ring_event){.seq = seq, .audience = HCP, .frame = big});
    ck_assert_uint_eq(r.len, 4);
    ck_assert(!ring_covers(&r, 1, 6));
    ck_assert(ring_covers(&r, 2, 6));
    struct payload *huge = payload_new(RING_BYTES + 1);
    ring_add(&r, &(struct ring_event){.seq = 7, .audience = HCP, .frame = huge});
    ck_assert_uint_eq(r.len, 0);
    ck_assert(!ring_covers(&r, 6, 7));
    ck_assert(ring_covers(&r, 7, 7));
    payload_unref(big);
    payload_unref(huge);
    ring_release(&r);
}
END_TEST

START_TEST(a_reader_that_chokes_inside_a_write_leaves_and_harms_nobody)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1), b = live_member(live, 0, HCP, 2);
    uint64_t c = live_member(live, 0, HCP, 3);
    live->loop[0].choked = b;
    live_command(live, a, "talk.say", "{\"n\":2}");
    live_run(live);
    ck_assert_int_eq(talk.left, 1);
    ck_assert_uint_eq(live_count(live, c, "event", "talk.said"), 2);
    live_free(live);
}
END_TEST

/* One record of a voice, as the session's home loop hands it to this loop. */
static void hand_over_voice(struct live *live)
{
    unsigned char bytes[MEDIA_RECORD_HEAD + 1] = {0};
    media_write_head(&(struct media_record){.type = MEDIA_VOICE, .len = 1}, bytes);
    struct out entry = {.kind = OUT_RECORDS,
                        .class = FRAME_MEDIA,
                        .place = "12345678",
                        .frame = payload_copy(bytes, sizeof bytes)};
    connections_post(live->loop[0].d, 0, &live->session, &entry, 1);
}

START_TEST(the_last_viewer_may_leave_inside_a_write_of_live_media)
{
    struct live *live = talk_start(1);
    uint64_t hcp = live_member(live, 0, HCP, 1);
    hand_over_voice(live);
    dispatch_media(live->loop[0].d); /* a viewer begins with what comes from here on */
    live_advance(live, US_PER_S);
    live->loop[0].choked = hcp;
    hand_over_voice(live);
    ck_assert_int_eq(dispatch_media(live->loop[0].d), INT64_MAX);
    ck_assert_int_eq(talk.left, 1);
    uint64_t host = live_member(live, 0, HOST, 2); /* served at once, not in rounds */
    hand_over_voice(live);
    live->loop[0].choked = host;
    dispatch_media(live->loop[0].d);
    ck_assert_int_eq(talk.left, 2);
    live_free(live);
}
END_TEST

RUN_TESTS("room", events_come_in_order_to_everybody, events_of_one_turn_leave_as_one_payload,
          one_event_is_framed_once_for_all_loops, an_audience_is_all_that_sees_an_event,
          a_personal_event_reaches_all_tabs_of_the_person_and_the_staff,
          the_newest_state_wins_within_a_turn_and_for_those_who_come_later,
          a_join_gets_answer_then_states_then_what_is_new_in_one_payload,
          the_common_snapshot_is_encoded_once_per_audience_until_something_happens,
          those_who_join_share_the_bytes_of_one_long_snapshot,
          a_state_that_changes_in_the_turn_of_a_join_comes_once,
          resume_brings_what_was_missed_and_only_what_one_may_see,
          whoever_has_other_roles_gets_a_snapshot,
          resume_past_the_ring_or_of_another_epoch_is_a_snapshot, the_ring_is_bounded_in_bytes,
          a_reader_that_chokes_inside_a_write_leaves_and_harms_nobody,
          the_last_viewer_may_leave_inside_a_write_of_live_media)
