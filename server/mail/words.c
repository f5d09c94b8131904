#include "mail/words.h"
#include "base/placeholders.h"
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

bool words_check(enum mail_kind kind, const char *text, const char **at, size_t *len)
{
    while (*(text += strcspn(text, "{}"))) {
        int what = -1;
        *len = 1;
        *at = text;
        if (*text == '{')
            what = placeholder_find(placeholder_names, text, strlen(text), len);
        if (what < 0 || !placeholder_allowed(kind, (enum placeholder)what))
            return false;
        text += *len;
    }
    return true;
}

const char *words_subject(const struct mail_words *words, const struct mail_values *values,
                          char out[static SUBJECT_SIZE])
{
    struct buf b;
    buf_init(&b, FILLED_MAX);
    placeholders_fill(&b, words->subject, strlen(words->subject), placeholder_names, values->of);
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
        const char *end = strstr(at, "\n\n");
        size_t len = end ? (size_t)(end - at) : strlen(at);
        struct buf b;
        buf_init(&b, FILLED_MAX);
        placeholders_fill(&b, at, len, placeholder_names, values->of);
        buf_adds(&b, ""); /* ended, also when it is empty */
        if (!buf_failed(&b) && b.data)
            letter_paragraph(l, "%s", (char *)b.data);
        buf_release(&b);
        at += len;
        at += strspn(at, "\n");
    }
}
