#include "features/slides/slides_push.h"
#include "base/app.h"
#include "base/config.h"
#include "base/frame.h"
#include "base/mem.h"
#include "room/out.h"
#include <stdio.h>

#define BINARY_SLIDE  1
#define SLIDE_VERSION 2
#define HEADER_MAX    192
#define PIECE_BYTES   7936 /* of the image; with the header 8 KB at most */

struct receiver {
    struct list node;
    uint64_t conn;
    int width;
};

struct reading {
    struct db_job job;
    struct slides_push *push;
    char place[PLACE_SIZE]; /* the room's: this is read by a worker */
    struct slide_position page;
    struct slide_images images;
};

static void images_release(struct slide_images *images)
{
    for (int i = 0; i < images->n; i++)
        payload_unref(images->payload[i]);
    images->n = 0;
}

void slides_push_init(struct slides_push *p, struct room *room, const struct decks *decks,
                      const struct slide_position *on)
{
    p->room = room;
    p->decks = decks;
    p->on = on;
    map_init(&p->receivers);
    list_init(&p->idle);
    list_init(&p->waiting);
}

void slides_push_release(struct slides_push *p)
{
    size_t cursor = 0;
    struct receiver *r;
    while ((r = map_next(&p->receivers, &cursor)))
        free(r);
    map_release(&p->receivers);
    images_release(&p->images);
}

/* --- reading the images --- */

/* The image from offset on: u8 kind, u8 version, u16 length, the header as JSON, then its bytes. */
static struct payload *piece_of(const struct reading *reading, int width,
                                const struct payload *image, size_t offset)
{
    unsigned char head[4 + HEADER_MAX] = {BINARY_SLIDE, SLIDE_VERSION};
    char id[ID_TEXT_SIZE];
    size_t left = image->len - offset;
    int len = snprintf((char *)head + 4, HEADER_MAX,
                       "{\"place\":\"%s\",\"deck\":\"%s\",\"page\":%d,\"width\":%d,"
                       "\"offset\":%zu,\"total\":%zu}",
                       reading->place, id_text(&reading->page.deck, id), reading->page.page, width,
                       offset, image->len);
    head[3] = (unsigned char)len;
    return frame_binary(head, 4 + (size_t)len, image->bytes + offset,
                        left < PIECE_BYTES ? left : PIECE_BYTES);
}

/* Its pieces, joined, between which other frames are sent. */
static struct payload *pieces_of(const struct reading *reading, int width,
                                 const struct payload *image)
{
    size_t n = (image->len + PIECE_BYTES - 1) / PIECE_BYTES;
    struct payload **pieces = mem_new_array(n ? n : 1, sizeof *pieces);
    n = 0;
    do
        pieces[n] = piece_of(reading, width, image, n * PIECE_BYTES);
    while (++n * PIECE_BYTES < image->len);
    struct payload *all = payload_join(pieces, n);
    for (size_t i = 0; i < n; i++)
        payload_unref(pieces[i]);
    free(pieces);
    return all;
}

static void run(struct db_job *job, struct db_conn *c)
{
    struct reading *reading = container_of(job, struct reading, job);
    struct slide_images *images = &reading->images;
    job->err = slide_images_read(c, reading->push->room->app->blobs, &reading->page, images);
    for (int i = 0; !job->err && i < images->n; i++) {
        struct payload *image = images->payload[i];
        images->payload[i] = pieces_of(reading, images->width[i], image);
        payload_unref(image);
    }
}

static void on_read(struct message *message)
{
    struct reading *reading = container_of(message, struct reading, job.done);
    struct slides_push *p = reading->push;
    struct room *room = p->room;
    p->reading = false;
    if (reading->job.err) { /* whoever needs it fetches it; the next page is tried again */
        images_release(&reading->images);
    } else { /* ahead stays as it is while its images are read */
        p->images = reading->images;
        p->owed = 0;
        p->served_at = room_now(room);
    }
    free(reading);
    slides_push_look(p);
    room_let_go(room);
}

static void read_images(struct slides_push *p)
{
    struct room *room = p->room;
    struct reading *reading = mem_new(sizeof *reading);
    reading->push = p;
    snprintf(reading->place, sizeof reading->place, "%s", room_place(room));
    reading->page = p->ahead;
    reading->job =
        (struct db_job){.run = run, .reply_to = room->mailbox, .done = {.deliver = on_read}};
    if (db_submit(room->db, DB_SHORT, &reading->job) != ERR_OK) {
        free(reading);
        return;
    }
    p->reading = true;
    room_hold(room);
}

/* The page after the one that is on, or page 0. */
static struct slide_position next_page(const struct slides_push *p)
{
    struct slide_position next = {.deck = p->on->deck, .page = p->on->page + 1};
    const struct deck *deck = p->on->page ? decks_find(p->decks, &p->on->deck) : NULL;
    if (!deck || next.page > deck->page_count)
        next.page = 0;
    return next;
}

void slides_push_look(struct slides_push *p)
{
    struct slide_position next = next_page(p);
    bool same = next.page == p->ahead.page && id_equal(&next.deck, &p->ahead.deck);
    if (same || p->reading || p->receivers.len == 0)
        return;
    images_release(&p->images);
    p->ahead = next;
    list_splice(&p->waiting, &p->idle);
    if (next.page)
        read_images(p);
}

/* --- who receives --- */

void slides_push_add(struct slides_push *p, uint64_t conn, int width)
{
    struct id key = conn_key(conn);
    struct receiver *r = map_get(&p->receivers, &key);
    if (!r) {
        r = mem_new(sizeof *r);
        list_init(&r->node);
        r->conn = conn;
        map_put(&p->receivers, &key, r);
        list_append(&p->waiting, &r->node);
    }
    r->width = width;
    slides_push_look(p);
}

void slides_push_remove(struct slides_push *p, uint64_t conn)
{
    struct id key = conn_key(conn);
    struct receiver *r = map_remove(&p->receivers, &key);
    if (!r)
        return;
    list_remove(&r->node);
    free(r);
}

/* The narrowest that is wide enough, else the widest. */
static struct payload *image_for(const struct slide_images *images, int width)
{
    int i = 0;
    while (i < images->n - 1 && images->width[i] < width)
        i++;
    return images->payload[i];
}

/* As many as the time that went by allows, so that all are served within slide_spread_ms. */
void slides_push_tick(struct slides_push *p)
{
    struct room *room = p->room;
    if (p->images.n == 0 || list_empty(&p->waiting)) {
        p->owed = 0;
        p->served_at = room_now(room);
        return;
    }
    int64_t now = room_now(room), spread = room->app->config->slide_spread_ms * US_PER_MS;
    double share = spread ? (double)(now - p->served_at) / (double)spread : 1;
    p->owed += share * (double)p->receivers.len;
    p->served_at = now;
    while (p->owed >= 1 && !list_empty(&p->waiting)) {
        p->owed--;
        struct list *node = list_take_first(&p->waiting);
        struct receiver *r = container_of(node, struct receiver, node);
        struct member *member = room_member_by_conn(room, r->conn);
        list_append(&p->idle, node);
        if (member)
            room_send_bulk(room, member, image_for(&p->images, r->width));
    }
}
