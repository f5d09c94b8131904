/* Two encodings of each image, lossy for pictures, near-lossless for text and drawings; the smaller
 * is kept. Smaller widths come by reduction of the largest, so a page is drawn once. At full width,
 * where encoding costs the most, the loser of the half width is left out when it lost clearly. */
#include "render/helper.h"

#include <stdlib.h>
#include <string.h>
#include <webp/encode.h>

#define LOSSY_QUALITY   80
#define NEAR_LOSSLESS   60
#define LOSSLESS_EFFORT 40 /* 0 … 100: time against size */
#define CLEARLY(a, b)   ((a) < (b) / 10 * 7)

static void fill_picture(WebPPicture *picture, cairo_surface_t *surface)
{
    const unsigned char *pixels = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < picture->height; y++) {
        uint32_t *row = picture->argb + (size_t)y * (size_t)picture->argb_stride;
        memcpy(row, pixels + (size_t)y * (size_t)stride, (size_t)picture->width * 4);
        for (int x = 0; x < picture->width; x++)
            row[x] |= 0xff000000u;
    }
}

static bool encode_one(WebPPicture *picture, bool lossless, WebPMemoryWriter *out)
{
    WebPConfig config;
    WebPMemoryWriterInit(out);
    if (!WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, lossless ? LOSSLESS_EFFORT : LOSSY_QUALITY))
        return false;
    config.method = 4;
    if (lossless) {
        config.lossless = 1;
        config.near_lossless = NEAR_LOSSLESS;
    }
    picture->use_argb = 1; /* lossy encoding leaves it cleared */
    picture->writer = WebPMemoryWrite;
    picture->custom_ptr = out;
    return WebPEncode(&config, picture) != 0;
}

struct verdict {
    bool no_lossy, no_lossless;
};

/* Sets the verdict for the next, larger width. */
static enum render_code encode_better(WebPPicture *picture, struct verdict *verdict,
                                      struct webp *out)
{
    WebPMemoryWriter lossless = {0}, lossy = {0};
    bool ok = (verdict->no_lossless || encode_one(picture, true, &lossless)) &&
              (verdict->no_lossy || encode_one(picture, false, &lossy));
    if (ok && !verdict->no_lossless && !verdict->no_lossy) {
        verdict->no_lossy = picture->width > 480 && CLEARLY(lossless.size, lossy.size);
        verdict->no_lossless = picture->width > 480 && CLEARLY(lossy.size, lossless.size);
    }
    WebPMemoryWriter *better = &lossless, *other = &lossy;
    if (lossless.mem == NULL || (lossy.mem != NULL && lossy.size <= lossless.size)) {
        better = &lossy;
        other = &lossless;
    }
    WebPMemoryWriterClear(other);
    *out = (struct webp){better->mem, better->size, picture->width, picture->height};
    if (!ok)
        return RENDER_PAGE_BROKEN;
    return better->size > RENDER_MAX_IMAGE_BYTES ? RENDER_PAGE_TOO_LARGE : RENDER_OK;
}

static enum render_code encode_width(WebPPicture *full, int width, struct verdict *verdict,
                                     struct webp *out)
{
    if (width == full->width)
        return encode_better(full, verdict, out);
    WebPPicture smaller;
    if (!WebPPictureInit(&smaller) || !WebPPictureCopy(full, &smaller))
        return RENDER_PAGE_BROKEN;
    int height = render_image_height(width, full->width, full->height);
    enum render_code code = RENDER_PAGE_BROKEN;
    if (WebPPictureRescale(&smaller, width, height))
        code = encode_better(&smaller, verdict, out);
    WebPPictureFree(&smaller);
    return code;
}

enum render_code webp_encode(cairo_surface_t *surface, struct webp images[RENDER_WIDTHS])
{
    WebPPicture full;
    struct verdict verdict = {false, false};
    enum render_code code = RENDER_OK;
    if (!WebPPictureInit(&full))
        return RENDER_PAGE_BROKEN;
    full.use_argb = 1;
    full.width = cairo_image_surface_get_width(surface);
    full.height = cairo_image_surface_get_height(surface);
    if (!WebPPictureAlloc(&full))
        return RENDER_PAGE_BROKEN;
    fill_picture(&full, surface);
    for (int i = 0; code == RENDER_OK && i < RENDER_WIDTHS; i++)
        code = encode_width(&full, render_widths[i], &verdict, &images[i]);
    WebPPictureFree(&full);
    return code;
}

void webp_free(struct webp images[RENDER_WIDTHS])
{
    for (int i = 0; i < RENDER_WIDTHS; i++)
        WebPFree(images[i].bytes);
}
