#include "mail/words.h"
#include "base/buf.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define FILLED_MAX (64 * 1024)

const char *const mail_kind_names[MAIL_KINDS + 1] = {
    [KIND_CONFIRM] = "confirm",
    [KIND_WELCOME] = "welcome",
    [KIND_WAITING] = "waiting",
    [KIND_PROMOTED] = "promoted",
    [KIND_REMINDER] = "reminder",
    [KIND_CHANGED] = "changed",
    [KIND_SESSION_CANCELLED] = "session_cancelled",
    [KIND_CANCELLED] = "cancelled",
    [KIND_THANKS] = "thanks",
    [KIND_MISSED] = "missed",
};

const char *const placeholder_names[PLACEHOLDERS + 1] = {
    [HOLD_FIRST_NAME] = "first_name",
    [HOLD_LAST_NAME] = "last_name",
    [HOLD_CONGRESS] = "congress",
    [HOLD_ORGANISATION] = "organisation",
    [HOLD_CONTACT] = "contact",
    [HOLD_SESSION] = "session",
    [HOLD_DATE] = "date",
    [HOLD_WHEN] = "when",
};

bool placeholder_allowed(enum mail_kind kind, enum placeholder what)
{
    switch (what) {
    case HOLD_SESSION:
        return kind == KIND_REMINDER || kind == KIND_CHANGED || kind == KIND_SESSION_CANCELLED;
    case HOLD_DATE:
        return kind == KIND_REMINDER || kind == KIND_SESSION_CANCELLED;
    case HOLD_WHEN:
        return kind == KIND_REMINDER;
    default:
        return true;
    }
}

/* The placeholder that begins at text, which is "{"; PLACEHOLDERS: none. *len: of it, braces
 * included, or of what stands there instead. */
static enum placeholder read_placeholder(const char *text, size_t *len)
{
    size_t n = 1 + strcspn(text + 1, "{}\n");
    *len = text[n] == '}' ? n + 1 : n;
    for (int i = 0; text[n] == '}' && i < PLACEHOLDERS; i++)
        if (strlen(placeholder_names[i]) == n - 1 &&
            memcmp(placeholder_names[i], text + 1, n - 1) == 0)
            return (enum placeholder)i;
    return PLACEHOLDERS;
}

bool words_check(enum mail_kind kind, const char *text, const char **at, size_t *len)
{
    while (*(text += strcspn(text, "{}"))) {
        *len = 1;
        enum placeholder what = *text == '{' ? read_placeholder(text, len) : PLACEHOLDERS;
        *at = text;
        if (what == PLACEHOLDERS || !placeholder_allowed(kind, what))
            return false;
        text += *len;
    }
    return true;
}

/* What is no placeholder stays as it is. */
static void fill(struct buf *out, const char *text, const struct mail_values *values)
{
    while (*text) {
        size_t plain = strcspn(text, "{");
        buf_add(out, text, plain);
        text += plain;
        if (!*text)
            break;
        size_t len;
        enum placeholder what = read_placeholder(text, &len);
        if (what == PLACEHOLDERS)
            buf_add(out, text, len);
        else
            buf_adds(out, values->of[what] ? values->of[what] : "");
        text += len;
    }
    buf_adds(out, ""); /* ended, also when it is empty */
}

const char *words_subject(const struct mail_words *words, const struct mail_values *values,
                          char out[static SUBJECT_SIZE])
{
    struct buf b;
    buf_init(&b, FILLED_MAX);
    fill(&b, words->subject, values);
    snprintf(out, SUBJECT_SIZE, "%s", buf_failed(&b) || !b.data ? "" : (char *)b.data);
    buf_release(&b);
    for (char *c = out; *c; c++)
        if (iscntrl((unsigned char)*c))
            *c = ' ';
    return out;
}

/* Filled paragraph by paragraph: a value with an empty line in it parts nothing. */
void words_body(struct letter *l, const struct mail_words *words, const struct mail_values *values)
{
    const char *at = words->body + strspn(words->body, "\n");
    while (*at) {
        char paragraph[WORDS_BODY_SIZE];
        const char *end = strstr(at, "\n\n");
        size_t len = end ? (size_t)(end - at) : strlen(at);
        snprintf(paragraph, sizeof paragraph, "%.*s", (int)len, at);
        struct buf b;
        buf_init(&b, FILLED_MAX);
        fill(&b, paragraph, values);
        if (!buf_failed(&b) && b.data)
            letter_paragraph(l, "%s", (char *)b.data);
        buf_release(&b);
        at += len;
        at += strspn(at, "\n");
    }
}
