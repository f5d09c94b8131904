/* Opening a document, and mending what poppler shows nothing of. */
#include "render/helper.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CROP_BOX "/CropBox"

enum render_code document_open(PopplerDocument **out, int *page_count)
{
    GError *error = NULL;
    *out = poppler_document_new_from_fd(STDIN_FILENO, NULL, &error);
    if (*out == NULL)
        return g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED) ? RENDER_PDF_ENCRYPTED
                                                                              : RENDER_PDF_INVALID;
    *page_count = poppler_document_get_n_pages(*out);
    if (*page_count < 1)
        return RENDER_PDF_EMPTY;
    return *page_count > RENDER_MAX_PAGES ? RENDER_PDF_TOO_MANY_PAGES : RENDER_OK;
}

/* "[x1 y1 x2 y2]" without area. The text ends somewhere behind with a NUL. */
static bool box_empty(const char *text)
{
    double side[4];
    text += strspn(text, " \t\r\n");
    if (*text++ != '[')
        return false;
    for (int i = 0; i < 4; i++) {
        char *end;
        side[i] = strtod(text, &end);
        if (end == text)
            return false;
        text = end;
    }
    return side[0] == side[2] || side[1] == side[3];
}

/* Gives the empty ones a name that means nothing. */
static void rename_empty_boxes(char *file, size_t size)
{
    char numbers[128] = "";
    size_t name = strlen(CROP_BOX);
    for (char *at = file; (at = memmem(at, size - (size_t)(at - file), CROP_BOX, name)) != NULL;) {
        at += name;
        size_t left = size - (size_t)(at - file);
        size_t n = left < sizeof numbers - 1 ? left : sizeof numbers - 1;
        memcpy(numbers, at, n);
        numbers[n] = '\0';
        if (box_empty(numbers))
            at[-1] = '_';
    }
}

PopplerDocument *document_without_empty_boxes(void)
{
    struct stat status;
    if (fstat(STDIN_FILENO, &status) != 0 || status.st_size <= 0)
        return NULL;
    size_t size = (size_t)status.st_size;
    char *file = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, STDIN_FILENO, 0);
    if (file == MAP_FAILED)
        return NULL;
    rename_empty_boxes(file, size);
    GBytes *bytes = g_bytes_new_static(file, size);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    g_bytes_unref(bytes);
    return document;
}
