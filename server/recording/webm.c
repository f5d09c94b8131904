#include "recording/webm.h"
#include "base/buf.h"
#include "base/mem.h"

#define CLUSTER_MS    5000
#define CLUSTER_BYTES (4u << 20)
#define SEEK_PREROLL  80000000 /* ns, for Opus */
#define HEADS_MOST    1024
#define CUES_MOST     (64u << 20)
#define SEEK_HEAD     64 /* bytes kept for it at the front */

/* Element ids of RFC 9559. */
enum {
    EBML = 0x1A45DFA3,
    EBML_VERSION = 0x4286,
    EBML_READ_VERSION = 0x42F7,
    EBML_ID_MOST = 0x42F2,
    EBML_SIZE_MOST = 0x42F3,
    DOC_TYPE = 0x4282,
    DOC_VERSION = 0x4287,
    DOC_READ_VERSION = 0x4285,
    VOID = 0xEC,
    SEGMENT = 0x18538067,
    SEEK_HEADS = 0x114D9B74,
    SEEK = 0x4DBB,
    SEEK_ID = 0x53AB,
    SEEK_POSITION = 0x53AC,
    INFO = 0x1549A966,
    TIMESTAMP_SCALE = 0x2AD7B1,
    DURATION = 0x4489,
    MUXING_APP = 0x4D80,
    WRITING_APP = 0x5741,
    TRACKS = 0x1654AE6B,
    TRACK_ENTRY = 0xAE,
    TRACK_NUMBER = 0xD7,
    TRACK_UID = 0x73C5,
    TRACK_TYPE = 0x83,
    FLAG_LACING = 0x9C,
    CODEC_ID = 0x86,
    CODEC_PRIVATE = 0x63A2,
    CODEC_DELAY = 0x56AA,
    SEEK_PRE_ROLL = 0x56BB,
    VIDEO = 0xE0,
    PIXEL_WIDTH = 0xB0,
    PIXEL_HEIGHT = 0xBA,
    AUDIO = 0xE1,
    SAMPLING = 0xB5,
    CHANNELS = 0x9F,
    CLUSTER = 0x1F43B675,
    TIMESTAMP = 0xE7,
    SIMPLE_BLOCK = 0xA3,
    CUES = 0x1C53BB6B,
    CUE_POINT = 0xBB,
    CUE_TIME = 0xB3,
    CUE_POSITIONS = 0xB7,
    CUE_TRACK = 0xF7,
    CUE_CLUSTER = 0xF1,
};

struct webm {
    struct webm_sink sink;
    enum err err;
    uint64_t size;                     /* of the file so far */
    uint64_t segment, duration, seeks; /* where these are in it: contents, value, room */
    uint64_t info_at, tracks_at;       /* in the segment */
    bool picture;
    struct buf cluster, cues;
    int64_t cluster_ms;
    bool cue; /* the cluster begins with a key frame, or there is no picture */
};

/* --- elements --- */

static void add_number(struct buf *b, uint64_t value, int bytes)
{
    unsigned char out[8];
    for (int i = bytes; i-- > 0; value >>= 8)
        out[i] = (unsigned char)value;
    buf_add(b, out, (size_t)bytes);
}

static void add_id(struct buf *b, uint32_t id)
{
    add_number(b, id, id > 0xFFFFFF ? 4 : id > 0xFFFF ? 3 : id > 0xFF ? 2 : 1);
}

/* Sizes are always eight bytes long, so that they can be told before they are known. */
static void add_size(struct buf *b, uint64_t size)
{
    add_number(b, size | 1ULL << 56, 8);
}

static void add_bytes(struct buf *b, uint32_t id, const void *bytes, size_t len)
{
    add_id(b, id);
    add_size(b, len);
    buf_add(b, bytes, len);
}

static void add_text(struct buf *b, uint32_t id, const char *text)
{
    add_bytes(b, id, text, strlen(text));
}

static void add_uint(struct buf *b, uint32_t id, uint64_t value)
{
    add_id(b, id);
    add_size(b, 8);
    add_number(b, value, 8);
}

static void add_float(struct buf *b, uint32_t id, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    add_uint(b, id, bits);
}

static void add_master(struct buf *b, uint32_t id, struct buf *content)
{
    add_bytes(b, id, content->data, content->len);
    b->failed |= content->failed;
    buf_clear(content);
}

/* --- the file --- */

static void emit(struct webm *w, const struct buf *b)
{
    if (w->err == ERR_OK)
        w->err = buf_failed(b) ? ERR_TOO_LARGE : w->sink.add(w->sink.arg, b->data, b->len);
    w->size += b->len;
}

static void add_ebml(struct buf *out, struct buf *inner)
{
    add_uint(inner, EBML_VERSION, 1);
    add_uint(inner, EBML_READ_VERSION, 1);
    add_uint(inner, EBML_ID_MOST, 4);
    add_uint(inner, EBML_SIZE_MOST, 8);
    add_text(inner, DOC_TYPE, "webm");
    add_uint(inner, DOC_VERSION, 4);
    add_uint(inner, DOC_READ_VERSION, 2);
    add_master(out, EBML, inner);
}

static void add_void(struct buf *out, size_t size)
{
    static const unsigned char nothing[SEEK_HEAD];
    add_bytes(out, VOID, nothing, size - 9);
}

/* RFC 7845: the head of an Opus stream, little endian. */
static void add_opus_head(struct buf *b, int preskip)
{
    unsigned char head[19] = {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 1};
    head[10] = (unsigned char)preskip;
    head[11] = (unsigned char)(preskip >> 8);
    head[12] = 48000 & 0xFF;
    head[13] = 48000 >> 8;
    add_bytes(b, CODEC_PRIVATE, head, sizeof head);
}

static void add_track(struct buf *tracks, struct buf *entry, enum webm_track track)
{
    add_uint(entry, TRACK_NUMBER, track);
    add_uint(entry, TRACK_UID, track);
    add_uint(entry, TRACK_TYPE, track == WEBM_PICTURE ? 1 : 2);
    add_uint(entry, FLAG_LACING, 0);
    add_text(entry, CODEC_ID, track == WEBM_PICTURE ? "V_VP8" : "A_OPUS");
    add_master(tracks, TRACK_ENTRY, entry);
}

static void add_tracks(struct buf *out, const struct webm_tracks *t)
{
    struct buf tracks, entry, inner;
    buf_init(&tracks, HEADS_MOST);
    buf_init(&entry, HEADS_MOST);
    buf_init(&inner, HEADS_MOST);
    add_opus_head(&entry, t->preskip);
    add_uint(&entry, CODEC_DELAY, (uint64_t)t->preskip * 1000000000 / 48000);
    add_uint(&entry, SEEK_PRE_ROLL, SEEK_PREROLL);
    add_float(&inner, SAMPLING, 48000);
    add_uint(&inner, CHANNELS, 1);
    add_master(&entry, AUDIO, &inner);
    add_track(&tracks, &entry, WEBM_VOICE);
    if (t->width) {
        add_uint(&inner, PIXEL_WIDTH, (uint64_t)t->width);
        add_uint(&inner, PIXEL_HEIGHT, (uint64_t)t->height);
        add_master(&entry, VIDEO, &inner);
        add_track(&tracks, &entry, WEBM_PICTURE);
    }
    add_master(out, TRACKS, &tracks);
    buf_release(&tracks);
    buf_release(&entry);
    buf_release(&inner);
}

static void write_heads(struct webm *w, const struct webm_tracks *tracks)
{
    struct buf out, inner;
    buf_init(&out, 4 * HEADS_MOST);
    buf_init(&inner, HEADS_MOST);
    add_ebml(&out, &inner);
    add_id(&out, SEGMENT);
    add_size(&out, (1ULL << 56) - 1); /* not known yet */
    w->segment = w->seeks = out.len;
    add_void(&out, SEEK_HEAD);
    w->info_at = out.len - w->segment;
    add_uint(&inner, TIMESTAMP_SCALE, 1000000); /* a millisecond */
    add_text(&inner, MUXING_APP, "amphi");
    add_text(&inner, WRITING_APP, "amphi");
    add_float(&inner, DURATION, 0);
    add_master(&out, INFO, &inner);
    w->duration = out.len - 8;
    w->tracks_at = out.len - w->segment;
    add_tracks(&out, tracks);
    emit(w, &out);
    buf_release(&out);
    buf_release(&inner);
}

struct webm *webm_new(const struct webm_sink *sink, const struct webm_tracks *tracks)
{
    struct webm *w = mem_new(sizeof *w);
    w->sink = *sink;
    w->picture = tracks->width > 0;
    buf_init(&w->cluster, 2 * CLUSTER_BYTES);
    buf_init(&w->cues, CUES_MOST);
    write_heads(w, tracks);
    return w;
}

/* --- clusters --- */

static void add_cue(struct webm *w, uint64_t at)
{
    struct buf point, positions;
    buf_init(&point, HEADS_MOST);
    buf_init(&positions, HEADS_MOST);
    add_uint(&point, CUE_TIME, (uint64_t)w->cluster_ms);
    add_uint(&positions, CUE_TRACK, w->picture ? WEBM_PICTURE : WEBM_VOICE);
    add_uint(&positions, CUE_CLUSTER, at);
    add_master(&point, CUE_POSITIONS, &positions);
    add_master(&w->cues, CUE_POINT, &point);
    buf_release(&point);
    buf_release(&positions);
}

static void end_cluster(struct webm *w)
{
    struct buf out;
    if (w->cluster.len == 0)
        return;
    if (w->cue)
        add_cue(w, w->size - w->segment);
    buf_init(&out, 2 * CLUSTER_BYTES + HEADS_MOST);
    add_master(&out, CLUSTER, &w->cluster);
    emit(w, &out);
    buf_release(&out);
}

static void begin_cluster(struct webm *w, int64_t at_ms, bool cue)
{
    w->cluster_ms = at_ms;
    w->cue = cue;
    add_uint(&w->cluster, TIMESTAMP, (uint64_t)at_ms);
}

void webm_put(struct webm *w, enum webm_track track, int64_t at_ms, bool key, const void *bytes,
              size_t len)
{
    bool cue = key && (track == WEBM_PICTURE || !w->picture);
    bool full = at_ms - w->cluster_ms >= CLUSTER_MS || w->cluster.len + len > CLUSTER_BYTES;
    unsigned char head[4];
    if (w->cluster.len == 0 || full || (track == WEBM_PICTURE && key)) {
        end_cluster(w);
        begin_cluster(w, at_ms, cue);
    }
    int64_t since = at_ms - w->cluster_ms;
    head[0] = (unsigned char)(0x80 | track);
    head[1] = (unsigned char)(since >> 8);
    head[2] = (unsigned char)since;
    head[3] = key ? 0x80 : 0;
    add_id(&w->cluster, SIMPLE_BLOCK);
    add_size(&w->cluster, sizeof head + len);
    buf_add(&w->cluster, head, sizeof head);
    buf_add(&w->cluster, bytes, len);
}

/* --- the end --- */

static void patch(struct webm *w, uint64_t at, const struct buf *b)
{
    if (w->err == ERR_OK)
        w->err = w->sink.patch(w->sink.arg, at, b->data, b->len);
}

static void add_seek(struct buf *heads, uint32_t id, uint64_t at)
{
    /* Short sizes: what is kept for it at the front is small. */
    add_number(heads, SEEK, 2);
    add_number(heads, 0x80 | (3 + 4 + 3 + 8), 1);
    add_number(heads, SEEK_ID, 2);
    add_number(heads, 0x80 | 4, 1);
    add_number(heads, id, 4);
    add_number(heads, SEEK_POSITION, 2);
    add_number(heads, 0x80 | 8, 1);
    add_number(heads, at, 8);
}

/* 12 + 3 × 21 bytes would not fit: cues and tracks are what players look for. */
static void patch_seeks(struct webm *w, uint64_t cues_at)
{
    struct buf b;
    buf_init(&b, HEADS_MOST);
    add_number(&b, SEEK_HEADS, 4);
    add_number(&b, 0x80 | 42, 1);
    add_seek(&b, TRACKS, w->tracks_at);
    add_seek(&b, CUES, cues_at);
    add_number(&b, VOID, 1);
    add_number(&b, 0x80 | (SEEK_HEAD - b.len - 1), 1);
    patch(w, w->seeks, &b);
    buf_release(&b);
}

static void patch_numbers(struct webm *w, int64_t duration_ms)
{
    struct buf b;
    double duration = (double)duration_ms;
    uint64_t bits;
    buf_init(&b, HEADS_MOST);
    add_size(&b, w->size - w->segment);
    patch(w, w->segment - 8, &b);
    buf_clear(&b);
    memcpy(&bits, &duration, sizeof bits);
    add_number(&b, bits, 8);
    patch(w, w->duration, &b);
    buf_release(&b);
}

enum err webm_end(struct webm *w, int64_t duration_ms)
{
    struct buf out;
    end_cluster(w);
    uint64_t cues_at = w->size - w->segment;
    buf_init(&out, CUES_MOST + HEADS_MOST);
    add_master(&out, CUES, &w->cues);
    emit(w, &out);
    buf_release(&out);
    patch_seeks(w, cues_at);
    patch_numbers(w, duration_ms);
    enum err err = w->err;
    buf_release(&w->cluster);
    buf_release(&w->cues);
    free(w);
    return err;
}
