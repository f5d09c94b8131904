/* The server's side of rendering: one thread that runs the helper program, one document at a time,
 * and reports pages as they come. A document that crashes, hangs or lies costs its page, never the
 * server: the helper is killed and started again from the next page. */
#ifndef AMPHI_RENDER_CLIENT_H
#define AMPHI_RENDER_CLIENT_H

#include "base/err.h"
#include "base/list.h"
#include "render/wire.h"

struct render;

struct render_config {
    const char *helper; /* path of amphi-render */
    const char *user;   /* whom the helper becomes when the server runs as root; NULL: nobody */
    int page_seconds; /* of processor time for opening and for each page; four times as long by the
                         wall clock */
    int memory_mb;    /* address space of the helper */
    size_t max_waiting; /* 0: 50 */
};

struct render_image {
    int width, height;
    const uint8_t *bytes; /* WebP */
    size_t len;
};

/* Borrowed for the call that shows it. A failed page has an error and nothing else. */
struct render_page {
    int page; /* from 1 */
    enum render_code error;
    int width, height; /* in points, after the page's rotation */
    const char *text;  /* UTF-8, no control characters but \n */
    size_t image_count;
    struct render_image images[RENDER_WIDTHS];
};

enum render_outcome {
    RENDER_FINISHED, /* every page was reported, failed ones too */
    RENDER_FAILED,   /* the document: see the code */
    RENDER_STOPPED,  /* the server shuts down, or a callback asked for it */
};

/* A document. Callbacks come on the render thread and may block. */
struct render_job {
    struct list node;
    int fd;         /* of the PDF, open for reading; closed by the client */
    int first_page; /* from 1; later ones continue work of an earlier run */
    /* The helper opened it. False: stop. */
    bool (*opened)(struct render_job *job, int page_count);
    /* Each page once, in order. False: stop. */
    bool (*page_done)(struct render_job *job, int page_count, const struct render_page *page);
    /* The last call; the job belongs to this function. */
    void (*document_done)(struct render_job *job, enum render_outcome outcome,
                          enum render_code code);
};

/* NULL when a thread cannot be had. */
struct render *render_new(const struct render_config *config);
/* Kills the helper, answers RENDER_STOPPED to all jobs, joins the thread. */
void render_free(struct render *r);
/* Any thread. ERR_BUSY when the queue is full: the job stays the caller's. */
enum err render_submit(struct render *r, struct render_job *job) MUST_CHECK;

#endif
