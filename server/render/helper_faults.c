/* Faults of a page that poppler gets over by leaving something out. Poppler tells most of them by
 * GLib's log. Of a picture that gets no memory nobody tells: cairo_image_surface_create() and
 * jpeg_start_decompress() below stand before the libraries' own, as open() in helper_files.c. */
#include "render/helper.h"

#include <dlfcn.h>
#include <string.h>

static unsigned faults;
static bool jpeg_began; /* and has not come back: it left by longjmp() */

void faults_note(unsigned warnings)
{
    faults |= warnings;
}

unsigned faults_take(void)
{
    unsigned taken = faults | (jpeg_began ? RENDER_IMAGE_MISSING : 0);
    faults = 0;
    jpeg_began = false;
    return taken;
}

/* --- what poppler says; "Syntax error at position 12: …" --- */

static void on_message(const gchar *domain, GLogLevelFlags level, const gchar *message,
                       gpointer arg)
{
    static const struct {
        const char *part;
        unsigned warning;
    } known[] = {
        {": Couldn't find a font", RENDER_FONT_MISSING},
        {": Couldn't find '", RENDER_FONT_MISSING}, /* a CMap */
        {": could not create ", RENDER_FONT_MISSING},
        {": failed to load truetype font", RENDER_FONT_MISSING},
        {": Unknown CMap", RENDER_FONT_MISSING},
        {": Invalid CMap in", RENDER_FONT_MISSING},
        {": Missing language pack", RENDER_FONT_MISSING},
        {": Unknown character collection", RENDER_FONT_MISSING},
        {": Unknown font t", RENDER_FONT_MISSING},
        {": Bad image ", RENDER_IMAGE_MISSING},
        {": Could not find start of jpeg data", RENDER_IMAGE_MISSING},
        {": Unable to decode image", RENDER_IMAGE_MISSING},
        {": Did no succeed opening JPX Stream.", RENDER_IMAGE_MISSING},
        {": Failed allocation when processing JBIG2", RENDER_IMAGE_MISSING},
        {": NULL bitmap in ", RENDER_IMAGE_MISSING},
    };
    (void)domain;
    (void)level;
    (void)arg;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strstr(message, known[i].part) != NULL)
            faults_note(known[i].warning);
}

void faults_watch(void)
{
    g_log_set_handler("Poppler", (GLogLevelFlags)(G_LOG_LEVEL_MASK), on_message, NULL);
}

/* --- pictures --- */

cairo_surface_t *cairo_image_surface_create(cairo_format_t format, int width, int height)
{
    static cairo_surface_t *(*real)(cairo_format_t, int, int);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "cairo_image_surface_create");
    cairo_surface_t *surface = real(format, width, height);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        faults_note(RENDER_IMAGE_MISSING);
    return surface;
}

/* libjpeg's, of which poppler has the header and we need none. */
int jpeg_start_decompress(void *decompress);
int jpeg_start_decompress(void *decompress)
{
    static int (*real)(void *);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "jpeg_start_decompress");
    if (jpeg_began)
        faults_note(RENDER_IMAGE_MISSING);
    jpeg_began = true;
    int started = real(decompress);
    jpeg_began = false;
    return started;
}
