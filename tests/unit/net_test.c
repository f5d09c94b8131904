/* net/ without a socket: frames, the outgoing queue, budgets, assets. */
#include "base/frame.h"
#include "base/mem.h"
#include "harness/payload.h"
#include "net/assets.h"
#include "net/budget.h"
#include "net/outq.h"
#include "net/parcel.h"
#include "net/tickets.h"
#include "run.h"
#include <netinet/in.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(frames_have_the_shortest_header)
{
    static const struct {
        size_t len;
        unsigned char head[10];
        size_t head_len;
    } cases[] = {{0, {0x81, 0}, 2},
                 {125, {0x81, 125}, 2},
                 {126, {0x81, 126, 0, 126}, 4},
                 {65535, {0x81, 126, 0xff, 0xff}, 4},
                 {65536, {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}, 10}};
    char *text = mem_new(70000);
    memset(text, 'x', 70000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct payload *p = frame_text(text, cases[i].len);
        ck_assert_uint_eq(p->len, cases[i].head_len + cases[i].len);
        ck_assert_mem_eq(p->bytes, cases[i].head, cases[i].head_len);
        payload_unref(p);
    }
    struct payload *p = frame_binary("ab", 2, "cde", 3);
    ck_assert_mem_eq(p->bytes,
                     "\x82\x05"
                     "abcde",
                     7);
    payload_unref(p);
    free(text);
}
END_TEST

START_TEST(control_frames_are_bounded)
{
    struct payload *p = frame_ping("12345678", 8);
    ck_assert_mem_eq(p->bytes,
                     "\x89\x08"
                     "12345678",
                     10);
    payload_unref(p);
    p = frame_close(1001, "bye");
    ck_assert_mem_eq(p->bytes,
                     "\x88\x05\x03\xe9"
                     "bye",
                     7);
    payload_unref(p);
    char reason[200];
    memset(reason, 'a', sizeof reason);
    memcpy(reason + 122, "\xc3\xa9", 2); /* would be cut in the middle */
    reason[199] = '\0';
    p = frame_close(1008, reason);
    ck_assert_uint_eq(p->len, 2 + 2 + 122);
    payload_unref(p);
}
END_TEST

START_TEST(frames_are_read_as_they_were_written)
{
    static const size_t sizes[] = {0, 125, 126, 65535, 65536};
    char *text = mem_new(70000);
    memset(text, 'x', 70000);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct payload *p = frame_text(text, sizes[i]);
        struct frame_view view;
        ck_assert_uint_eq(frame_read(p->bytes, p->len, &view), p->len);
        ck_assert_int_eq(view.kind, FRAME_IS_TEXT);
        ck_assert_uint_eq(view.len, sizes[i]);
        ck_assert_ptr_eq(view.bytes + view.len, p->bytes + p->len);
        ck_assert_uint_eq(frame_read(p->bytes, p->len - 1, &view), 0);
        payload_unref(p);
    }
    free(text);
}
END_TEST

START_TEST(a_parcel_is_a_line_and_frames)
{
    static const char body[] = "{\"number\":7}\n{\"id\":1}\n\n{\"id\":2}";
    struct parcel p;
    const char *frame;
    size_t len;
    ck_assert(parcel_read(body, strlen(body), "number", false, &p));
    ck_assert_int_eq(p.number, 7);
    ck_assert(parcel_take(&p, &frame, &len));
    ck_assert(len == 8 && memcmp(frame, "{\"id\":1}", len) == 0);
    ck_assert(parcel_take(&p, &frame, &len));
    ck_assert_uint_eq(len, 0); /* what sent it is told so */
    ck_assert(parcel_take(&p, &frame, &len));
    ck_assert(len == 8 && memcmp(frame, "{\"id\":2}", len) == 0);
    ck_assert(!parcel_take(&p, &frame, &len));
    ck_assert(parcel_read("{\"ack\":0,\"wait_ms\":9000}\n", 25, "ack", true, &p));
    ck_assert_int_eq(p.wait_ms, 9000);
    ck_assert(!parcel_take(&p, &frame, &len));
}
END_TEST

START_TEST(a_parcel_that_is_not_of_its_form_is_refused)
{
    static const char *const bad[] = {"",
                                      "\n",
                                      "7",
                                      "{}",
                                      "[1]",
                                      "{\"ack\":-1}",
                                      "{\"ack\":1.5}",
                                      "{\"number\":1}",
                                      "{\"ack\":1,\"more\":1}",
                                      "{\"ack\":1,\"wait_ms\":0}",
                                      "{\"ack\":1,\"wait_ms\":60001}"};
    struct parcel p;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!parcel_read(bad[i], strlen(bad[i]), "ack", true, &p), "%s", bad[i]);
    ck_assert(!parcel_read("{\"ack\":1,\"wait_ms\":5}", 21, "ack", false, &p));
    char many[256] = "{\"number\":1}\n";
    size_t first = strlen(many);
    memset(many + first, '\n', PARCEL_FRAMES_MOST + 1);
    ck_assert(parcel_read(many, first + PARCEL_FRAMES_MOST, "number", false, &p));
    ck_assert(!parcel_read(many, first + PARCEL_FRAMES_MOST + 1, "number", false, &p));
}
END_TEST

static void add_frame(struct buf *frames, struct payload *frame)
{
    buf_add(frames, frame->bytes, frame->len);
    payload_unref(frame);
}

START_TEST(frames_become_lines)
{
    struct buf frames, lines;
    buf_init(&frames, 4096);
    buf_init(&lines, 4096);
    add_frame(&frames, frame_text("{\"hello\":1}", 11));
    add_frame(&frames, frame_binary("ab", 2, "\n", 1));
    add_frame(&frames, frame_ping("amphi", 5));
    add_frame(&frames, frame_close(4401, "a \"word\""));
    parcel_add_frames(&lines, (unsigned char *)frames.data, frames.len);
    ck_assert_str_eq(lines.data, "{\"hello\":1}\n"
                                 "{\"close\":{\"code\":4401,\"reason\":\"a \\\"word\\\"\"}}\n");
    buf_release(&frames);
    buf_release(&lines);
}
END_TEST

static bool push(struct outq *q, enum frame_class class, uint64_t key, const char *text, size_t max)
{
    struct payload *p = payload_copy(text, strlen(text));
    bool ok = outq_push(q, class, key, p, max, 1000);
    payload_unref(p);
    return ok;
}

/* Sends at most max bytes, which must be these. */
static void expect_sent(struct outq *q, size_t max, const char *text, int frames)
{
    unsigned char scratch[64];
    const unsigned char *bytes;
    ck_assert_uint_eq(outq_peek(q, scratch, max, &bytes), strlen(text));
    ck_assert_mem_eq(bytes, text, strlen(text));
    ck_assert_int_eq(outq_sent(q, strlen(text)), frames);
}

START_TEST(the_queue_keeps_order_and_bulk_waits)
{
    struct outq q;
    outq_init(&q);
    ck_assert_int_eq(outq_oldest(&q), INT64_MAX);
    ck_assert(push(&q, FRAME_BULK, 0, "picture", 100));
    ck_assert(push(&q, FRAME_EVENT, 0, "e1", 100));
    ck_assert(push(&q, FRAME_STATE, 7, "s-old", 100));
    ck_assert(push(&q, FRAME_EVENT, 0, "e2", 100));
    ck_assert(push(&q, FRAME_STATE, 7, "s-new", 100));
    ck_assert(push(&q, FRAME_STATE, 8, "other", 100));
    ck_assert_int_eq(outq_oldest(&q), 1000);
    expect_sent(&q, 64, "e1e2s-newother", 4);
    ck_assert(outq_may_wait(&q) && outq_takes_media(&q));
    ck_assert(push(&q, FRAME_MEDIA, 0, "voice", 100));
    ck_assert(outq_may_wait(&q) && !outq_takes_media(&q));
    expect_sent(&q, 64, "voice", 1);
    expect_sent(&q, 64, "picture", 1);
    ck_assert(outq_empty(&q));
    ck_assert_uint_eq(q.bytes, 0);
}
END_TEST

START_TEST(a_frame_that_was_begun_is_ended_before_anything_else)
{
    struct outq q;
    outq_init(&q);
    ck_assert(push(&q, FRAME_STATE, 7, "s-old", 20));
    ck_assert(push(&q, FRAME_BULK, 0, "picture", 20));
    expect_sent(&q, 3, "s-o", 0);
    ck_assert(outq_mid_frame(&q));
    ck_assert(push(&q, FRAME_STATE, 7, "s-new", 20)); /* does not replace it */
    expect_sent(&q, 8, "lds-new", 2);
    ck_assert_uint_eq(q.bytes, 7);
    expect_sent(&q, 2, "pi", 0);
    ck_assert(outq_mid_frame(&q));
    ck_assert_uint_eq(q.bytes, 0); /* what is begun does not wait */
    ck_assert(push(&q, FRAME_EVENT, 0, "twenty bytes long...", 20));
    expect_sent(&q, 30, "cturetwenty bytes long...", 2);
    ck_assert(outq_empty(&q) && !outq_mid_frame(&q));
    ck_assert(push(&q, FRAME_EVENT, 0, "left", 20));
    expect_sent(&q, 1, "l", 0);
    outq_release(&q); /* also of what is begun */
    ck_assert(outq_empty(&q));
}
END_TEST

static struct payload *letters(char letter, size_t len)
{
    struct payload *p = payload_new(len);
    memset(p->bytes, letter, len);
    return p;
}

START_TEST(long_bytes_are_joined_by_reference_and_sent_out_of_their_own_memory)
{
    struct payload *big = letters('B', 100000), *small = letters('s', 10);
    struct payload *inner = payload_join((struct payload *[]){small, big, small}, 3);
    struct payload *all = payload_join((struct payload *[]){inner, small}, 2);
    payload_unref(inner);
    ck_assert_uint_eq(all->len, 100030);
    unsigned char *bytes = payload_whole(all), *scratch = mem_new(50000);
    ck_assert(bytes[9] == 's' && bytes[10] == 'B' && bytes[100009] == 'B' && bytes[100010] == 's');
    const unsigned char *at;
    ck_assert_uint_eq(payload_at(all, 100010, &at), 20); /* short neighbours are one part */
    ck_assert_uint_eq(payload_at(all, 100030, &at), 0);
    struct outq q;
    outq_init(&q);
    ck_assert(outq_push(&q, FRAME_EVENT, 0, all, 1000000, 1));
    payload_unref(all);
    ck_assert_uint_eq(outq_peek(&q, scratch, 50000, &at), 50000);
    ck_assert_ptr_eq(at, scratch); /* with what comes before it */
    outq_sent(&q, 50000);
    ck_assert_uint_eq(outq_peek(&q, scratch, 50000, &at), 50000);
    ck_assert_mem_eq(at, bytes + 50000, 50000);
    outq_sent(&q, 1000);
    ck_assert_uint_eq(outq_peek(&q, scratch, 49000, &at), 49000);
    ck_assert_ptr_eq(at, big->bytes + 50990);
    outq_sent(&q, 49000);
    ck_assert_uint_eq(outq_peek(&q, scratch, 50000, &at), 30);
    ck_assert_mem_eq(at, bytes + 100000, 30);
    ck_assert_int_eq(outq_sent(&q, 30), 1);
    ck_assert_uint_eq(big->refs, 1);
    free(bytes);
    free(scratch);
    payload_unref(big);
    payload_unref(small);
}
END_TEST

START_TEST(bulk_gives_way_and_events_do_not)
{
    struct outq q;
    outq_init(&q);
    ck_assert(push(&q, FRAME_BULK, 0, "1234567890", 30));
    ck_assert(push(&q, FRAME_BULK, 0, "abcdefghij", 30));
    ck_assert(push(&q, FRAME_EVENT, 0, "ABCDEFGHIJKL", 30));       /* the older picture goes */
    ck_assert(push(&q, FRAME_BULK, 0, "0123456789012345678", 30)); /* left out with the other */
    expect_sent(&q, 64, "ABCDEFGHIJKL", 1);
    ck_assert(outq_empty(&q));
    ck_assert(push(&q, FRAME_EVENT, 0, "ABCDEFGHIJKLMNOPQRST", 30));
    ck_assert(!push(&q, FRAME_EVENT, 0, "ABCDEFGHIJKLMNOPQRST", 30));
    outq_release(&q);
    ck_assert(push(&q, FRAME_EVENT, 0, "one alone may be larger than the bound", 30));
    outq_release(&q);
}
END_TEST

/* Bulk of three frames, each of one letter. */
static struct payload *pieces(size_t len)
{
    struct payload *parts[3];
    for (int i = 0; i < 3; i++)
        parts[i] = letters("abc"[i], len);
    struct payload *all = payload_join(parts, 3);
    for (int i = 0; i < 3; i++)
        payload_unref(parts[i]);
    return all;
}

START_TEST(what_must_arrive_is_sent_between_two_pieces_of_bulk)
{
    enum { PIECE = PAYLOAD_COPIED };
    unsigned char *scratch = mem_new(2 * PIECE);
    const unsigned char *at;
    struct payload *all = pieces(PIECE);
    struct outq q;
    outq_init(&q);
    ck_assert(outq_push(&q, FRAME_BULK, 0, all, 100000, 1));
    ck_assert(push(&q, FRAME_BULK, 0, "another", 100000));
    ck_assert_uint_eq(outq_peek(&q, scratch, 2 * PIECE, &at), PIECE); /* never two at once */
    ck_assert_int_eq(outq_sent(&q, PIECE), 0);
    ck_assert(!outq_mid_frame(&q));
    ck_assert_uint_eq(q.bytes, 2 * PIECE + 7);
    ck_assert(push(&q, FRAME_EVENT, 0, "event", 100000));
    expect_sent(&q, 64, "event", 1);
    ck_assert_uint_eq(outq_peek(&q, scratch, 1000, &at), 1000);
    ck_assert(at[0] == 'b' && at[999] == 'b'); /* the second comes next, out of its own memory */
    ck_assert_int_eq(outq_sent(&q, 1000), 0);
    ck_assert(push(&q, FRAME_EVENT, 0, "event", 100000));
    ck_assert_uint_eq(outq_peek(&q, scratch, 2 * PIECE, &at), PIECE - 1000 + 5);
    ck_assert_mem_eq(at + PIECE - 1001, "bevent", 6);
    ck_assert_int_eq(outq_sent(&q, PIECE - 1000 + 5), 1);
    ck_assert(outq_may_wait(&q) && !outq_empty(&q));
    ck_assert(push(&q, FRAME_EVENT, 0, "event", 11)); /* the rest of it gives way */
    expect_sent(&q, 64, "event", 1);
    ck_assert(outq_empty(&q));
    ck_assert_uint_eq(all->refs, 1);
    payload_unref(all);
    free(scratch);
}
END_TEST

START_TEST(websockets_have_a_share_and_addresses_a_cap)
{
    struct budget b;
    struct id one = {{1}}, two = {{2}};
    budget_init(&b, 16, 5);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(budget_admit(&b, &one), ADMIT);
    ck_assert_int_eq(budget_admit(&b, &one), REFUSE_ADDRESS);
    budget_forget_address(&b, &one); /* one of them signed in */
    ck_assert_int_eq(budget_admit(&b, &one), ADMIT);
    for (int i = 0; i < 6; i++) {
        ck_assert_int_eq(budget_admit(&b, &two), i < 5 ? ADMIT : REFUSE_ADDRESS);
    }
    budget_forget_address(&b, &two);
    ck_assert(budget_scarce(&b));
    ck_assert_int_eq(budget_admit(&b, &two), ADMIT); /* the twelfth of HTTP */
    budget_forget_address(&b, &two);
    ck_assert_int_eq(budget_admit(&b, &two), REFUSE_FULL); /* the rest is for websockets */
    budget_to_live(&b);
    ck_assert_int_eq(budget_admit(&b, &two), ADMIT);
    budget_leave(&b, true);
    budget_leave(&b, false);
    budget_release(&b);
}
END_TEST

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

START_TEST(assets_are_found_with_their_smallest_form)
{
    char folder[] = "/tmp/amphi-assets-XXXXXX", sub[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(sub, sizeof sub, "%s/assets", folder);
    mkdir(sub, 0700);
    write_file(folder, "index.html", "<html>");
    write_file(sub, "app-ABCDEFGH.js", "0123456789");
    write_file(sub, "app-ABCDEFGH.js.gz", "01234");
    write_file(sub, "app-ABCDEFGH.js.br", "0123");
    write_file(folder, ".secret", "no");
    char link[64];
    snprintf(link, sizeof link, "%s/passwd.txt", folder);
    ck_assert_int_eq(symlink("/etc/passwd", link), 0);
    struct assets *a = assets_load(folder);
    ck_assert_ptr_null(assets_find(a, "/passwd.txt"));
    const struct asset *js = assets_find(a, "/assets/app-ABCDEFGH.js");
    ck_assert_ptr_nonnull(js);
    ck_assert(js->immutable);
    ck_assert_str_eq(js->content_type, "text/javascript; charset=utf-8");
    ck_assert_int_eq(asset_choose(js, "gzip, br"), ASSET_BROTLI);
    ck_assert_int_eq(asset_choose(js, "gzip"), ASSET_GZIP);
    ck_assert_int_eq(asset_choose(js, ""), ASSET_PLAIN);
    ck_assert_int_eq(js->etag[0][0], '"');
    ck_assert(strcmp(js->etag[ASSET_PLAIN], js->etag[ASSET_GZIP]) != 0);
    ck_assert(!assets_find(a, "/index.html")->immutable);
    assets_free(a);
    a = assets_load("/nonexistent");
    ck_assert_ptr_null(assets_find(a, "/index.html"));
    assets_free(a);
}
END_TEST

START_TEST(a_ticket_key_is_forgotten_two_days_after_it_was_made)
{
    struct tickets t;
    struct ticket_key first, second, found;
    tickets_init(&t, 1000);
    tickets_newest(&t, 1000, &first);
    tickets_newest(&t, 1000 + TICKET_KEY_US - 1, &second);
    ck_assert_mem_eq(&first, &second, sizeof first);
    tickets_newest(&t, 1000 + TICKET_KEY_US, &second);
    ck_assert_mem_ne(first.name, second.name, sizeof first.name);
    ck_assert(tickets_find(&t, 1000 + TICKET_KEY_US, first.name, &found));
    ck_assert_mem_eq(&first, &found, sizeof first);
    tickets_turn(&t, 1000 + 2 * TICKET_KEY_US);
    ck_assert_mem_ne(&t.before, &first, sizeof first);
    ck_assert(!tickets_find(&t, 1000 + 2 * TICKET_KEY_US, first.name, &found));
    ck_assert(tickets_find(&t, 1000 + 2 * TICKET_KEY_US, second.name, &found));
    ck_assert(!tickets_find(&t, 1000 + 9 * TICKET_KEY_US, second.name, &found)); /* nobody came */
    tickets_newest(&t, 1000 + 9 * TICKET_KEY_US, &first);
    ck_assert(tickets_find(&t, 1000 + 10 * TICKET_KEY_US, first.name, &found));
    tickets_release(&t);
}
END_TEST

RUN_TESTS("net", a_ticket_key_is_forgotten_two_days_after_it_was_made,
          frames_have_the_shortest_header, control_frames_are_bounded,
          frames_are_read_as_they_were_written, a_parcel_is_a_line_and_frames,
          a_parcel_that_is_not_of_its_form_is_refused, frames_become_lines,
          the_queue_keeps_order_and_bulk_waits, what_must_arrive_is_sent_between_two_pieces_of_bulk,
          bulk_gives_way_and_events_do_not, a_frame_that_was_begun_is_ended_before_anything_else,
          long_bytes_are_joined_by_reference_and_sent_out_of_their_own_memory,
          websockets_have_a_share_and_addresses_a_cap, assets_are_found_with_their_smallest_form)
