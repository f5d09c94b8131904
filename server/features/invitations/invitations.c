#include "features/invitations/invitations.h"
#include "base/placeholders.h"
#include <string.h>

#define LINK "{link}"

static const char *const names[] = {"first_name",   "last_name", "congress",
                                    "organisation", "date",      NULL};

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
        size_t size;
        if (!looks_like_one(text + i) || placeholder_find(names, text + i, len - i, &size) >= 0)
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
    const char *const values[] = {words->first_name, words->last_name, words->congress,
                                  words->organisation, words->date};
    placeholders_fill(out, text, len, names, values);
}
