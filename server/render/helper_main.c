#include "render/helper.h"

#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_all(const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t n = write(STDOUT_FILENO, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(3); /* nobody listens any more */
        at += n;
        len -= (size_t)n;
    }
}

static void send_record(const struct render_record *record, const void *body)
{
    uint8_t header[RENDER_HEADER_SIZE];
    render_record_encode(record, header);
    write_all(header, sizeof(header));
    write_all(body, record->length);
}

static void send_part(enum render_kind kind, uint32_t page, const void *bytes, size_t len)
{
    struct render_record record = {.kind = kind, .page = page, .length = (uint32_t)len};
    send_record(&record, bytes);
}

static void send_page(uint32_t number, const struct drawn_page *page)
{
    struct render_record record = {.kind = RENDER_PAGE,
                                   .warnings = page->warnings,
                                   .page = number,
                                   .width = (uint32_t)page->width,
                                   .height = (uint32_t)page->height};
    send_record(&record, NULL);
    send_part(RENDER_TEXT, number, page->text, strlen(page->text));
    send_part(RENDER_NOTES, number, page->notes, strlen(page->notes));
    send_part(RENDER_LINKS, number, page->links, page->links_len);
    for (int i = 0; i < RENDER_WIDTHS; i++) {
        const struct webp *image = &page->images[i];
        record = (struct render_record){.kind = RENDER_IMAGE,
                                        .page = number,
                                        .width = (uint32_t)image->width,
                                        .height = (uint32_t)image->height,
                                        .length = (uint32_t)image->len};
        send_record(&record, image->bytes);
    }
}

/* Poppler shows nothing of a page whose CropBox has no area: then the document is opened once more,
 * without such boxes. */
static enum render_code draw_page(PopplerDocument **document, bool *mended, int number,
                                  struct drawn_page *page)
{
    enum render_code code = page_draw(*document, number, page);
    if (!page->no_area || *mended)
        return code;
    *mended = true;
    PopplerDocument *again = document_without_empty_boxes();
    if (again == NULL)
        return code;
    g_object_unref(*document);
    *document = again;
    return page_draw(*document, number, page);
}

static int render_document(int first)
{
    PopplerDocument *document = NULL;
    bool mended = false;
    int page_count = 0;
    enum render_code code = document_open(&document, &page_count);
    if (code != RENDER_OK) {
        send_record(&(struct render_record){.kind = RENDER_DOCUMENT_FAILED, .code = code}, NULL);
        return 0;
    }
    send_record(&(struct render_record){.kind = RENDER_DOCUMENT, .page = (uint32_t)page_count},
                NULL);
    for (int number = first; number <= page_count; number++) {
        struct drawn_page page = {0};
        code = draw_page(&document, &mended, number, &page);
        if (code == RENDER_OK)
            send_page((uint32_t)number, &page);
        else
            send_record(&(struct render_record){.kind = RENDER_PAGE_FAILED,
                                                .code = code,
                                                .page = (uint32_t)number},
                        NULL);
        page_free(&page);
    }
    send_record(&(struct render_record){.kind = RENDER_END}, NULL);
    return 0;
}

struct options {
    struct sandbox_limits limits;
    int first;
    bool self_test;
};

static bool number(const char *text, int least, int most, int *out)
{
    char *end;
    long value = strtol(text, &end, 10);
    *out = (int)value;
    return end != text && *end == '\0' && value >= least && value <= most;
}

static bool read_options(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {
        {"first", required_argument, NULL, 'f'},  {"user", required_argument, NULL, 'u'},
        {"memory", required_argument, NULL, 'm'}, {"cpu", required_argument, NULL, 'c'},
        {"self-test", no_argument, NULL, 't'},    {NULL, 0, NULL, 0}};
    *o = (struct options){.limits = {"nobody", 1024, 600}, .first = 1};
    bool ok = true;
    for (int c; ok && (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (c) {
        case 'f':
            ok = number(optarg, 1, RENDER_MAX_PAGES, &o->first);
            break;
        case 'u':
            o->limits.user = optarg;
            break;
        case 'm':
            ok = number(optarg, 64, 65536, &o->limits.memory_mb);
            break;
        case 'c':
            ok = number(optarg, 1, 1000000, &o->limits.cpu_seconds);
            break;
        case 't':
            o->self_test = true;
            break;
        default:
            ok = false;
        }
    }
    return ok && optind == argc;
}

/* What a page took of memory the next one takes again: giving it back between them costs as much as
 * the encoding of a small image. */
static void keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

int main(int argc, char **argv)
{
    struct options o;
    if (!read_options(argc, argv, &o)) {
        fprintf(stderr, "usage: amphi-render [--first PAGE] [--user NAME] [--memory MB] "
                        "[--cpu SECONDS] [--self-test] <document.pdf >records\n");
        return 2;
    }
    if (!sandbox_drop(&o.limits) || !files_open() || !sandbox_lock(&o.limits))
        return 4;
    faults_watch();
    keep_memory();
    return o.self_test ? sandbox_self_test() : render_document(o.first);
}
