#include "features/invitations/invitations.h"
#include <string.h>

#define LINK "{link}"

static const char *const names[] = {"{first_name}", "{last_name}", "{congress}", "{organisation}",
                                    "{date}"};

static const char *value_of(const struct invitation_words *w, size_t i)
{
    const char *const values[] = {w->first_name, w->last_name, w->congress, w->organisation,
                                  w->date};
    return values[i] ? values[i] : "";
}

/* Which placeholder begins here, of those above; -1: none. */
static int name_at(const char *text, size_t left)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) <= left && strncmp(text, names[i], strlen(names[i])) == 0)
            return (int)i;
    return -1;
}

/* Whether what begins here looks like a placeholder: {a_word}. */
static bool looks_like_one(const char *text)
{
    size_t n = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_");
    return *text == '{' && n > 0 && text[1 + n] == '}';
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static size_t trimmed(const char *text, size_t len)
{
    while (len && strchr(" \t\r\n", text[len - 1]))
        len--;
    return len;
}

/* Where the paragraph that begins here ends: at a line without anything to be seen. */
static size_t paragraph_length(const char *text)
{
    for (const char *at = text; *at; at++) {
        const char *next = at + 1 + strspn(at + 1, " \t\r");
        if (*at == '\n' && (!*next || *next == '\n'))
            return (size_t)(at - text);
    }
    return strlen(text);
}

const char *invitation_paragraph(const char **at, size_t *len, bool *link)
{
    const char *begin = *at + strspn(*at, " \t\r\n");
    size_t whole = paragraph_length(begin);
    *len = trimmed(begin, whole);
    *at = begin + whole;
    *link = *len == strlen(LINK) && strncmp(begin, LINK, *len) == 0;
    return *len ? begin : NULL;
}

static const char *words_fault(const char *text, size_t len, bool subject)
{
    for (size_t i = 0; i < len; i++) {
        if (subject && is_line_end(text[i]))
            return "line break";
        if (!looks_like_one(text + i) || name_at(text + i, len - i) >= 0)
            continue;
        bool link = strncmp(text + i, LINK, strlen(LINK)) == 0;
        return !link ? "unknown placeholder" : "{link} stands alone in a paragraph, once";
    }
    return NULL;
}

const char *invitation_text_fault(const char *text, bool subject)
{
    if (subject)
        return words_fault(text, strlen(text), true);
    size_t len;
    bool link;
    int links = 0;
    for (const char *at = text, *p; (p = invitation_paragraph(&at, &len, &link));) {
        const char *fault = link ? NULL : words_fault(p, len, false);
        links += link;
        if (!fault && links > 1)
            fault = "{link} stands alone in a paragraph, once";
        if (fault)
            return fault;
    }
    return NULL;
}

void invitation_fill(struct buf *out, const char *text, size_t len,
                     const struct invitation_words *words)
{
    for (size_t i = 0; i < len;) {
        int name = name_at(text + i, len - i);
        if (name >= 0)
            buf_adds(out, value_of(words, (size_t)name));
        else
            buf_add(out, text + i, 1);
        i += name >= 0 ? strlen(names[name]) : 1;
    }
}
