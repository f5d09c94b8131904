#include "mail/letter.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void letter_init(struct letter *l)
{
    buf_init(&l->text, LETTER_MAX);
    buf_init(&l->html, LETTER_MAX);
    buf_adds(&l->html, "<!doctype html><html><head><meta charset=\"utf-8\"></head>"
                       "<body style=\"font-family:sans-serif;line-height:1.5;color:#1c2430;"
                       "max-width:36em;margin:1em auto;padding:0 1em\">\n");
}

void letter_release(struct letter *l)
{
    buf_release(&l->text);
    buf_release(&l->html);
}

static void add_escaped(struct buf *b, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            buf_adds(b, "&amp;");
            break;
        case '<':
            buf_adds(b, "&lt;");
            break;
        case '>':
            buf_adds(b, "&gt;");
            break;
        case '"':
            buf_adds(b, "&quot;");
            break;
        case '\n':
            buf_adds(b, "<br>\n");
            break;
        default:
            buf_add(b, text, 1);
        }
    }
}

static void add_block(struct letter *l, const char *style, const char *words)
{
    buf_addf(&l->text, "%s\n\n", words);
    buf_addf(&l->html, "<p%s>", style);
    add_escaped(&l->html, words);
    buf_adds(&l->html, "</p>\n");
}

void letter_paragraph(struct letter *l, const char *format, ...)
{
    char *words = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&words, format, args) < 0)
        abort();
    va_end(args);
    add_block(l, "", words);
    free(words);
}

void letter_facts(struct letter *l, const struct letter_fact *facts, size_t n)
{
    buf_adds(&l->html, "<p style=\"background:#f2f5f9;border-radius:6px;padding:.8em 1em\">");
    for (size_t i = 0; i < n; i++) {
        if (!facts[i].value || !*facts[i].value)
            continue;
        buf_addf(&l->text, "  %s: %s\n", facts[i].label, facts[i].value);
        buf_adds(&l->html, "<strong>");
        add_escaped(&l->html, facts[i].label);
        buf_adds(&l->html, ":</strong> ");
        add_escaped(&l->html, facts[i].value);
        buf_adds(&l->html, "<br>\n");
    }
    buf_adds(&l->text, "\n");
    buf_adds(&l->html, "</p>\n");
}

static void add_link(struct letter *l, const char *style, const char *label, const char *url)
{
    buf_addf(&l->text, "%s\n%s\n\n", label, url);
    buf_addf(&l->html, "<p><a%s href=\"", style);
    add_escaped(&l->html, url);
    buf_adds(&l->html, "\">");
    add_escaped(&l->html, label);
    buf_adds(&l->html, "</a></p>\n");
}

void letter_action(struct letter *l, const char *label, const char *url)
{
    add_link(l,
             " style=\"display:inline-block;background:#1f5fa8;color:#fff;padding:.6em 1.2em;"
             "border-radius:6px;text-decoration:none\"",
             label, url);
}

void letter_link(struct letter *l, const char *label, const char *url)
{
    add_link(l, "", label, url);
}

void letter_end(struct letter *l, const char *format, ...)
{
    char *words = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&words, format, args) < 0)
        abort();
    va_end(args);
    add_block(l, " style=\"color:#5a6675\"", words);
    free(words);
    buf_adds(&l->html, "</body></html>\n");
}

bool letter_ok(const struct letter *l)
{
    return !buf_failed(&l->text) && !buf_failed(&l->html);
}

static const char *const days_fr[] = {"dimanche", "lundi",    "mardi", "mercredi",
                                      "jeudi",    "vendredi", "samedi"};
static const char *const days_en[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                      "Thursday", "Friday", "Saturday"};
static const char *const months_fr[] = {"janvier",   "février", "mars",     "avril",
                                        "mai",       "juin",    "juillet",  "août",
                                        "septembre", "octobre", "novembre", "décembre"};
static const char *const months_en[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};

const char *date_text(char out[static DATE_TEXT_SIZE], const char *local, const char *language,
                      const char *time_zone)
{
    struct tm t = {0};
    const char *end = strptime(local, "%Y-%m-%dT%H:%M", &t);
    out[0] = '\0';
    if (!end || *end)
        return out;
    timegm(&t); /* the day of the week */
    if (strcmp(language, "fr") == 0)
        snprintf(out, DATE_TEXT_SIZE, "%s %d%s %s %d à %d h %02d (%s)", days_fr[t.tm_wday],
                 t.tm_mday, t.tm_mday == 1 ? "er" : "", months_fr[t.tm_mon], t.tm_year + 1900,
                 t.tm_hour, t.tm_min, time_zone);
    else
        snprintf(out, DATE_TEXT_SIZE, "%s %d %s %d at %02d:%02d (%s)", days_en[t.tm_wday],
                 t.tm_mday, months_en[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, time_zone);
    return out;
}

const char *duration_text(char out[static DURATION_TEXT_SIZE], int minutes, const char *language)
{
    int h = minutes / 60, m = minutes % 60;
    if (h == 0)
        snprintf(out, DURATION_TEXT_SIZE, "%d minutes", m);
    else if (m == 0)
        snprintf(out, DURATION_TEXT_SIZE, "%d h", h);
    else
        snprintf(out, DURATION_TEXT_SIZE, strcmp(language, "fr") == 0 ? "%d h %02d" : "%d h %d min",
                 h, m);
    return out;
}
