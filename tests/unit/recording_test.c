/* recording/: chunks that are cut anywhere, tapes and what a crash leaves of them, a disk that is
 * full, and the film: who is heard when, and what is shown. */
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "harness/wait.h"
#include "recording/chunk.h"
#include "recording/film.h"
#include "recording/recorder.h"
#include "recording/tape.h"
#include "run.h"
#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <opus/opus.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define START 1800000000000000LL /* Unix us */

static struct media_record picture_of(uint32_t timestamp, bool key)
{
    return (struct media_record){.type = MEDIA_CAMERA,
                                 .flags = key ? MEDIA_KEY : 0,
                                 .stream = 1,
                                 .timestamp = timestamp,
                                 .len = 5,
                                 .bytes = (const unsigned char *)"image"};
}

static const struct media_record config = {
    .type = MEDIA_CONFIG, .stream = 1, .len = 2, .bytes = (const unsigned char *)"{}"};

/* --- chunks --- */

START_TEST(a_chunk_is_whole_up_to_where_it_is_cut)
{
    unsigned char bytes[400];
    struct media_record record = picture_of(7, true);
    size_t ends[4], n = CHUNK_HEAD;
    int64_t last;
    memcpy(bytes, chunk_head, CHUNK_HEAD);
    for (int i = 0; i < 4; i++) {
        chunk_write(START + i, &record, bytes + n);
        ends[i] = n += chunk_entry_size(&record);
    }
    for (size_t cut = 0; cut <= n; cut++) {
        size_t whole = cut < CHUNK_HEAD ? 0 : CHUNK_HEAD;
        for (int i = 0; i < 4; i++)
            whole = ends[i] <= cut ? ends[i] : whole;
        ck_assert_uint_eq(chunk_whole(bytes, cut, &last), whole);
    }
    ck_assert_int_eq(last, START + 3);
    for (size_t at = ends[1]; at < ends[2]; at++) { /* a bit that the disk lost */
        bytes[at] ^= 4;
        ck_assert_uint_eq(chunk_whole(bytes, n, &last), ends[1]);
        bytes[at] ^= 4;
    }
}
END_TEST

/* --- tapes --- */

static char folder[64];
static struct id recording, person;

static void make_folder(void)
{
    log_set_level(LOG_ERROR);
    strcpy(folder, "/tmp/amphi-tape-XXXXXX");
    ck_assert(mkdtemp(folder));
    recording = id_random();
    person = id_random();
}

/* How many files end so; *path: of one of them. */
static int files_ending(const char *ending, char path[PATH_MAX])
{
    struct tape_name name;
    int n = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        if (!tape_name_read(e->d_name, ending, &name))
            continue;
        ck_assert(id_equal(&name.recording, &recording) && id_equal(&name.person, &person));
        snprintf(path, PATH_MAX, "%s/%s", folder, e->d_name);
        n++;
    }
    closedir(d);
    return n;
}

static void remove_folder(void)
{
    char path[PATH_MAX];
    while (files_ending(TAPE_WHOLE, path) || files_ending(TAPE_OPEN, path))
        unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(each_chunk_begins_with_configs_and_a_key_frame)
{
    char path[PATH_MAX];
    make_folder();
    struct tape *t = tape_new(folder, &recording, &person);
    ck_assert_int_eq(tape_put(t, START, &config), ERR_OK);
    for (int i = 0; i < 15 * 31; i++) { /* 31 s, a key frame each 4 s */
        struct media_record record = picture_of((uint32_t)i * 3200, i % 60 == 0);
        ck_assert_int_eq(tape_put(t, START + i * US_PER_S / 15, &record), ERR_OK);
    }
    ck_assert_int_eq(files_ending(TAPE_WHOLE, path), 2); /* from 0, 12, 24 s */
    tape_free(t);
    ck_assert_int_eq(files_ending(TAPE_WHOLE, path), 3);
    for (; files_ending(TAPE_WHOLE, path); unlink(path)) {
        struct buf bytes;
        struct chunk_reader r;
        struct chunk_entry entry;
        buf_init(&bytes, CHUNK_MOST);
        ck_assert(buf_add_file(&bytes, path));
        ck_assert_int_eq(chunk_read(&r, bytes.data, bytes.len), ERR_OK);
        ck_assert_int_eq(chunk_next(&r, &entry), ERR_OK);
        ck_assert_int_eq(entry.record.type, MEDIA_CONFIG);
        do
            ck_assert_int_eq(chunk_next(&r, &entry), ERR_OK);
        while (entry.record.type == MEDIA_CONFIG);
        ck_assert(entry.record.flags & MEDIA_KEY);
        buf_release(&bytes);
    }
    remove_folder();
}
END_TEST

START_TEST(after_a_crash_what_is_whole_is_kept)
{
    char path[PATH_MAX];
    int64_t last;
    struct buf bytes;
    make_folder();
    struct tape *t = tape_new(folder, &recording, &person);
    for (int i = 0; i < 10; i++) {
        struct media_record record = picture_of((uint32_t)i * 3200, i == 0);
        ck_assert_int_eq(tape_put(t, START + i, &record), ERR_OK);
    }
    ck_assert_int_eq(files_ending(TAPE_OPEN, path), 1);
    ck_assert_int_eq(truncate(path, (off_t)t->bytes - 3), 0);
    close(t->fd);
    t->fd = -1; /* killed: nothing of it runs any more */
    tape_free(t);
    tape_recover(folder);
    ck_assert_int_eq(files_ending(TAPE_OPEN, path), 0);
    ck_assert_int_eq(files_ending(TAPE_WHOLE, path), 1);
    buf_init(&bytes, CHUNK_MOST);
    ck_assert(buf_add_file(&bytes, path));
    ck_assert_uint_eq(chunk_whole(bytes.data, bytes.len, &last), bytes.len);
    ck_assert_int_eq(last, START + 8);
    buf_release(&bytes);
    remove_folder();
}
END_TEST

/* --- the recorder --- */

static atomic_int failures;
static atomic_bool room;

static bool has_room(void *arg, size_t bytes)
{
    (void)arg, (void)bytes;
    return room;
}

static void on_failed(void *arg, const struct id *which)
{
    (void)arg;
    ck_assert(id_equal(which, &recording));
    failures++;
}

static struct recorder *start_recorder(size_t queue_bytes)
{
    static struct clock clock;
    clock_init(&clock);
    return recorder_new(&(struct recorder_config){.folder = folder,
                                                  .queue_bytes = queue_bytes,
                                                  .clock = &clock,
                                                  .has_room = has_room,
                                                  .failed = on_failed});
}

static void put_one(struct recorder *r, int i)
{
    struct media_record record = picture_of((uint32_t)i * 3200, i == 0);
    struct payload *p = payload_new(MEDIA_RECORD_HEAD + record.len);
    media_write_head(&record, p->bytes);
    memcpy(p->bytes + MEDIA_RECORD_HEAD, record.bytes, record.len);
    recorder_put(r, &recording, &person, START + i, p);
    payload_unref(p);
}

static bool is_whole(void *arg)
{
    char path[PATH_MAX];
    (void)arg;
    return files_ending(TAPE_WHOLE, path) == 1;
}

static bool has_failed(void *arg)
{
    (void)arg;
    return failures == 1;
}

START_TEST(what_ends_is_whole_and_what_waits_is_written)
{
    char path[PATH_MAX];
    make_folder();
    room = true;
    failures = 0;
    struct recorder *r = start_recorder(1 << 20);
    for (int i = 0; i < 100; i++)
        put_one(r, i);
    recorder_end(r, &recording, NULL);
    ck_assert(wait_for(is_whole, NULL, 20));
    put_one(r, 200);
    recorder_free(r);
    ck_assert_int_eq(files_ending(TAPE_WHOLE, path), 2);
    ck_assert_int_eq(failures, 0);
    remove_folder();
}
END_TEST

START_TEST(a_full_disk_stops_the_recording_once)
{
    char path[PATH_MAX];
    make_folder();
    room = false;
    failures = 0;
    struct recorder *r = start_recorder(1 << 20);
    for (int i = 0; i < 100; i++)
        put_one(r, i);
    ck_assert(wait_for(has_failed, NULL, 20));
    recorder_free(r);
    ck_assert_int_eq(failures, 1);
    ck_assert_int_eq(files_ending(TAPE_WHOLE, path) + files_ending(TAPE_OPEN, path), 0);
    remove_folder();
}
END_TEST

/* --- films --- */

struct part { /* of one lane: all of it is one chunk */
    unsigned char *bytes;
    size_t len, cap;
    bool given;
};
static struct part parts[2];

static void add_entry(struct part *p, int64_t at_us, const struct media_record *record)
{
    size_t size = chunk_entry_size(record);
    if (p->len + size + CHUNK_HEAD > p->cap) {
        p->cap = 2 * (p->cap + size + CHUNK_HEAD);
        p->bytes = mem_resize(p->bytes, p->cap);
    }
    if (p->len == 0) {
        memcpy(p->bytes, chunk_head, CHUNK_HEAD);
        p->len = CHUNK_HEAD;
    }
    chunk_write(at_us, record, p->bytes + p->len);
    p->len += size;
}

/* A voice that hums, heard by the server so much later than it was made, with some disorder. */
static void hum(struct part *p, int64_t from_ms, int64_t to_ms, double hertz, uint32_t clock)
{
    OpusEncoder *encoder = opus_encoder_create(48000, 1, OPUS_APPLICATION_VOIP, NULL);
    float samples[VOICE_STEP];
    unsigned char packet[1500];
    for (int64_t ms = from_ms; ms < to_ms; ms += 20) {
        for (int i = 0; i < VOICE_STEP; i++)
            samples[i] = (float)(0.4 * sin(2 * M_PI * hertz * ((double)ms / 1000 + i / 48000.0)));
        int n = opus_encode_float(encoder, samples, VOICE_STEP, packet, sizeof packet);
        ck_assert_int_gt(n, 0);
        struct media_record record = {.type = MEDIA_VOICE,
                                      .timestamp = clock + (uint32_t)ms * 48,
                                      .len = (size_t)n,
                                      .bytes = packet};
        add_entry(p, START + ms * 1000 + (ms % 100) * 700, &record);
    }
    opus_encoder_destroy(encoder);
}

static void film_pictures(struct part *p, enum media_type type, int64_t from_ms, int64_t to_ms)
{
    for (int64_t ms = from_ms; ms < to_ms; ms += 100) {
        struct media_record record = picture_of((uint32_t)ms * 48, (ms - from_ms) % 1000 == 0);
        record.type = type;
        record.stream = type == MEDIA_SCREEN ? 2 : 1;
        record.bytes = (const unsigned char *)(type == MEDIA_SCREEN ? "slide" : "image");
        add_entry(p, START + ms * 1000, &record);
    }
}

static enum err give_part(void *arg, int lane, const void **bytes, size_t *len)
{
    struct part *p = &((struct part *)arg)[lane];
    if (p->given)
        return ERR_NOT_FOUND;
    p->given = true;
    *bytes = p->bytes;
    *len = p->len;
    return ERR_OK;
}

static struct buf made;

static enum err add(void *arg, const void *bytes, size_t len)
{
    (void)arg;
    buf_add(&made, bytes, len);
    return ERR_OK;
}

static enum err patch(void *arg, uint64_t at, const void *bytes, size_t len)
{
    (void)arg;
    ck_assert_uint_le(at + len, made.len);
    memcpy(made.data + at, bytes, len);
    return ERR_OK;
}

/* A block of the film, read by the letter of RFC 9559: all sizes are eight bytes, as written. */
struct block {
    int track;
    int64_t ms;
    bool key;
    const unsigned char *bytes;
    size_t len;
};

static uint64_t number_at(const unsigned char *at, int n)
{
    uint64_t value = 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | at[i];
    return value;
}

static size_t read_blocks(struct block *out, size_t most)
{
    const unsigned char *bytes = (const unsigned char *)made.data;
    size_t n = 0;
    int64_t cluster = 0;
    for (size_t at = 0; at + 9 < made.len;) {
        int id = bytes[at] >= 0x80 ? 1 : bytes[at] >= 0x40 ? 2 : bytes[at] >= 0x20 ? 3 : 4;
        uint64_t name = number_at(bytes + at, id);
        if (name == 0x114D9B74) { /* the seek head has short sizes, and a void after it */
            at += 64;
            continue;
        }
        uint64_t size = number_at(bytes + at + id, 8) & ((1ULL << 56) - 1);
        at += (size_t)id + 8;
        if (name == 0x18538067)
            ck_assert_uint_eq(size, made.len - at);
        if (name == 0xE7)
            cluster = (int64_t)number_at(bytes + at, 8);
        if (name == 0xA3 && n < most)
            out[n++] =
                (struct block){bytes[at] & 0x7F, cluster + (int16_t)number_at(bytes + at + 1, 2),
                               bytes[at + 3] & 0x80, bytes + at + 4, size - 4};
        if (name != 0x18538067 && name != 0x1F43B675)
            at += size;
    }
    return n;
}

static int64_t make_film(int width, enum err expected)
{
    struct film *film;
    int64_t ms = 0;
    buf_init(&made, 64 << 20);
    struct film_config c = {.lanes = 2,
                            .source = give_part,
                            .arg = parts,
                            .width = width,
                            .height = width * 9 / 16,
                            .sink = {add, patch, NULL}};
    ck_assert_int_eq(film_begin(&c, &film), expected);
    if (expected != ERR_OK)
        return 0;
    ck_assert_int_eq(film_go_on(film, FILM_MOST_MS), ERR_NOT_FOUND);
    ck_assert_int_eq(film_end(film, &ms), ERR_OK);
    return ms;
}

static void forget_film(void)
{
    buf_release(&made);
    for (int i = 0; i < 2; i++) {
        free(parts[i].bytes);
        parts[i] = (struct part){0};
    }
}

/* How much of a tone is in the samples (Goertzel), 1: all of a full sine. */
static double tone(const float *samples, size_t n, double hertz)
{
    double re = 0, im = 0;
    for (size_t i = 0; i < n; i++) {
        re += samples[i] * cos(2 * M_PI * hertz * (double)i / 48000);
        im += samples[i] * sin(2 * M_PI * hertz * (double)i / 48000);
    }
    return 2 * sqrt(re * re + im * im) / (double)n;
}

START_TEST(everybody_is_heard_when_they_spoke)
{
    static struct block blocks[2000];
    hum(&parts[0], 0, 4000, 440, 0xFFFFF000); /* its clock goes around */
    hum(&parts[1], 3000, 8000, 1000, 12345);
    int64_t ms = make_film(0, ERR_OK);
    ck_assert_int_ge(ms, 7900);
    ck_assert_int_le(ms, 8200);
    size_t n = read_blocks(blocks, 2000);
    ck_assert_int_eq((int64_t)n * 20, ms);
    float *samples = mem_new_array(n * VOICE_STEP, sizeof *samples);
    OpusDecoder *decoder = opus_decoder_create(48000, 1, NULL);
    for (size_t i = 0; i < n; i++) {
        ck_assert_int_eq(blocks[i].ms, (int64_t)i * 20);
        ck_assert_int_eq(opus_decode_float(decoder, blocks[i].bytes, (opus_int32)blocks[i].len,
                                           samples + i * VOICE_STEP, VOICE_STEP, 0),
                         VOICE_STEP);
    }
    for (int64_t at = 200; at < 7600; at += 200) {
        const float *here = samples + at * 48;
        double low = tone(here, 9600, 440), high = tone(here, 9600, 1000);
        if (at >= 200 && at + 200 <= 3800)
            ck_assert_msg(low > 0.2, "440 Hz at %lld: %f", (long long)at, low);
        if (at >= 4200)
            ck_assert_msg(low < 0.05, "no 440 Hz at %lld: %f", (long long)at, low);
        if (at >= 3200)
            ck_assert_msg(high > 0.2, "1000 Hz at %lld: %f", (long long)at, high);
        if (at + 200 <= 2900)
            ck_assert_msg(high < 0.05, "no 1000 Hz at %lld: %f", (long long)at, high);
    }
    opus_decoder_destroy(decoder);
    free(samples);
    forget_film();
}
END_TEST

START_TEST(the_picture_follows_the_screen_and_is_cut_at_key_frames)
{
    static struct block blocks[4000];
    hum(&parts[0], 0, 12000, 440, 0);
    film_pictures(&parts[0], MEDIA_CAMERA, 0, 12000);
    film_pictures(&parts[1], MEDIA_SCREEN, 4050, 8000);
    make_film(768, ERR_OK);
    size_t n = read_blocks(blocks, 4000);
    const char *shown = "";
    int64_t last = -1, screen_from = 0, screen_to = 0;
    for (size_t i = 0; i < n; i++) {
        if (blocks[i].track != WEBM_PICTURE)
            continue;
        ck_assert_int_gt(blocks[i].ms, last);
        last = blocks[i].ms;
        const char *now = memcmp(blocks[i].bytes, "slide", 5) == 0 ? "slide" : "image";
        if (now != shown)
            ck_assert(blocks[i].key);
        if (now[0] == 's' && !screen_from)
            screen_from = last;
        if (now[0] == 's')
            screen_to = last;
        shown = now;
    }
    ck_assert_int_ge(screen_from, 4000);
    ck_assert_int_le(screen_from, 4200);
    ck_assert_int_ge(screen_to, 7800);
    ck_assert_int_eq(shown[0], 'i'); /* the camera again */
    forget_film();
}
END_TEST

START_TEST(a_recording_without_anything_is_no_film)
{
    make_film(0, ERR_NOT_FOUND);
    forget_film();
}
END_TEST

RUN_TESTS("recording", a_chunk_is_whole_up_to_where_it_is_cut,
          each_chunk_begins_with_configs_and_a_key_frame, after_a_crash_what_is_whole_is_kept,
          what_ends_is_whole_and_what_waits_is_written, a_full_disk_stops_the_recording_once,
          everybody_is_heard_when_they_spoke,
          the_picture_follows_the_screen_and_is_cut_at_key_frames,
          a_recording_without_anything_is_no_film)
