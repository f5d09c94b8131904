/* media/: a high rung that goes away alone, clocks that jump, codecs that nobody plays. */
#include "harness/payload.h"
#include "media/config.h"
#include "media/inlet.h"
#include "media/stage.h"
#include "run.h"
#include <string.h>

#define CAMERA 1

static struct clock machine;
static struct media_stage *stage;
static int got[2]; /* records of the camera, by rung */
static uint16_t next[2];

static bool is_open(void *arg, uint64_t conn)
{
    (void)arg, (void)conn;
    return true;
}

static void send_frames(void *arg, uint64_t conn, struct payload *frames)
{
    unsigned char *bytes = payload_whole(frames);
    (void)arg, (void)conn;
    for (size_t at = 0; at < frames->len;) {
        const unsigned char *b = bytes + at;
        size_t head = b[1] < 126 ? 2 : 4, len = head == 2 ? b[1] : (size_t)(b[2] << 8 | b[3]);
        size_t i = head + MEDIA_FRAME_HEAD + b[head + 3];
        for (; i < head + len; i += MEDIA_RECORD_HEAD + (size_t)(b[i + 14] << 8 | b[i + 15]))
            got[(b[i + 1] & MEDIA_LOW) != 0] += b[i] == MEDIA_CAMERA;
        at += head + len;
    }
    free(bytes);
}

static void put(enum media_type type, uint8_t flags)
{
    unsigned char bytes[100] = {0};
    struct media_record r = {.type = type,
                             .flags = flags,
                             .stream = CAMERA,
                             .sequence = next[(flags & MEDIA_LOW) != 0]++,
                             .len = type == MEDIA_GAP ? 0 : sizeof bytes,
                             .bytes = bytes};
    media_put(stage, &r, false);
}

/* A tenth of a second, and what came in it: key frames when they were asked for. */
static void pass(bool high)
{
    static const struct media_wire wire = {is_open, send_frames, NULL, NULL};
    uint16_t stream;
    uint8_t key = media_key_wanted(stage, &stream) ? MEDIA_KEY : 0;
    if (high)
        put(MEDIA_CAMERA, key);
    put(MEDIA_CAMERA, MEDIA_LOW | key);
    clock_advance(&machine, MEDIA_TICK_US);
    got[0] = got[1] = 0;
    while (media_serve(stage, &wire, 1, INT64_MAX))
        ;
}

static void begin(void)
{
    clock_init_fake(&machine, 1000 * US_PER_S);
    stage = media_stage_new(&machine, "5b6c7f2e");
    memset(next, 0, sizeof next);
    media_join(stage, 1, false, MEDIA_RUNG_HIGH);
    put(MEDIA_CAMERA, MEDIA_KEY);
    put(MEDIA_CAMERA, MEDIA_LOW | MEDIA_KEY);
    for (int i = 0; i < 20; i++)
        pass(true);
    ck_assert_int_eq(got[0], 1);
    ck_assert_int_eq(got[1], 0);
}

/* Within a second and a half the low one is there; with the high one's key frame it goes again. */
static void falls_and_comes_back(void)
{
    int waited = 0;
    uint16_t stream;
    do
        pass(false);
    while (got[1] == 0 && ++waited < 30);
    ck_assert_int_le(waited, 15);
    for (int i = 0; i < 50; i++) {
        pass(false);
        ck_assert_int_eq(got[1], 1);
        ck_assert_int_eq(got[0], 0);
        ck_assert(!media_key_wanted(stage, &stream)); /* nobody asks for what does not come */
    }
    put(MEDIA_CAMERA, MEDIA_KEY); /* beside the tenth's own */
    for (int i = 0; i < 15; i++)
        pass(true);
    ck_assert_int_eq(got[0], 1);
    ck_assert_int_eq(got[1], 0);
    media_stage_free(stage);
}

START_TEST(a_high_rung_that_ends_leaves_the_low_one)
{
    begin();
    put(MEDIA_GAP, 0);
    falls_and_comes_back();
}
END_TEST

START_TEST(a_high_rung_that_is_left_out_without_a_word_too)
{
    begin();
    falls_and_comes_back();
}
END_TEST

START_TEST(who_joins_then_begins_with_the_low_one)
{
    begin();
    for (int i = 0; i < 30; i++)
        pass(false);
    media_join(stage, 2, false, MEDIA_RUNG_HIGH);
    for (int i = 0; i < 15; i++)
        pass(false);
    ck_assert_int_eq(got[1], 2);
    uint16_t stream;
    for (int i = 0; i < 30; i++) {
        pass(false);
        ck_assert(!media_key_wanted(stage, &stream));
    }
    media_stage_free(stage);
}
END_TEST

/* --- clocks --- */

struct taker {
    struct media_inlet in;
    int64_t at;
    uint16_t sequence[3];
};

static enum err take(struct taker *t, enum media_type type, uint16_t stream, uint32_t timestamp)
{
    unsigned char frame[MEDIA_FRAME_HEAD + MEDIA_RECORD_HEAD + 8] = {MEDIA_FRAME_KIND,
                                                                     MEDIA_FRAME_VERSION};
    struct media_record r = {.type = type,
                             .flags = type == MEDIA_CAMERA ? MEDIA_KEY : 0,
                             .stream = stream,
                             .sequence = t->sequence[stream],
                             .timestamp = timestamp,
                             .len = 8};
    struct payload *records;
    t->sequence[stream] += type != MEDIA_CLOCK;
    media_write_head(&r, frame + MEDIA_FRAME_HEAD);
    enum err err = media_inlet_take(&t->in, frame, sizeof frame, t->at, &records);
    payload_unref(records);
    return err;
}

static struct taker taker(uint32_t timestamp)
{
    struct taker t = {.at = 1000 * US_PER_S};
    media_inlet_begin(&t.in, 0, t.at);
    ck_assert_int_eq(take(&t, MEDIA_VOICE, 0, timestamp), ERR_OK);
    return t;
}

START_TEST(a_clock_that_runs_as_time_does_is_taken_for_hours)
{
    uint32_t ts = 4000000000u; /* it goes around */
    struct taker t = taker(ts);
    for (int s = 0; s < 12 * 3600; s++) {
        t.at += US_PER_S;
        ts += 48000 + 20; /* 400 millionths too fast */
        ck_assert_int_eq(take(&t, MEDIA_VOICE, 0, ts), ERR_OK);
        ck_assert_int_eq(take(&t, MEDIA_CAMERA, 1, ts - 48000), ERR_OK);
        ck_assert_int_eq(take(&t, MEDIA_CLOCK, 0, ts), ERR_OK);
    }
}
END_TEST

START_TEST(a_clock_that_jumps_is_refused_by_whatever_says_it)
{
    static const struct {
        enum media_type type;
        uint16_t stream;
    } by[] = {{MEDIA_VOICE, 0}, {MEDIA_CAMERA, 1}, {MEDIA_CLOCK, 0}};
    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        struct taker t = taker(50000);
        ck_assert_int_eq(take(&t, by[i].type, by[i].stream, 50000 + 3600 * 48000), ERR_INVALID);
        t = taker(5000000);
        ck_assert_int_eq(take(&t, by[i].type, by[i].stream, 5000000 - 20 * 48000), ERR_INVALID);
    }
}
END_TEST

START_TEST(a_clock_creeps_ahead_no_further)
{
    struct taker t = taker(0);
    uint32_t ts = 0;
    enum err err = ERR_OK;
    for (int i = 0; i < 100 && err == ERR_OK; i++) {
        ts += 48000;
        t.at += US_PER_S / 2; /* twice as fast as time */
        err = take(&t, MEDIA_VOICE, 0, ts);
    }
    ck_assert_int_eq(err, ERR_INVALID);
    ck_assert_uint_le(ts, 22 * 48000);
}
END_TEST

START_TEST(who_was_held_up_goes_on)
{
    struct taker t = taker(0);
    t.at += 30 * US_PER_S; /* the line stood still */
    ck_assert_int_eq(take(&t, MEDIA_VOICE, 0, 960), ERR_OK);
    ck_assert_int_eq(take(&t, MEDIA_VOICE, 0, 30 * 48000), ERR_OK);
}
END_TEST

/* What a clock record says of a moment, by the server's clock at `now`. */
static uint64_t bounded(uint64_t said, int64_t now)
{
    unsigned char b[MEDIA_CLOCK_BYTES];
    uint64_t is = 0;
    for (int i = 0; i < MEDIA_CLOCK_BYTES; i++)
        b[i] = (unsigned char)(said >> (56 - 8 * i));
    media_clock_bound(b, now);
    for (int i = 0; i < MEDIA_CLOCK_BYTES; i++)
        is = is << 8 | b[i];
    return is;
}

START_TEST(what_a_clock_says_is_near_the_servers_own)
{
    const int64_t now = 1796000000000;
    ck_assert_uint_eq(bounded((uint64_t)now - 137, now), (uint64_t)now - 137);
    ck_assert_uint_eq(bounded(0, now), (uint64_t)(now - MEDIA_CLOCK_LATE_MS));
    ck_assert_uint_eq(bounded(UINT64_MAX, now), (uint64_t)(now + MEDIA_CLOCK_SOON_MS));
}
END_TEST

/* --- configs --- */

static bool is_sound(uint16_t stream, uint8_t flags, const char *text)
{
    struct media_record r = {.type = MEDIA_CONFIG,
                             .stream = stream,
                             .flags = flags,
                             .len = strlen(text),
                             .bytes = (const unsigned char *)text};
    return media_config_is_sound(&r);
}

START_TEST(only_codecs_that_are_played_and_sizes_that_can_be)
{
    ck_assert(is_sound(0, 0, "{\"codec\":\"opus\",\"sampleRate\":48000,\"channels\":1}"));
    ck_assert(is_sound(1, 0, "{\"codec\":\"vp8\",\"width\":768,\"height\":432}"));
    ck_assert(is_sound(1, MEDIA_LOW, "{\"codec\":\"vp8\",\"width\":256,\"height\":144}"));
    ck_assert(is_sound(2, 0, "{\"codec\":\"vp8\",\"width\":1280,\"height\":720}"));
    static const char *const voices[] = {
        "{\"codec\":\"mp4a.40.2\",\"sampleRate\":48000,\"channels\":1}",
        "{\"codec\":\"opus\",\"sampleRate\":44100,\"channels\":1}",
        "{\"codec\":\"opus\",\"sampleRate\":48000,\"channels\":6}",
        "{\"codec\":\"opus\",\"sampleRate\":48000}",
        "{\"codec\":\"opus\",\"sampleRate\":48000,\"channels\":1,\"more\":1}",
        "{\"codec\":\"vp8\",\"width\":768,\"height\":432}",
        "[]",
        "{",
        "\"opus\"",
        "{\"codec\":7,\"sampleRate\":48000,\"channels\":1}"};
    for (size_t i = 0; i < sizeof voices / sizeof *voices; i++)
        ck_assert_msg(!is_sound(0, 0, voices[i]), "%s", voices[i]);
    static const char *const pictures[] = {
        "{\"codec\":\"hev1\",\"width\":768,\"height\":432}",
        "{\"codec\":\"vp8\",\"width\":0,\"height\":432}",
        "{\"codec\":\"vp8\",\"width\":100000,\"height\":432}",
        "{\"codec\":\"vp8\",\"width\":76.8,\"height\":432}",
        "{\"codec\":\"opus\",\"sampleRate\":48000,\"channels\":1}"};
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
        ck_assert_msg(!is_sound(1, 0, pictures[i]), "%s", pictures[i]);
    ck_assert(!is_sound(3, 0, "{\"codec\":\"vp8\",\"width\":768,\"height\":432}"));
}
END_TEST

RUN_TESTS("media_rungs", a_high_rung_that_ends_leaves_the_low_one,
          a_high_rung_that_is_left_out_without_a_word_too, who_joins_then_begins_with_the_low_one,
          a_clock_that_runs_as_time_does_is_taken_for_hours,
          a_clock_that_jumps_is_refused_by_whatever_says_it, a_clock_creeps_ahead_no_further,
          who_was_held_up_goes_on, what_a_clock_says_is_near_the_servers_own,
          only_codecs_that_are_played_and_sizes_that_can_be)
