/* One run of the render client over a document that a script of tests/fixtures makes. */
#ifndef AMPHI_TESTS_RENDER_TRIAL_H
#define AMPHI_TESTS_RENDER_TRIAL_H

#include "base/list.h"
#include "render/client.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <webp/decode.h>

#define PAGES_KEPT 64

struct trial {
    struct render_document document;
    int stop_at;   /* the page whose report says stop; 0: none */
    bool stops_fd; /* stop_fd becomes readable once it is open */
    int64_t budget_ms;
    int opened, reported;
    enum render_code errors[PAGES_KEPT]; /* by page */
    int widths[PAGES_KEPT], heights[PAGES_KEPT];
    unsigned warnings[PAGES_KEPT];
    char text[1024]; /* of the last page, as its notes and links: "x,y width x height url" a line */
    char notes[1024], links[1024];
    uint8_t *pixels; /* of its image 960 wide, RGB, until the next run */
    int height;
    bool images_right;
    enum render_outcome outcome;
    enum render_code code;
};

static inline void trial_release(struct trial *t)
{
    WebPFree(t->pixels);
}

/* A trial that frees what it holds at the end of its block. */
#define TRIAL __attribute__((cleanup(trial_release))) struct trial

static bool on_opened(struct render_document *document, int page_count)
{
    struct trial *t = container_of(document, struct trial, document);
    t->opened = page_count;
    if (t->stops_fd)
        ck_assert_int_eq(eventfd_write(document->stop_fd, 1), 0);
    return true;
}

static bool images_right(const struct render_page *page)
{
    if (page->error != RENDER_OK)
        return page->image_count == 0;
    for (size_t i = 0; i < page->image_count; i++) {
        const struct render_image *image = &page->images[i];
        if (image->width != render_widths[i] || memcmp(image->bytes, "RIFF", 4) != 0 ||
            image->height != render_image_height(image->width, page->width, page->height))
            return false;
    }
    return page->image_count == RENDER_WIDTHS;
}

static void keep_pixels(struct trial *t, const struct render_image *image)
{
    int width;
    WebPFree(t->pixels);
    t->pixels = WebPDecodeRGB(image->bytes, image->len, &width, &t->height);
    ck_assert_ptr_nonnull(t->pixels);
    ck_assert_int_eq(width, 960);
}

/* The colour at a point of the last page, as 0xRRGGBB. */
static inline unsigned pixel(const struct trial *t, int x, int y)
{
    ck_assert_int_lt(y, t->height);
    const uint8_t *p = t->pixels + ((size_t)y * 960 + (size_t)x) * 3;
    return (unsigned)p[0] << 16 | (unsigned)p[1] << 8 | p[2];
}

static inline bool near(unsigned a, unsigned b)
{
    for (int shift = 0; shift < 24; shift += 8)
        if (abs((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff)) > 4)
            return false;
    return true;
}

static void keep_links(struct trial *t, const struct render_page *page)
{
    size_t n = 0;
    t->links[0] = '\0';
    for (size_t i = 0; i < page->link_count && n < sizeof t->links; i++) {
        const struct render_link *link = &page->links[i];
        n += (size_t)snprintf(t->links + n, sizeof t->links - n, "%u,%u %ux%u %.*s\n", link->x,
                              link->y, link->width, link->height, (int)link->url_len, link->url);
    }
}

static bool on_page(struct render_document *document, int page_count,
                    const struct render_page *page)
{
    struct trial *t = container_of(document, struct trial, document);
    ck_assert_int_eq(page_count, t->opened);
    ck_assert_int_eq(page->page, document->first_page + t->reported);
    ck_assert_int_lt(page->page, PAGES_KEPT);
    t->reported++;
    t->errors[page->page] = page->error;
    t->widths[page->page] = page->width;
    t->heights[page->page] = page->height;
    t->images_right = t->images_right && images_right(page);
    t->warnings[page->page] = page->warnings;
    if (page->error == RENDER_OK) {
        snprintf(t->text, sizeof t->text, "%s", page->text);
        snprintf(t->notes, sizeof t->notes, "%s", page->notes);
        keep_links(t, page);
        keep_pixels(t, &page->images[1]);
    }
    return page->page != t->stop_at;
}

static struct render_config config_of(const char *helper, int page_seconds)
{
    static char path[512];
    const char *build = getenv("AMPHI_TEST_BUILD");
    snprintf(path, sizeof path, "%s/amphi-render", build ? build : "build/release");
    return (struct render_config){
        .helper = helper ? helper : path, .page_seconds = page_seconds, .memory_mb = 1024};
}

/* Without a name. */
static int make_by(const char *script, const char *flags)
{
    char path[] = "/tmp/amphi-render-XXXXXX", command[512];
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    snprintf(command, sizeof command, "python3 tests/fixtures/%s %s %s", script, flags, path);
    ck_assert_int_eq(system(command), 0);
    unlink(path);
    return fd;
}

static inline int make_pdf(const char *flags)
{
    return make_by("make_pdf.py", flags);
}

static void run_with(const struct render_config *config, struct trial *t, int fd, int first)
{
    struct trial asked = *t;
    trial_release(t);
    *t = (struct trial){.images_right = true, .stop_at = asked.stop_at, .stops_fd = asked.stops_fd};
    t->document =
        (struct render_document){.fd = fd,
                                 .first_page = first,
                                 .stop_fd = eventfd(0, EFD_CLOEXEC),
                                 .budget_ms = asked.budget_ms ? asked.budget_ms : INT64_MAX,
                                 .opened = on_opened,
                                 .page_done = on_page};
    t->outcome = render_run(config, &t->document, &t->code);
    close(t->document.stop_fd);
    close(fd);
}

static inline void run(struct trial *t, int fd, int first, int page_seconds)
{
    struct render_config config = config_of(NULL, page_seconds);
    run_with(&config, t, fd, first);
}

#endif
