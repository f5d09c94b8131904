/* media/: what publishers send, rings, and rounds against a simple model of a viewer. */
#include "base/mem.h"
#include "harness/payload.h"
#include "media/ring.h"
#include "media/stage.h"
#include "run.h"
#include <stdio.h>

/* --- records --- */

static size_t put_record(unsigned char *out, const struct media_record *r)
{
    media_write_head(r, out);
    if (r->len)
        memcpy(out + MEDIA_RECORD_HEAD, r->bytes, r->len);
    return MEDIA_RECORD_HEAD + r->len;
}

static const unsigned char frame_head[MEDIA_FRAME_HEAD] = {MEDIA_FRAME_KIND, MEDIA_FRAME_VERSION};

START_TEST(records_are_read_as_they_were_written)
{
    unsigned char frame[200];
    struct media_record first = {.type = MEDIA_VOICE,
                                 .stream = 3,
                                 .sequence = 65535,
                                 .level = 127,
                                 .generation = 255,
                                 .timestamp = 0xfedcba98,
                                 .len = 5,
                                 .bytes = (const unsigned char *)"voice"},
                        second = {.type = MEDIA_CAMERA,
                                  .flags = MEDIA_KEY | MEDIA_LOW,
                                  .len = 1,
                                  .bytes = (const unsigned char *)"k"},
                        got;
    memcpy(frame, frame_head, sizeof frame_head);
    size_t len = sizeof frame_head;
    len += put_record(frame + len, &first);
    len += put_record(frame + len, &second);
    struct media_reader r;
    ck_assert_int_eq(media_read(&r, frame, len), ERR_OK);
    ck_assert_int_eq(media_next(&r, &got), ERR_OK);
    ck_assert(got.type == MEDIA_VOICE && got.stream == 3 && got.sequence == 65535 &&
              got.level == 127 && got.generation == 255 && got.timestamp == 0xfedcba98);
    ck_assert_uint_eq(got.len, 5);
    ck_assert_mem_eq(got.bytes, "voice", 5);
    ck_assert_int_eq(media_next(&r, &got), ERR_OK);
    ck_assert(got.type == MEDIA_CAMERA && got.flags == (MEDIA_KEY | MEDIA_LOW));
    ck_assert_int_eq(media_next(&r, &got), ERR_NOT_FOUND);
}
END_TEST

START_TEST(forged_headers_are_refused)
{
    static const struct {
        size_t at;
        unsigned char byte;
    } forged[] = {
        {0, 1},     /* another kind */
        {1, 2},     /* another version */
        {3, 1},     /* a header, which only the server's frames have */
        {4, 5},     /* a clock of five bytes */
        {4, 6},     /* no such type */
        {5, 0x10},  /* a flag of the server's */
        {5, 0x80},  /* a flag of nobody's */
        {5, 1},     /* a voice has no key frames */
        {7, 4},     /* a stream beyond a publisher's own */
        {6, 1},     /* the same */
        {10, 128},  /* no level */
        {16, 0x80}, /* longer than what is there */
        {19, 6},    /* by one */
        {19, 0},    /* no voice, and bytes that are no record */
    };
    struct media_record voice = {
        .type = MEDIA_VOICE, .len = 5, .bytes = (const unsigned char *)"voice"};
    for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
        unsigned char frame[100];
        struct media_reader r;
        struct media_record got;
        memcpy(frame, frame_head, sizeof frame_head);
        size_t len = sizeof frame_head + put_record(frame + sizeof frame_head, &voice);
        frame[forged[i].at] = forged[i].byte;
        enum err err = media_read(&r, frame, len);
        ck_assert_int_eq(err ? err : media_next(&r, &got), ERR_INVALID);
    }
    struct media_reader r;
    unsigned char *large = mem_new(MEDIA_FRAME_MOST + 1);
    memcpy(large, frame_head, sizeof frame_head);
    ck_assert_int_eq(media_read(&r, large, MEDIA_FRAME_MOST + 1), ERR_TOO_LARGE);
    ck_assert_int_eq(media_read(&r, large, 3), ERR_INVALID);
    free(large);
}
END_TEST

/* --- a stage, and viewers who check what they see --- */

#define VIEWERS  12
#define RECORDS  4096 /* of one ring, in the model */
#define STREAMS  3    /* 0 voice; 1 camera, both rungs; 2 screen */
#define PICTURE  1200
#define NOTHING  -1
#define SERVE_US 15

/* What was put, by stream and rung and sequence. */
struct sent {
    uint8_t flags;
    size_t len;
    int64_t at_us;
};
static struct sent sent[STREAMS][2][RECORDS];
static int count[STREAMS][2];

struct seen {
    int last;      /* sequence of the newest whole record; NOTHING: none yet */
    int under_way; /* sequence of the record that comes in pieces */
    size_t part;   /* bytes of it */
    bool config;
};

struct viewer {
    struct media_viewer *handle;
    bool open;
    int frames, gaps;
    size_t most; /* bytes at once */
    struct seen seen[STREAMS][2];
};

static struct clock machine;
static struct media_stage *stage;
static struct viewer viewers[VIEWERS];

static bool is_open(void *arg, uint64_t conn)
{
    (void)arg;
    return viewers[conn].open;
}

/* Which records between two a viewer may go without: of a picture, those that can be left out, and
 * everything up to a key frame; of a voice, what is older than four seconds. */
static void check_gap(struct viewer *v, int stream, int low, int from, int to)
{
    const struct sent *all = sent[stream][low];
    for (int i = from; i < to; i++) {
        bool fine = stream == 0 ? clock_mono_us(&machine) - all[i].at_us > MEDIA_VOICE_US
                                : (all[i].flags & MEDIA_DISCARDABLE) || (all[to].flags & MEDIA_KEY);
        ck_assert_msg(fine, "stream %d low %d: %d left out before %d", stream, low, i, to);
        v->gaps++;
    }
}

static void see(struct viewer *v, const struct media_record *r)
{
    int low = (r->flags & MEDIA_LOW) != 0;
    ck_assert_uint_lt(r->stream, STREAMS);
    struct seen *seen = &v->seen[r->stream][low];
    if (r->type == MEDIA_CONFIG) {
        seen->config = true;
        return;
    }
    ck_assert(seen->config); /* before anything that needs it */
    ck_assert(r->bytes[0] == (unsigned char)r->sequence &&
              memcmp(r->bytes, r->bytes + 1, r->len - 1) == 0);
    if (seen->part == 0 ||
        seen->under_way != r->sequence) { /* the last one may have been given up */
        seen->under_way = r->sequence;
        seen->part = 0;
        if (seen->last == NOTHING && r->stream != 0)
            ck_assert(r->flags & MEDIA_KEY);
        if (seen->last != NOTHING)
            check_gap(v, r->stream, low, seen->last + 1, r->sequence);
    }
    seen->part += r->len;
    if (r->flags & MEDIA_MORE)
        return;
    ck_assert_uint_eq(seen->part, sent[r->stream][low][r->sequence].len);
    ck_assert(seen->last == NOTHING || r->sequence > seen->last);
    seen->last = r->sequence;
    seen->part = 0;
}

/* The server's records may have MEDIA_MORE and any stream: read without media_next(). */
static size_t see_record(struct viewer *v, const unsigned char *b)
{
    struct media_record r = {.type = (enum media_type)b[0],
                             .flags = b[1],
                             .stream = (uint16_t)(b[2] << 8 | b[3]),
                             .sequence = (uint16_t)(b[4] << 8 | b[5]),
                             .len = (size_t)(b[14] << 8 | b[15]),
                             .bytes = b + MEDIA_RECORD_HEAD};
    see(v, &r);
    return MEDIA_RECORD_HEAD + r.len;
}

static size_t see_frame(struct viewer *v, const unsigned char *b)
{
    static const char place[] = "{\"place\":\"5b6c7f2e\"}";
    size_t head = b[1] < 126 ? 2 : 4, len = head == 2 ? b[1] : (size_t)(b[2] << 8 | b[3]);
    size_t at = MEDIA_FRAME_HEAD + sizeof place - 1;
    const unsigned char *body = b + head;
    ck_assert_int_eq(b[0], 0x82);
    ck_assert_uint_le(head + len, MEDIA_FRAME_BYTES);
    ck_assert(body[0] == MEDIA_FRAME_KIND && body[1] == MEDIA_FRAME_VERSION);
    ck_assert_mem_eq(body + MEDIA_FRAME_HEAD, place, sizeof place - 1);
    while (at < len)
        at += see_record(v, body + at);
    ck_assert_uint_eq(at, len); /* no record goes over a frame's end */
    v->frames++;
    return head + len;
}

static void send_frames(void *arg, uint64_t conn, struct payload *frames)
{
    struct viewer *v = &viewers[conn];
    unsigned char *bytes = payload_whole(frames);
    (void)arg;
    for (size_t at = 0; at < frames->len;)
        at += see_frame(v, bytes + at);
    v->most = frames->len > v->most ? frames->len : v->most;
    free(bytes);
    clock_advance(&machine, SERVE_US);
}

static const struct media_wire wire = {is_open, send_frames, NULL, NULL};

static void begin(void)
{
    clock_init_fake(&machine, 1000 * US_PER_S);
    stage = media_stage_new(&machine, "5b6c7f2e");
    memset(viewers, 0, sizeof viewers);
    memset(count, 0, sizeof count);
}

static void join(int i, bool at_once)
{
    viewers[i] = (struct viewer){
        .open = true, .handle = media_join(stage, (uint64_t)i, at_once, MEDIA_RUNG_HIGH)};
    for (int s = 0; s < STREAMS; s++)
        viewers[i].seen[s][0].last = viewers[i].seen[s][1].last = NOTHING;
}

static void put(enum media_type type, int stream, uint8_t flags, size_t len)
{
    static unsigned char bytes[MEDIA_FRAME_MOST];
    int low = (flags & MEDIA_LOW) != 0, n = count[stream][low];
    struct media_record r = {.type = type,
                             .flags = flags,
                             .stream = (uint16_t)stream,
                             .sequence = (uint16_t)n,
                             .len = len,
                             .bytes = bytes};
    memset(bytes, n, len);
    if (type != MEDIA_CONFIG) {
        ck_assert_int_lt(n, RECORDS);
        sent[stream][low][n] = (struct sent){flags, len, clock_mono_us(&machine)};
        count[stream][low]++;
    }
    media_put(stage, &r, false);
}

static bool serve(void)
{
    return media_serve(stage, &wire, VIEWERS, clock_mono_us(&machine) + 5000);
}

static void pass(int64_t us)
{
    clock_advance(&machine, us);
    while (serve())
        ;
}

static void put_configs(void)
{
    put(MEDIA_CONFIG, 0, 0, 30);
    put(MEDIA_CONFIG, 1, 0, 40);
    put(MEDIA_CONFIG, 1, MEDIA_LOW, 40);
    put(MEDIA_CONFIG, 2, 0, 40);
}

START_TEST(whoever_keeps_up_gets_everything_in_order_and_in_shared_frames)
{
    begin();
    put_configs();
    for (int i = 0; i < VIEWERS; i++)
        join(i, false);
    for (int n = 0; n < 400; n++) {
        put(MEDIA_VOICE, 0, 0, 60);
        if (n % 4 == 0)
            put(MEDIA_CAMERA, 1, n % 200 == 0 ? MEDIA_KEY : 0, n % 200 == 0 ? 17000 : PICTURE);
        pass(20000);
    }
    pass(MEDIA_TICK_US);
    for (int i = 0; i < VIEWERS; i++) {
        ck_assert_int_eq(viewers[i].seen[0][0].last, 399);
        ck_assert_int_eq(viewers[i].seen[1][0].last, 99);
        ck_assert_int_eq(viewers[i].gaps, 0);
        ck_assert_int_le(viewers[i].frames, 90); /* 8 s of rounds, and the key frames' more */
    }
    ck_assert_uint_eq(media_losses(stage).dropped, 0);
    media_stage_free(stage);
}
END_TEST

START_TEST(who_comes_late_begins_with_config_and_the_newest_key_frame)
{
    begin();
    put_configs();
    join(0, false);
    for (int n = 0; n < 30; n++) {
        put(MEDIA_CAMERA, 1, n % 8 == 0 ? MEDIA_KEY : 0, PICTURE);
        pass(100000);
    }
    join(1, false);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(viewers[1].seen[1][0].last, 29);
    ck_assert_int_eq(viewers[1].gaps, 0);
    ck_assert(!viewers[1].seen[2][0].config); /* nothing comes of the screen */
    media_stage_free(stage);
}
END_TEST

START_TEST(a_slow_viewer_loses_picture_and_keeps_the_newest_voice)
{
    begin();
    put_configs();
    join(0, false);
    join(1, false);
    viewers[1].open = false;
    for (int n = 0; n < 500; n++) {
        put(MEDIA_VOICE, 0, 0, 60);
        if (n % 4 == 0) {
            put(MEDIA_CAMERA, 1, n % 200 == 0 ? MEDIA_KEY : 0, PICTURE);
            put(MEDIA_CAMERA, 1, MEDIA_LOW | (n % 200 == 0 ? MEDIA_KEY : 0), 200);
        }
        pass(20000);
    }
    ck_assert_int_eq(viewers[1].frames, 0);
    viewers[1].open = true;
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(viewers[1].seen[0][0].last, 499);
    ck_assert_int_eq(viewers[1].seen[1][0].last, NOTHING); /* not before the next key frame */
    ck_assert_uint_le(viewers[1].most, MEDIA_LATE_MOST + 200);
    put(MEDIA_CAMERA, 1, MEDIA_KEY, PICTURE);
    put(MEDIA_CAMERA, 1, MEDIA_KEY | MEDIA_LOW, 200);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(viewers[1].seen[1][0].last, NOTHING); /* a rung lower */
    ck_assert_int_eq(viewers[1].seen[1][1].last, count[1][1] - 1);
    pass(MEDIA_BACKOFF_US);
    put(MEDIA_CAMERA, 1, MEDIA_KEY, PICTURE);
    pass(MEDIA_TICK_US); /* it has climbed: the next key frame of the high rung is its */
    put(MEDIA_CAMERA, 1, MEDIA_KEY, PICTURE);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(viewers[1].seen[1][0].last, count[1][0] - 1);
    ck_assert_int_eq(viewers[0].gaps, 0);
    ck_assert_uint_eq(media_losses(stage).lowered, 1);
    media_stage_free(stage);
}
END_TEST

START_TEST(a_round_is_served_in_slices_and_grows_with_its_viewers)
{
    enum { MANY = 10 };
    begin();
    put_configs();
    for (int i = 0; i < MANY; i++)
        join(i, false);
    put(MEDIA_VOICE, 0, 0, 60);
    clock_advance(&machine, MEDIA_TICK_US);
    ck_assert(media_serve(stage, &wire, MANY, clock_mono_us(&machine) + 3 * SERVE_US));
    ck_assert_int_eq(viewers[2].frames, 1);
    ck_assert_int_eq(viewers[3].frames, 0);
    ck_assert_int_eq(media_due(stage), 0);
    media_leave(stage, viewers[3].handle); /* who would have been next */
    put(MEDIA_VOICE, 0, 0, 60);            /* not of this round */
    while (media_serve(stage, &wire, 10000, clock_mono_us(&machine) + 3 * SERVE_US))
        ;
    ck_assert_int_eq(viewers[9].seen[0][0].last, 0);
    ck_assert_int_eq(viewers[3].frames, 0);
    pass(MEDIA_TICK_US);
    ck_assert_int_eq(viewers[9].seen[0][0].last, 1);
    put(MEDIA_VOICE, 0, 0, 60);
    clock_advance(&machine, MEDIA_TICK_US);
    media_serve(stage, &wire, 10000, INT64_MAX);
    ck_assert_int_ge(media_due(stage) == INT64_MAX, 1);
    put(MEDIA_VOICE, 0, 0, 60);
    ck_assert_int_ge(media_due(stage) - clock_mono_us(&machine), 0);
    clock_advance(&machine, MEDIA_TICK_US);
    media_serve(stage, &wire, 10000, INT64_MAX); /* ten thousand take 150 ms: not yet */
    ck_assert_int_eq(viewers[9].seen[0][0].last, 2);
    media_stage_free(stage);
}
END_TEST

START_TEST(people_on_the_stage_are_served_at_once)
{
    begin();
    put_configs();
    join(0, true);
    join(1, false);
    pass(MEDIA_TICK_US);
    for (int n = 0; n < 4; n++) {
        put(MEDIA_VOICE, 0, 0, 60);
        pass(20000);
        ck_assert_int_eq(viewers[0].seen[0][0].last, n);
    }
    ck_assert_int_lt(viewers[1].seen[0][0].last, 3);
    media_stage_free(stage);
}
END_TEST

/* --- random play: everything above at once; see() holds the rules --- */

static unsigned seed;

static int below(int n)
{
    seed = seed * 1103515245u + 12345u;
    return (int)((seed >> 16) % (unsigned)n);
}

static void random_picture(int stream, bool low)
{
    bool key = count[stream][low] == 0 || below(15) == 0;
    uint8_t flags = (uint8_t)(key ? MEDIA_KEY : below(3) == 0 ? MEDIA_DISCARDABLE : 0);
    size_t len = key ? 1 + (size_t)below(30000) : 1 + (size_t)below(3000);
    put(stream == 2 ? MEDIA_SCREEN : MEDIA_CAMERA, stream, flags | (low ? MEDIA_LOW : 0), len);
}

static void random_step(void)
{
    int i = below(VIEWERS);
    switch (below(8)) {
    case 0:
        viewers[i].open = !viewers[i].open;
        break;
    case 1:
        if (viewers[i].handle)
            media_leave(stage, viewers[i].handle);
        join(i, below(4) == 0);
        break;
    case 2:
        random_picture(1, false);
        break;
    case 3:
        random_picture(1, true);
        break;
    case 4:
        random_picture(2, false);
        break;
    default:
        put(MEDIA_VOICE, 0, 0, 1 + (size_t)below(120));
    }
    clock_advance(&machine, below(below(20) == 0 ? 900000 : 40000));
    media_serve(stage, &wire, VIEWERS, clock_mono_us(&machine) + below(100));
}

START_TEST(random_play_agrees_with_the_model)
{
    for (unsigned round = 1; round <= 20; round++) {
        seed = round;
        begin();
        put_configs();
        for (int i = 0; i < VIEWERS; i++)
            join(i, false);
        for (int step = 0; step < 3000; step++)
            random_step();
        for (int i = 0; i < VIEWERS; i++)
            viewers[i].open = true;
        for (int i = 0; i < 20; i++)
            pass(MEDIA_TICK_US);
        for (int i = 0; i < VIEWERS; i++) /* whoever has had a voice is at its end */
            ck_assert(viewers[i].seen[0][0].last == NOTHING ||
                      viewers[i].seen[0][0].last == count[0][0] - 1);
        media_stage_free(stage);
    }
}
END_TEST

RUN_TESTS("media", records_are_read_as_they_were_written, forged_headers_are_refused,
          whoever_keeps_up_gets_everything_in_order_and_in_shared_frames,
          who_comes_late_begins_with_config_and_the_newest_key_frame,
          a_slow_viewer_loses_picture_and_keeps_the_newest_voice,
          a_round_is_served_in_slices_and_grows_with_its_viewers,
          people_on_the_stage_are_served_at_once, random_play_agrees_with_the_model)
