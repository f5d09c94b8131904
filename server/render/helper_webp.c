/* A page is drawn once, at full width; each smaller image is half as wide as the one before it, by
 * the mean of four pixels. Two encodings, lossy for pictures, lossless for text and drawings; the
 * smaller one is kept. Which it is shows at the small widths, where both cost little: a larger
 * image is only encoded as its half was when that was clear, and at full width in any case. */
#include "render/helper.h"

#include <stdlib.h>
#include <string.h>
#include <webp/encode.h>

#define LOSSY_QUALITY 80
#define LOSSLESS_EFFORT                                                                            \
    26                  /* 0 … 100; up to 25 repetitions are looked for less, which saves half   \
                         */
#define METHOD        2 /* 0 … 6: time against size, too */
#define CLEARLY(a, b) ((a) < (b) / 10 * 7)
#define LARGEST       (RENDER_WIDTHS - 1)

struct verdict {
    bool no_lossy, no_lossless;
};

static bool encode_one(WebPPicture *picture, bool lossless, WebPMemoryWriter *out)
{
    WebPConfig config;
    WebPMemoryWriterInit(out);
    if (!WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, lossless ? LOSSLESS_EFFORT : LOSSY_QUALITY))
        return false;
    config.method = METHOD;
    config.lossless = lossless;
    picture->use_argb = 1; /* lossy encoding leaves it cleared */
    picture->writer = WebPMemoryWrite;
    picture->custom_ptr = out;
    return WebPEncode(&config, picture) != 0;
}

/* Sets the verdict for the next, larger image. */
static enum render_code encode_better(WebPPicture *picture, bool last_but_one,
                                      struct verdict *verdict, struct webp *out)
{
    WebPMemoryWriter lossless = {0}, lossy = {0};
    bool ok = (verdict->no_lossless || encode_one(picture, true, &lossless)) &&
              (verdict->no_lossy || encode_one(picture, false, &lossy));
    bool use_lossy = lossless.mem == NULL || (lossy.mem != NULL && lossy.size <= lossless.size);
    if (ok && lossless.mem != NULL && lossy.mem != NULL) {
        verdict->no_lossy = last_but_one ? !use_lossy : CLEARLY(lossless.size, lossy.size);
        verdict->no_lossless = last_but_one ? use_lossy : CLEARLY(lossy.size, lossless.size);
    }
    WebPMemoryWriter *better = use_lossy ? &lossy : &lossless;
    WebPMemoryWriterClear(use_lossy ? &lossless : &lossy);
    *out = (struct webp){better->mem, better->size, picture->width, picture->height};
    if (!ok)
        return RENDER_PAGE_BROKEN;
    return better->size > RENDER_MAX_IMAGE_BYTES ? RENDER_PAGE_TOO_LARGE : RENDER_OK;
}

/* Of each of the four bytes; 0xAARRGGBB. */
static uint32_t mean(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    const uint32_t even = 0x00ff00ffu, half = 0x00020002u;
    uint32_t low = (a & even) + (b & even) + (c & even) + (d & even) + half;
    uint32_t high = (a >> 8 & even) + (b >> 8 & even) + (c >> 8 & even) + (d >> 8 & even) + half;
    return (low >> 2 & even) | (high >> 2 & even) << 8;
}

/* The height of a half is rounded: the last row may stand for two. Frees with WebPPictureFree(). */
static bool halve(const WebPPicture *from, int width, int height, WebPPicture *to)
{
    if (!WebPPictureInit(to))
        return false;
    to->use_argb = 1;
    to->width = width;
    to->height = height;
    if (!WebPPictureAlloc(to))
        return false;
    for (int y = 0; y < height; y++) {
        int y1 = 2 * y < from->height ? 2 * y : from->height - 1;
        int y2 = y1 + 1 < from->height ? y1 + 1 : y1;
        const uint32_t *one = from->argb + (size_t)y1 * (size_t)from->argb_stride;
        const uint32_t *two = from->argb + (size_t)y2 * (size_t)from->argb_stride;
        uint32_t *out = to->argb + (size_t)y * (size_t)to->argb_stride;
        for (int x = 0; x < width; x++)
            out[x] = mean(one[2 * x], one[2 * x + 1], two[2 * x], two[2 * x + 1]);
    }
    return true;
}

enum render_code webp_encode(cairo_surface_t *surface, struct webp images[RENDER_WIDTHS])
{
    WebPPicture sizes[RENDER_WIDTHS] = {0}, *full = &sizes[LARGEST];
    struct verdict verdict = {false, false};
    enum render_code code = WebPPictureInit(full) ? RENDER_OK : RENDER_PAGE_BROKEN;
    full->use_argb = 1; /* the surface's own pixels, which are opaque */
    full->width = cairo_image_surface_get_width(surface);
    full->height = cairo_image_surface_get_height(surface);
    full->argb = (uint32_t *)(void *)cairo_image_surface_get_data(surface);
    full->argb_stride = cairo_image_surface_get_stride(surface) / 4;
    for (int i = LARGEST - 1; code == RENDER_OK && i >= 0; i--) {
        int height = render_image_height(render_widths[i], full->width, full->height);
        if (!halve(&sizes[i + 1], render_widths[i], height, &sizes[i]))
            code = RENDER_PAGE_BROKEN;
    }
    for (int i = 0; code == RENDER_OK && i < RENDER_WIDTHS; i++)
        code = encode_better(&sizes[i], i == LARGEST - 1, &verdict, &images[i]);
    full->argb = NULL;
    for (int i = 0; i < RENDER_WIDTHS; i++)
        WebPPictureFree(&sizes[i]);
    return code;
}

void webp_free(struct webp images[RENDER_WIDTHS])
{
    for (int i = 0; i < RENDER_WIDTHS; i++)
        WebPFree(images[i].bytes);
}
