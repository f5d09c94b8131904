/* The text of a page. Poppler's has its words in reading order but nothing between two that stand
 * in one line of different blocks, as the cells of a table do: blanks come by where the characters
 * are. */
#include "render/helper.h"

#include <math.h>
#include <string.h>

#define WORD_GAP   0.15 /* of the height of the line: apart from there on */
#define COLUMN_GAP 1.0  /* another column from there on */

struct text {
    GString *out;
    int chars;
    GList *attributes; /* borrowed: what is left of them */
};

static void put(struct text *t, gunichar c)
{
    if (t->chars < RENDER_MAX_TEXT_CHARS && (c == '\n' || !g_unichar_iscntrl(c))) {
        g_string_append_unichar(t->out, c);
        t->chars++;
    }
}

static gunichar plain(gunichar c)
{
    if (c == '\f' || c == '\r')
        return '\n';
    return c == '\t' ? ' ' : c;
}

/* How far two intervals are apart; negative: they overlap. */
static double apart(double a1, double a2, double b1, double b2)
{
    return fmax(b1 - a2, a1 - b2);
}

/* Two characters that follow each other: in lines of any direction. */
static void separate(struct text *t, const PopplerRectangle *a, const PopplerRectangle *b)
{
    double x = apart(a->x1, a->x2, b->x1, b->x2), y = apart(a->y1, a->y2, b->y1, b->y2);
    bool upright = y < 0;
    double height =
        upright ? fmin(a->y2 - a->y1, b->y2 - b->y1) : fmin(a->x2 - a->x1, b->x2 - b->x1);
    double gap = upright ? x : y;
    bool elsewhere = x >= 0 && y >= 0; /* on no common line */
    if (!elsewhere && gap > COLUMN_GAP * height)
        g_string_append(t->out, "   "), t->chars += 3;
    else if (elsewhere || gap > WORD_GAP * height)
        put(t, ' ');
}

/* A font with a tag before its name (ABCDEF+Name) is in the document. */
static bool tagged(const char *font)
{
    return font != NULL && strlen(font) > 7 && font[6] == '+';
}

/* The character at this index stands in a font that the document does not carry, and no font here
 * has it. */
static void look_for_font(struct text *t, gunichar c, int index)
{
    while (t->attributes != NULL &&
           ((PopplerTextAttributes *)t->attributes->data)->end_index < index)
        t->attributes = t->attributes->next;
    const PopplerTextAttributes *at = t->attributes ? t->attributes->data : NULL;
    if (c < 0x80 || at == NULL || at->start_index > index || !files_font_used() ||
        g_unichar_type(c) == G_UNICODE_PRIVATE_USE || !g_unichar_isgraph(c))
        return;
    if (!tagged(at->font_name) && !files_fonts_have(c))
        faults_note(RENDER_FONT_MISSING);
}

/* Marks of direction, which have no place on the page. */
static bool mark(gunichar c)
{
    return c >= 0x202a && c <= 0x202e;
}

static bool places_fit(const char *text, guint count)
{
    guint characters = 0;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        characters += !mark(g_utf8_get_char(at));
    return characters == count;
}

/* places NULL: not known. */
static void put_all(struct text *t, const char *text, const PopplerRectangle *places)
{
    gunichar before = '\n';
    int index = -1;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = plain(g_utf8_get_char(at));
        if (mark(c)) {
            put(t, c);
            continue;
        }
        index++;
        if (places != NULL && !g_unichar_isspace(c) && !g_unichar_isspace(before))
            separate(t, &places[index - 1], &places[index]);
        if (places != NULL)
            look_for_font(t, c, index);
        put(t, c);
        before = c;
    }
}

char *page_text(PopplerPage *page)
{
    char *raw = poppler_page_get_text(page);
    char *valid = g_utf8_make_valid(raw == NULL ? "" : raw, -1);
    PopplerRectangle *places = NULL;
    guint count = 0;
    GList *attributes = NULL;
    if (*valid != '\0' && poppler_page_get_text_layout(page, &places, &count) &&
        places_fit(valid, count))
        attributes = poppler_page_get_text_attributes(page);
    else
        g_clear_pointer(&places, g_free);
    struct text t = {.out = g_string_new(NULL), .attributes = attributes};
    put_all(&t, valid, places);
    poppler_page_free_text_attributes(attributes);
    g_free(places);
    g_free(valid);
    g_free(raw);
    return g_string_free(t.out, FALSE);
}
