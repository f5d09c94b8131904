/* The page of a public programme: what stands around its list. It works without scripts; with them
 * the browser's part (web/src/programme) filters in place and says times in the reader's zone. */
#include "base/html.h"
#include "base/json.h"
#include "base/url.h"
#include "features/programme/public.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADD HTML_ADD

#define ABOUT_SHORT 400 /* bytes: a longer description is opened by whoever wants it */

static const char *const filters[] = {"track", "room", "language", "level", "speaker"};

const char *public_day_text(const struct public_words *w, const char *day, bool with_year,
                            char out[static 64])
{
    const char *month = strchr(day, '-'), *date = month ? strchr(month + 1, '-') : NULL;
    int y = (int)strtol(day, NULL, 10);
    int m = month ? (int)strtol(month + 1, NULL, 10) : 1;
    int d = date ? (int)strtol(date + 1, NULL, 10) : 1;
    static const int before[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    int year = y - (m < 3);
    int weekday = (year + year / 4 - year / 100 + year / 400 + before[(m + 11) % 12] + d) % 7;
    bool first = d == 1 && w->lang[0] == 'f';
    int n = snprintf(out, 64, "%s %d%s %s", w->weekdays[weekday], d, first ? "er" : "",
                     w->months[(m + 11) % 12]);
    if (with_year && n > 0 && n < 64)
        snprintf(out + n, (size_t)(64 - n), " %d", y);
    return out;
}

void public_title_add(struct buf *out, const char *title)
{
    for (size_t n; *title; title += n) {
        bool stays = title[0] == ' ' && title[1] && strchr(":;?!", title[1]);
        n = stays ? 1 : 1 + strcspn(title + 1, " ");
        if (stays)
            buf_adds(out, "\u00a0");
        else
            html_add_part(out, title, n);
    }
}

static const json_t *part(const struct public_page *p, const char *name)
{
    return json_object_get(p->programme, name);
}

/* A link to this page in the other language, with what it was asked for. */
static void add_other_language(struct buf *out, const struct public_page *p)
{
    const struct public_words *w = p->words;
    const char *name;
    json_t *value;
    ADD(out, "<a class=\"lang\" id=\"lang\" hreflang=\"%s\" lang=\"%s\" href=\"?lang=%s", w->other,
        w->other, w->other);
    json_object_foreach((json_t *)p->query, name, value)
    {
        ADD(out, "&amp;%s=", name);
        url_escape(out, json_string_value(value), URL_UNRESERVED);
    }
    ADD(out, "\">%s</a>", w->other_name);
}

static void begin(struct buf *out, const struct public_words *w, const char *title,
                  const char *accent)
{
    ADD(out,
        "<!doctype html><html lang=\"%s\" data-accent=\"%s\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<meta name=\"color-scheme\" content=\"light dark\"><title>%s · %s</title>"
        "<link rel=\"stylesheet\" href=\"/programme.css\">"
        "<script type=\"module\" src=\"/programme.js\"></script></head><body>"
        "<a class=\"skip-link\" href=\"#list\">%s</a>",
        w->lang, accent, w->programme, title, w->skip);
}

static void add_head(struct buf *out, const struct public_page *p)
{
    const json_t *organisation = part(p, "organisation");
    const char *logo = json_text_of(organisation, "logo"),
               *name = json_text_of(organisation, "name");
    buf_adds(out, "<header class=\"bar\"><span class=\"bar__name\">");
    if (*logo)
        ADD(out, "<img src=\"%s\" alt=\"%s\">", logo, name);
    else
        ADD(out, "<strong translate=\"no\">%s</strong>", name);
    buf_adds(out, "</span><nav class=\"bar__tools\">");
    add_other_language(out, p);
    buf_adds(out, "</nav></header>");
}

/* "Monday 1 March 2027 – Tuesday 2 March 2027". */
static void add_dates(struct buf *out, const struct public_page *p)
{
    const json_t *sessions = part(p, "sessions");
    size_t n = json_array_size(sessions);
    char from[64], to[64];
    if (n == 0)
        return;
    const char *first = json_text_of(json_array_get(sessions, 0), "day");
    const char *last = json_text_of(json_array_get(sessions, n - 1), "day");
    ADD(out, "<p class=\"intro__when\">%s",
        public_day_text(p->words, first, strncmp(first, last, 4) != 0 || strcmp(first, last) == 0,
                        from));
    if (strcmp(first, last) != 0)
        ADD(out, " – %s", public_day_text(p->words, last, true, to));
    buf_adds(out, "</p>");
}

static void add_intro(struct buf *out, const struct public_page *p)
{
    const struct public_words *w = p->words;
    const json_t *congress = part(p, "congress");
    const char *about = json_text_of(congress, "description");
    const char *language = json_text_of(congress, "language");
    ADD(out, "<div class=\"intro\"><p class=\"intro__over\">%s</p><h1 lang=\"%s\">", w->programme,
        language);
    public_title_add(out, json_text_of(congress, "title"));
    buf_adds(out, "</h1>");
    add_dates(out, p);
    if (strlen(about) > ABOUT_SHORT)
        ADD(out,
            "<details class=\"intro__about\"><summary>%s</summary><p lang=\"%s\">%s</p></details>",
            w->about, language, about);
    else if (*about)
        ADD(out, "<p class=\"intro__text\" lang=\"%s\">%s</p>", language, about);
    ADD(out,
        "<p class=\"intro__do\"><a class=\"button button--primary\" href=\"/r/%s\">%s</a>"
        "<a class=\"button\" href=\"/programme/%s/calendar.ics\">%s</a>"
        "<button class=\"button\" id=\"print\" type=\"button\" hidden>%s</button></p></div>",
        json_text_of(p->programme, "code"), w->register_, json_text_of(p->programme, "code"),
        w->calendar, w->print);
}

/* --- filters --- */

static const char *asked(const struct public_page *p, const char *name)
{
    return json_text_of(p->query, name);
}

static void begin_select(struct buf *out, const struct public_page *p, const char *name,
                         const char *label)
{
    ADD(out,
        "<label class=\"field\"><span>%s</span><select name=\"%s\"><option value=\"\">%s</option>",
        label, name, p->words->all);
}

static void add_option(struct buf *out, const struct public_page *p, const char *name,
                       const char *value, const char *text)
{
    ADD(out, "<option value=\"%s\"", value);
    buf_adds(out, strcmp(asked(p, name), value) == 0 ? " selected>" : ">");
    ADD(out, "%s</option>", text);
}

/* least: with fewer there is nothing to choose. */
static void add_choice(struct buf *out, const struct public_page *p, const char *name,
                       const char *label, const json_t *among, size_t least)
{
    size_t i;
    json_t *one;
    if (json_array_size(among) < least)
        return;
    begin_select(out, p, name, label);
    json_array_foreach(among, i, one)
        add_option(out, p, name, json_text_of(one, "id"), json_text_of(one, "name"));
    buf_adds(out, "</select></label>");
}

static size_t with(const struct public_page *p, const char *name, const char *value)
{
    size_t i, n = 0;
    json_t *session;
    json_array_foreach(part(p, "sessions"), i, session) n +=
        strcmp(json_text_of(session, name), value) == 0;
    return n;
}

static void add_languages(struct buf *out, const struct public_page *p)
{
    if (!with(p, "language", "fr") || !with(p, "language", "en"))
        return;
    begin_select(out, p, "language", p->words->language);
    add_option(out, p, "language", "fr", p->words->languages[0]);
    add_option(out, p, "language", "en", p->words->languages[1]);
    buf_adds(out, "</select></label>");
}

static void add_levels(struct buf *out, const struct public_page *p)
{
    static const char *const levels[] = {"introductory", "intermediate", "advanced"};
    if (with(p, "level", "") == json_array_size(part(p, "sessions")))
        return;
    begin_select(out, p, "level", p->words->level);
    for (int i = 0; i < 3; i++)
        add_option(out, p, "level", levels[i], p->words->levels[i]);
    buf_adds(out, "</select></label>");
}

static void add_filters(struct buf *out, const struct public_page *p)
{
    const struct public_words *w = p->words;
    bool open = false;
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        open |= *asked(p, filters[i]) != '\0';
    ADD(out,
        "<form class=\"filters\" id=\"filters\" role=\"search\" method=\"get\" "
        "aria-label=\"%s\"><input type=\"hidden\" name=\"lang\" value=\"%s\">"
        "<label class=\"field field--search\"><span>%s</span><input type=\"search\" name=\"q\" "
        "maxlength=\"100\" autocomplete=\"off\" placeholder=\"%s\" value=\"%s\"></label>",
        w->filters, w->lang, w->search, w->search_hint, asked(p, "q"));
    buf_adds(out, open ? "<details class=\"choices\" open>" : "<details class=\"choices\">");
    ADD(out, "<summary>%s</summary><div class=\"choices__all\">", w->filters);
    add_choice(out, p, "track", w->track, part(p, "tracks"), 1);
    add_choice(out, p, "room", w->room, part(p, "halls"), 2);
    add_languages(out, p);
    add_levels(out, p);
    add_choice(out, p, "speaker", w->speaker, part(p, "speakers"), 1);
    ADD(out,
        "</div></details><p class=\"filters__do\"><button class=\"button button--primary\">%s"
        "</button><a class=\"button\" id=\"reset\" href=\"?lang=%s\"%s>%s</a></p></form>",
        w->filter, w->lang, json_object_size(p->query) ? "" : " hidden", w->reset);
}

static void add_foot(struct buf *out, const struct public_page *p)
{
    const struct public_words *w = p->words;
    const json_t *organisation = part(p, "organisation");
    const char *code = json_text_of(p->programme, "code");
    const char *mail = json_text_of(organisation, "contact_email");
    ADD(out, "<footer class=\"foot\"><p>%s <strong translate=\"no\">%s</strong> · %s ",
        w->organiser, json_text_of(organisation, "name"), w->contact);
    ADD(out, "<a href=\"mailto:%s\" translate=\"no\">%s</a></p>", mail, mail);
    ADD(out,
        "<p class=\"foot__files\"><span>%s</span> <a href=\"/programme/%s/calendar.ics\">iCal</a> "
        "<a href=\"/programme/%s/schedule.xml\">schedule.xml</a> "
        "<a href=\"/programme/%s/schedule.json\">schedule.json</a></p></footer></body></html>\n",
        w->files, code, code, code);
}

void public_page_write(struct buf *out, const struct public_page *p)
{
    const json_t *congress = part(p, "congress");
    begin(out, p->words, json_text_of(congress, "title"),
          json_text_of(part(p, "organisation"), "accent"));
    add_head(out, p);
    buf_adds(out, "<main>");
    add_intro(out, p);
    if (json_array_size(part(p, "sessions")) > 1)
        add_filters(out, p);
    ADD(out,
        "<p class=\"zone\" id=\"zone\" data-zone=\"%s\" data-here=\"%s\" data-now=\"%s\">%s"
        "<span translate=\"no\">%s</span></p>",
        json_text_of(congress, "time_zone"), p->words->here, p->words->now, p->words->times,
        json_text_of(congress, "time_zone"));
    public_list_write(out, p);
    buf_adds(out, "</main>");
    add_foot(out, p);
}

void public_unknown_write(struct buf *out, const struct public_words *w)
{
    begin(out, w, w->unknown, "");
    ADD(out,
        "<main id=\"list\"><div class=\"nothing\"><h1>%s</h1><p>%s</p></div></main>"
        "</body></html>\n",
        w->unknown, w->unknown_text);
}
