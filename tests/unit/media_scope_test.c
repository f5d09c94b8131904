/* media/: who sees what of a stage with several people, and who speaks there. */
#include "base/mem.h"
#include "harness/payload.h"
#include "media/inlet.h"
#include "media/stage.h"
#include "media/voices.h"
#include "run.h"
#include <stdio.h>

enum { AUDIENCE, CREW, VIEWERS };

static struct clock machine;
static struct media_stage *stage;
static struct media_viewer *viewers[VIEWERS];
static int got[VIEWERS][40][2], keys[VIEWERS][40][2]; /* records by stream and rung */
static uint16_t next[40][2];

static void see(uint64_t conn, const unsigned char *b)
{
    int stream = b[2] << 8 | b[3], low = (b[1] & MEDIA_LOW) != 0;
    if (b[0] == MEDIA_CONFIG)
        return;
    ck_assert_msg(got[conn][stream][low] > 0 || b[0] != MEDIA_CAMERA || (b[1] & MEDIA_KEY),
                  "stream %d begins without a key frame", stream);
    got[conn][stream][low]++;
    keys[conn][stream][low] += b[1] & MEDIA_KEY;
}

static bool is_open(void *arg, uint64_t conn)
{
    (void)arg, (void)conn;
    return true;
}

static void send_frames(void *arg, uint64_t conn, struct payload *frames)
{
    unsigned char *bytes = payload_whole(frames);
    (void)arg;
    for (size_t at = 0; at < frames->len;) {
        const unsigned char *b = bytes + at;
        size_t head = b[1] < 126 ? 2 : 4, len = head == 2 ? b[1] : (size_t)(b[2] << 8 | b[3]);
        size_t i = head + MEDIA_FRAME_HEAD + b[head + 3];
        for (; i < head + len; i += MEDIA_RECORD_HEAD + (size_t)(b[i + 14] << 8 | b[i + 15]))
            see(conn, b + i);
        at += head + len;
    }
    free(bytes);
}

static void pass(int64_t us)
{
    static const struct media_wire wire = {is_open, send_frames, NULL, NULL};
    clock_advance(&machine, us);
    while (media_serve(stage, &wire, VIEWERS, INT64_MAX))
        ;
}

static void begin(void)
{
    clock_init_fake(&machine, 1000 * US_PER_S);
    stage = media_stage_new(&machine, "5b6c7f2e");
    memset(got, 0, sizeof got);
    memset(keys, 0, sizeof keys);
    memset(next, 0, sizeof next);
    for (int i = 0; i < VIEWERS; i++)
        viewers[i] = media_join(stage, (uint64_t)i, i == CREW, MEDIA_RUNG_HIGH);
}

static void put(enum media_type type, int stream, uint8_t flags, bool crew)
{
    struct media_record r = {.type = type,
                             .flags = flags,
                             .stream = (uint16_t)stream,
                             .sequence = next[stream][(flags & MEDIA_LOW) != 0]++,
                             .len = 100,
                             .bytes = NULL};
    unsigned char bytes[100] = {0};
    r.bytes = bytes;
    media_put(stage, &r, crew);
}

/* Both rungs of a camera, and its voice. */
static void put_person(int first, bool key, bool crew)
{
    put(MEDIA_VOICE, first, 0, crew);
    put(MEDIA_CAMERA, first + 1, key ? MEDIA_KEY : 0, crew);
    put(MEDIA_CAMERA, first + 1, MEDIA_LOW | (key ? MEDIA_KEY : 0), crew);
}

START_TEST(what_is_behind_the_scenes_stays_there_until_it_is_shown)
{
    uint16_t stream = 0;
    begin();
    put_person(0, true, true);
    pass(MEDIA_TICK_US);
    put_person(0, false, true);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(got[AUDIENCE][0][0] + got[AUDIENCE][1][0] + got[AUDIENCE][1][1], 0);
    ck_assert_int_eq(got[CREW][0][0], 2);
    ck_assert_int_eq(got[CREW][1][0], 2);
    put_person(0, false, false); /* everybody hears; the picture needs a key frame */
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(got[AUDIENCE][0][0], 1);
    ck_assert_int_eq(got[AUDIENCE][1][0], 0);
    ck_assert(media_key_wanted(stage, &stream));
    ck_assert_uint_eq(stream, 1);
    put_person(0, true, false);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(got[AUDIENCE][1][0], 1);
    ck_assert_int_eq(got[CREW][1][0], 4);
    put_person(0, false, true); /* behind the scenes again */
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(got[AUDIENCE][0][0], 2);
    ck_assert_int_eq(got[CREW][0][0], 5);
    media_stage_free(stage);
}
END_TEST

START_TEST(somebody_who_joins_the_crew_sees_what_it_sees)
{
    begin();
    put_person(0, true, true);
    pass(MEDIA_TICK_US);
    media_watch(stage, viewers[AUDIENCE], true, MEDIA_RUNG_HIGH);
    put_person(0, true, true);
    pass(0); /* at once */
    ck_assert_int_eq(got[AUDIENCE][0][0], 1);
    ck_assert_int_eq(got[AUDIENCE][1][0], 1);
    media_watch(stage, viewers[AUDIENCE], false, MEDIA_RUNG_HIGH);
    put_person(0, true, true);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(got[AUDIENCE][0][0], 1);
    media_stage_free(stage);
}
END_TEST

START_TEST(the_large_picture_is_high_and_the_others_are_low)
{
    begin();
    media_focus(stage, 4);
    for (int n = 0; n < 5; n++) {
        put_person(0, n == 0, false);
        put_person(4, n == 0, false);
        put(MEDIA_SCREEN, 2, n == 0 ? MEDIA_KEY : 0, false);
        pass(MEDIA_TICK_US);
    }
    ck_assert_int_eq(got[AUDIENCE][1][0], 0);
    ck_assert_int_eq(got[AUDIENCE][1][1], 5);
    ck_assert_int_eq(got[AUDIENCE][5][0], 5);
    ck_assert_int_eq(got[AUDIENCE][5][1], 0);
    ck_assert_int_eq(got[AUDIENCE][2][0], 5);
    uint16_t stream;
    while (media_key_wanted(stage, &stream))
        ;
    pass(2 * US_PER_S);
    media_focus(stage, 0);
    put_person(0, false, false);
    put_person(4, false, false);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(got[AUDIENCE][1][1], 6); /* until the high one's key frame */
    bool asked[2] = {0};
    while (media_key_wanted(stage, &stream))
        asked[stream == 5] = true;
    ck_assert(asked[0] && asked[1]);
    put_person(0, true, false);
    put_person(4, true, false);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(got[AUDIENCE][1][0], 1);
    ck_assert_int_eq(got[AUDIENCE][5][1], 1);
    media_stage_free(stage);
}
END_TEST

START_TEST(a_viewer_is_sent_no_more_than_it_chose)
{
    uint16_t stream;
    begin();
    media_watch(stage, viewers[AUDIENCE], false, MEDIA_RUNG_VOICE);
    put_person(0, true, false);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(got[AUDIENCE][0][0], 1);
    ck_assert_int_eq(got[AUDIENCE][1][0] + got[AUDIENCE][1][1], 0);
    pass(2 * US_PER_S);
    media_watch(stage, viewers[AUDIENCE], false, MEDIA_RUNG_LOW);
    put_person(0, false, false);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(got[AUDIENCE][1][1], 0); /* the key frame is old: it waits for another one */
    ck_assert(media_key_wanted(stage, &stream));
    ck_assert(!media_key_wanted(stage, &stream));
    put_person(0, true, false);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(got[AUDIENCE][1][1], 1);
    ck_assert_int_eq(got[AUDIENCE][1][0], 0);
    media_stage_free(stage);
}
END_TEST

START_TEST(key_frames_are_asked_for_once_a_second)
{
    uint16_t stream;
    int asked = 0;
    begin();
    put_person(0, true, false);
    pass(2 * US_PER_S);
    for (int n = 0; n < 30; n++) { /* somebody joins each 100 ms, and no key frame comes */
        media_leave(stage, viewers[AUDIENCE]);
        viewers[AUDIENCE] = media_join(stage, AUDIENCE, false, MEDIA_RUNG_LOW);
        put_person(0, false, false);
        pass(MEDIA_TICK_US);
        while (media_key_wanted(stage, &stream))
            asked++;
    }
    ck_assert_int_ge(asked, 3);
    ck_assert_int_le(asked, 4);
    media_stage_free(stage);
}
END_TEST

/* One person after the other shares a screen: streams that ended make place. */
START_TEST(there_is_place_for_as_many_streams_as_there_are_people)
{
    begin();
    for (int turn = 0; turn < 3; turn++)
        for (int i = 0; i < 10; i++) {
            put_person(4 * i, true, false);
            put(MEDIA_SCREEN, 4 * i + 2, MEDIA_KEY, false);
            pass(MEDIA_TICK_US);
            struct media_record gap = {.type = MEDIA_GAP, .stream = (uint16_t)(4 * i + 2)};
            media_put(stage, &gap, false);
            pass(MEDIA_TICK_US);
        }
    ck_assert_uint_eq(media_losses(stage).dropped, 0);
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(got[AUDIENCE][4 * i][0], 3);
    media_stage_free(stage);
}
END_TEST

/* --- voices --- */

static struct media_voice voices[5];
static int64_t now;

/* Each says something at its level for so many records; how many of the last one's passed. */
static int speak(const int *levels, int n, int records)
{
    int passed = 0;
    for (int k = 0; k < records; k++, now += 20000)
        for (int i = 0; i < n; i++)
            if (levels[i] >= 0)
                passed += media_voice_passes(voices, 5, i, (uint8_t)levels[i], now) && i == n - 1;
    return passed;
}

static void quiet(void)
{
    memset(voices, 0, sizeof voices);
    for (int i = 0; i < 5; i++)
        voices[i].group = 1;
    now = US_PER_S;
}

START_TEST(three_voices_are_passed_on_and_the_loudest_three)
{
    quiet();
    ck_assert_int_eq(speak((int[]){30, 30, 30}, 3, 50), 50);
    ck_assert_int_le(speak((int[]){30, 30, 30, 60}, 4, 50), 2);
    ck_assert_int_eq(speak((int[]){30, 30, 30, 27}, 4, 50), 0); /* only a little louder */
    ck_assert_int_ge(speak((int[]){40, 30, 30, 20}, 4, 50), 30);
    ck_assert(voices[1].passed && voices[2].passed && !voices[0].passed);
    voices[3].group = 2; /* who is elsewhere takes nobody's place */
    speak((int[]){40, 30, 30, 20}, 4, 50);
    ck_assert(voices[0].passed && voices[3].passed);
}
END_TEST

START_TEST(the_speaker_is_the_loudest_and_keeps_the_word_for_a_second)
{
    struct media_speaker speaker = {.who = -1};
    quiet();
    speak((int[]){100, 90}, 2, 50);
    media_voices_speaker(voices, 5, 1, now, &speaker);
    ck_assert_int_eq(speaker.who, -1); /* no speech */
    speak((int[]){30, 90}, 2, 50);
    media_voices_speaker(voices, 5, 1, now, &speaker);
    ck_assert_int_eq(speaker.who, 0);
    speak((int[]){100, 20}, 2, 25);
    media_voices_speaker(voices, 5, 1, now, &speaker);
    ck_assert_int_eq(speaker.who, 0);
    speak((int[]){100, 20}, 2, 30);
    media_voices_speaker(voices, 5, 1, now, &speaker);
    ck_assert_int_eq(speaker.who, 1);
    now += 60 * US_PER_S; /* a pause: who spoke last stays */
    media_voices_speaker(voices, 5, 1, now, &speaker);
    ck_assert_int_eq(speaker.who, 1);
    voices[1].group = 0;
    media_voices_speaker(voices, 5, 1, now, &speaker);
    ck_assert_int_eq(speaker.who, -1);
}
END_TEST

/* --- clock records --- */

static enum err take(struct media_inlet *in, const struct media_record *r)
{
    unsigned char frame[200] = {MEDIA_FRAME_KIND, MEDIA_FRAME_VERSION};
    struct payload *records = NULL;
    media_write_head(r, frame + MEDIA_FRAME_HEAD);
    enum err err = media_inlet_take(in, frame, MEDIA_FRAME_HEAD + MEDIA_RECORD_HEAD + r->len,
                                    US_PER_S, &records);
    payload_unref(records);
    return err;
}

START_TEST(a_clock_is_eight_bytes_of_the_voice)
{
    struct media_inlet in;
    struct media_record clock = {.type = MEDIA_CLOCK, .timestamp = 48000, .len = 8};
    media_inlet_begin(&in, 8, US_PER_S);
    ck_assert_int_eq(take(&in, &clock), ERR_OK);
    clock.len = 7;
    ck_assert_int_eq(take(&in, &clock), ERR_INVALID);
    clock.len = 8;
    clock.stream = MEDIA_OWN_CAMERA;
    ck_assert_int_eq(take(&in, &clock), ERR_INVALID);
    clock.stream = 0;
    clock.flags = MEDIA_MUTED;
    ck_assert_int_eq(take(&in, &clock), ERR_INVALID);
    clock.flags = 0;
    int taken = 0;
    while (taken < 100 && take(&in, &clock) == ERR_OK)
        taken++;
    ck_assert_int_eq(taken, 15); /* 16 at once */
}
END_TEST

START_TEST(each_kind_has_its_stream)
{
    struct media_inlet in;
    media_inlet_begin(&in, 8, US_PER_S);
    for (int type = MEDIA_VOICE; type <= MEDIA_SCREEN; type++)
        for (int stream = 0; stream < MEDIA_OWN_STREAMS; stream++) {
            struct media_record r = {.type = (enum media_type)type,
                                     .stream = (uint16_t)stream,
                                     .flags = type == MEDIA_VOICE ? 0 : MEDIA_KEY,
                                     .len = 10};
            ck_assert_int_eq(take(&in, &r), type == stream ? ERR_OK : ERR_INVALID);
        }
}
END_TEST

RUN_TESTS("media_scope", what_is_behind_the_scenes_stays_there_until_it_is_shown,
          somebody_who_joins_the_crew_sees_what_it_sees,
          the_large_picture_is_high_and_the_others_are_low, a_viewer_is_sent_no_more_than_it_chose,
          key_frames_are_asked_for_once_a_second,
          there_is_place_for_as_many_streams_as_there_are_people,
          three_voices_are_passed_on_and_the_loudest_three,
          the_speaker_is_the_loudest_and_keeps_the_word_for_a_second,
          a_clock_is_eight_bytes_of_the_voice, each_kind_has_its_stream)
