/* The list of a public programme: days, and in them what begins at the same time side by side. */
#include "base/html.h"
#include "base/json.h"
#include "features/programme/public.h"
#include <stdio.h>
#include <string.h>

#define ADD HTML_ADD

static const char *text(const json_t *of, const char *name)
{
    return json_text_of(of, name);
}

static bool is(const json_t *of, const char *name, const char *value)
{
    return strcmp(text(of, name), value) == 0;
}

static const char *role_text(const struct public_words *w, const char *role)
{
    static const char *const roles[] = {"chair", "speaker", "panellist", "moderator"};
    for (int i = 0; i < 4; i++)
        if (strcmp(roles[i], role) == 0)
            return w->roles[i];
    return "";
}

static void add_people(struct buf *out, const struct public_words *w, const json_t *people)
{
    size_t i;
    json_t *person;
    if (json_array_size(people) == 0)
        return;
    buf_adds(out, "<ul class=\"people\">");
    json_array_foreach(people, i, person)
    {
        const char *role = role_text(w, text(person, "role"));
        const char *from = text(person, "affiliation"), *country = text(person, "country");
        ADD(out, "<li><span class=\"people__name\" translate=\"no\">%s</span>",
            text(person, "name"));
        if (*role)
            ADD(out, " <span class=\"people__role\">%s</span>", role);
        if (*from || *country)
            ADD(out, " <span class=\"people__from\">%s%s%s</span>", from,
                *from && *country ? ", " : "", country);
        buf_adds(out, "</li>");
    }
    buf_adds(out, "</ul>");
}

static void add_time(struct buf *out, const json_t *of, const char *at, const char *shown)
{
    ADD(out, "<time datetime=\"%s\">%s</time>", text(of, at), text(of, shown));
}

static void add_talks(struct buf *out, const struct public_words *w, const json_t *session)
{
    const json_t *talks = json_object_get(session, "talks");
    size_t i;
    json_t *talk;
    if (json_array_size(talks) == 0)
        return;
    ADD(out, "<ol class=\"talks\" aria-label=\"%s\">", w->talks);
    json_array_foreach(talks, i, talk)
    {
        buf_adds(out, "<li class=\"talk\"><span class=\"talk__time\">");
        add_time(out, talk, "starts_at", "from");
        ADD(out, "</span><div class=\"talk__what\" lang=\"%s\"><p class=\"talk__title\">",
            text(session, "language"));
        public_title_add(out, text(talk, "title"));
        buf_adds(out, "</p>");
        add_people(out, w, json_object_get(talk, "speakers"));
        if (*text(talk, "abstract"))
            ADD(out, "<details class=\"more\"><summary lang=\"%s\">%s</summary><p>%s</p></details>",
                w->lang, w->abstract, text(talk, "abstract"));
        buf_adds(out, "</div></li>");
    }
    buf_adds(out, "</ol>");
}

/* --- a session --- */

static void add_tags(struct buf *out, const struct public_page *p, const json_t *s)
{
    const struct public_words *w = p->words;
    static const char *const levels[] = {"introductory", "intermediate", "advanced"};
    const char *state = is(s, "state", "live")        ? w->live
                        : is(s, "state", "ended")     ? w->ended
                        : is(s, "state", "cancelled") ? w->cancelled
                                                      : NULL;
    buf_adds(out, "<p class=\"tags\">");
    if (state)
        ADD(out, "<span class=\"tag tag--%s\">%s</span>", text(s, "state"), state);
    if (*text(s, "track"))
        ADD(out, "<span class=\"tag\"><span class=\"mark\"></span>%s</span>",
            text(s, "track_name"));
    for (int i = 0; i < 3; i++)
        if (is(s, "level", levels[i]))
            ADD(out, "<span class=\"tag\">%s</span>", w->levels[i]);
    if (!is(s, "language", w->lang))
        ADD(out, "<span class=\"tag\">%s</span>", w->languages[is(s, "language", "en")]);
    buf_adds(out, "</p>");
}

/* For the browser's part, which filters by it. */
static void add_data(struct buf *out, const json_t *s)
{
    size_t i;
    json_t *person;
    ADD(out,
        " id=\"s-%s\" data-from=\"%s\" data-to=\"%s\" data-track=\"%s\" data-room=\"%s\""
        " data-language=\"%s\" data-level=\"%s\" data-text=\"%s\" data-speaker=\"",
        text(s, "id"), text(s, "starts_at"), text(s, "ends_at"), text(s, "track"), text(s, "hall"),
        text(s, "language"), text(s, "level"), text(s, "text"));
    json_array_foreach(json_object_get(s, "people"), i, person) ADD(out, "%s ", text(person, "id"));
    buf_adds(out, json_is_true(json_object_get(s, "shown")) ? "\"" : "\" hidden");
}

static void add_span(struct buf *out, const json_t *s)
{
    buf_adds(out, "<span class=\"card__time\">");
    add_time(out, s, "starts_at", "from");
    buf_adds(out, "<span aria-hidden=\"true\">–</span>");
    add_time(out, s, "ends_at", "to");
    buf_adds(out, "</span>");
}

static void add_break(struct buf *out, const json_t *s)
{
    buf_adds(out, "<li class=\"card card--break\" data-kind=\"break\"");
    add_data(out, s);
    buf_adds(out, ">");
    add_span(out, s);
    ADD(out, "<h3 class=\"card__title\" lang=\"%s\">", text(s, "language"));
    public_title_add(out, text(s, "title"));
    buf_adds(out, "</h3>");
    if (*text(s, "description"))
        ADD(out, "<p class=\"card__about\">%s</p>", text(s, "description"));
    buf_adds(out, "</li>");
}

static void add_session(struct buf *out, const struct public_page *p, const json_t *s)
{
    bool rooms = json_array_size(json_object_get(p->programme, "halls")) > 1;
    ADD(out, "<li class=\"card card--%s mark--%s\"", text(s, "state"),
        *text(s, "colour") ? text(s, "colour") : "none");
    add_data(out, s);
    buf_adds(out, "><p class=\"card__where\">");
    add_span(out, s);
    if (rooms)
        ADD(out, "<span class=\"card__room\">%s</span>", text(s, "hall_name"));
    ADD(out, "</p><h3 class=\"card__title\" lang=\"%s\">", text(s, "language"));
    public_title_add(out, text(s, "title"));
    buf_adds(out, "</h3>");
    add_tags(out, p, s);
    if (*text(s, "description"))
        ADD(out, "<p class=\"card__about\" lang=\"%s\">%s</p>", text(s, "language"),
            text(s, "description"));
    if (!is(s, "state", "cancelled")) {
        add_people(out, p->words, json_object_get(s, "speakers"));
        add_talks(out, p->words, s);
    }
    if (is(s, "state", "live"))
        ADD(out,
            "<p class=\"card__do\"><a class=\"button button--primary\" href=\"/live/%s\">%s</a>"
            "</p>",
            text(s, "id"), p->words->watch);
    buf_adds(out, "</li>");
}

/* --- days and times --- */

static bool same(const json_t *a, const json_t *b, const char *name)
{
    return a && b && strcmp(text(a, name), text(b, name)) == 0;
}

static void begin_day(struct buf *out, const struct public_page *p, const json_t *s)
{
    char day[64];
    ADD(out,
        "<section class=\"day\" id=\"d-%s\" aria-labelledby=\"h-%s\"><h2 id=\"h-%s\">%s</h2>"
        "<ol class=\"slots\">",
        text(s, "day"), text(s, "day"), text(s, "day"),
        public_day_text(p->words, text(s, "day"), true, day));
}

static void add_days(struct buf *out, const struct public_page *p, const json_t *sessions)
{
    size_t i;
    json_t *s;
    const json_t *last = NULL;
    json_array_foreach(sessions, i, s)
    {
        bool new_day = !same(s, last, "day"), new_slot = new_day || !same(s, last, "starts_at");
        if (last && new_slot)
            buf_adds(out, "</ol></li>");
        if (last && new_day)
            buf_adds(out, "</ol></section>");
        if (new_day)
            begin_day(out, p, s);
        if (new_slot) {
            buf_adds(out, "<li class=\"slot\"><p class=\"slot__time\" aria-hidden=\"true\">");
            add_time(out, s, "starts_at", "from");
            buf_adds(out, "</p><ol class=\"cards\">");
        }
        if (is(s, "kind", "break"))
            add_break(out, s);
        else
            add_session(out, p, s);
        last = s;
    }
    if (last)
        buf_adds(out, "</ol></li></ol></section>");
}

/* Links to the days, where there are several. */
static void add_day_links(struct buf *out, const struct public_page *p, const json_t *sessions)
{
    size_t i, n = json_array_size(sessions);
    json_t *s;
    const json_t *last = NULL;
    char day[64];
    if (n == 0 || same(json_array_get(sessions, 0), json_array_get(sessions, n - 1), "day"))
        return;
    ADD(out, "<nav class=\"days\" aria-label=\"%s\">", p->words->days);
    json_array_foreach(sessions, i, s)
    {
        if (!same(s, last, "day"))
            ADD(out, "<a href=\"#d-%s\">%s</a>", text(s, "day"),
                public_day_text(p->words, text(s, "day"), false, day));
        last = s;
    }
    buf_adds(out, "</nav>");
}

static void add_found(struct buf *out, const struct public_page *p, const json_t *sessions)
{
    const struct public_words *w = p->words;
    size_t i, all = 0, found = 0;
    json_t *s;
    char n[24], of[24];
    json_array_foreach(sessions, i, s)
    {
        bool counts = is(s, "kind", "session");
        all += counts;
        found += counts && json_is_true(json_object_get(s, "shown"));
    }
    snprintf(n, sizeof n, "%zu", found);
    snprintf(of, sizeof of, "%zu", all);
    ADD(out, "<p class=\"found\" id=\"found\" role=\"status\" data-all=\"%s\" data-some=\"%s\">",
        w->found_all, w->found);
    ADD(out, found == all ? w->found_all : w->found, n, of);
    buf_adds(out, found ? "</p><div class=\"nothing\" id=\"nothing\" hidden>"
                        : "</p><div class=\"nothing\" id=\"nothing\">");
    ADD(out, "<h2>%s</h2><p>%s</p></div>", w->none, w->none_text);
}

void public_list_write(struct buf *out, const struct public_page *p)
{
    const json_t *sessions = json_object_get(p->programme, "sessions");
    buf_adds(out, "<div id=\"list\" tabindex=\"-1\">");
    if (json_array_size(sessions) == 0) {
        ADD(out, "<div class=\"nothing\"><h2>%s</h2><p>%s</p></div>", p->words->empty,
            p->words->empty_text);
    } else {
        add_found(out, p, sessions);
        add_day_links(out, p, sessions);
        add_days(out, p, sessions);
    }
    buf_adds(out, "</div>");
}
