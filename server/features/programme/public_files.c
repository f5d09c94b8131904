/* The public programme for programs: schedule.xml as the XSD of c3voc has it (frab, pretalx), and
 * schedule.json as frab has it. A session is an event, its talks stand in the description; ids that
 * have to be numbers come of the UUIDs, which are the guids. */
#include "base/html.h"
#include "base/json.h"
#include "features/programme/public.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DESCRIPTION_MAX ((size_t)256 << 10)

static const char *text(const json_t *of, const char *name)
{
    return json_text_of(of, name);
}

int64_t public_number(const char *id)
{
    char first[9];
    snprintf(first, sizeof first, "%.8s", id);
    return 1 + (int64_t)(strtoul(first, NULL, 16) & 0x7ffffffe);
}

/* Colours of ui/tokens.css in the light. */
static const char *colour_value(const char *word)
{
    static const char *const values[][2] = {
        {"teal", "#0b7a72"}, {"blue", "#2463b8"},  {"violet", "#6d45b8"}, {"rose", "#b03374"},
        {"red", "#b3362b"},  {"amber", "#8f5b00"}, {"green", "#3a7222"},  {"slate", "#566573"}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strcmp(values[i][0], word) == 0)
            return values[i][1];
    return "#566573";
}

/* "01:30", at most "99:59". */
static const char *length_text(const json_t *session, char out[static 32])
{
    int minutes = (int)json_integer_value(json_object_get(session, "minutes"));
    snprintf(out, 32, "%02d:%02d", minutes / 60, minutes % 60);
    return out;
}

/* "2027-03-01T09:00:00+01:00". */
static const char *date_of(const json_t *session, char out[static 64])
{
    snprintf(out, 64, "%sT%s:00%s", text(session, "day"), text(session, "from"),
             text(session, "offset"));
    return out;
}

/* "amphi1a2b-session-1a2b3c4d": of what the schema allows, the same for good. */
static const char *slug_of(const json_t *programme, const json_t *session, char out[static 64])
{
    const char *congress = text(json_object_get(programme, "congress"), "id");
    snprintf(out, 64, "amphi%.4s-session-%.8s", congress, text(session, "id"));
    return out;
}

/* What is told of a session beside its description: talks, and who gives them. */
static void add_description(struct buf *out, const json_t *session)
{
    size_t i, k;
    json_t *talk, *person;
    buf_adds(out, "");
    json_array_foreach(json_object_get(session, "talks"), i, talk)
    {
        buf_addf(out, "%s%s  %s", i ? "\n" : "", text(talk, "from"), text(talk, "title"));
        json_array_foreach(json_object_get(talk, "speakers"), k, person)
            buf_addf(out, "%s%s", k ? ", " : " (", text(person, "name"));
        buf_adds(out, k ? ")" : "");
    }
}

/* --- schedule.xml --- */

/* XML 1.0 has no other control characters, not even escaped; nor U+FFFE and U+FFFF. */
static void xml_text(struct buf *out, const char *value)
{
    for (const char *at = value; *at;) {
        size_t n =
            strcspn(at, "\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x11\x12\x13\x14"
                        "\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\xef");
        html_add_part(out, at, n);
        at += n;
        if (strncmp(at, "\xef\xbf\xbe", 3) == 0 || strncmp(at, "\xef\xbf\xbf", 3) == 0)
            at += 3;
        else if ((unsigned char)*at == 0xef)
            buf_add(out, at++, 1);
        else if (*at)
            at++;
    }
}

static void element(struct buf *out, const char *name, const char *value)
{
    buf_addf(out, "<%s>", name);
    xml_text(out, value);
    buf_addf(out, "</%s>", name);
}

static void attribute(struct buf *out, const char *name, const char *value)
{
    buf_addf(out, " %s=\"", name);
    xml_text(out, value);
    buf_adds(out, "\"");
}

static void xml_persons(struct buf *out, const json_t *session)
{
    size_t i;
    json_t *person;
    buf_adds(out, "<persons>");
    json_array_foreach(json_object_get(session, "people"), i, person)
    {
        buf_addf(out, "<person id=\"%lld\"", (long long)public_number(text(person, "id")));
        attribute(out, "guid", text(person, "id"));
        buf_adds(out, ">");
        xml_text(out, text(person, "name"));
        buf_adds(out, "</person>");
    }
    buf_adds(out, "</persons>");
}

static void xml_event(struct buf *out, const json_t *programme, const json_t *s, const char *url)
{
    char date[64], length[32], slug[64];
    struct buf about;
    buf_init(&about, DESCRIPTION_MAX);
    add_description(&about, s);
    buf_addf(out, "\n<event id=\"%lld\"", (long long)public_number(text(s, "id")));
    attribute(out, "guid", text(s, "id"));
    buf_adds(out, ">");
    element(out, "room", text(s, "hall_name"));
    element(out, "title", text(s, "title"));
    element(out, "subtitle", "");
    element(out, "type", text(s, "kind"));
    element(out, "date", date_of(s, date));
    element(out, "start", text(s, "from"));
    element(out, "duration", length_text(s, length));
    element(out, "abstract", text(s, "description"));
    element(out, "slug", slug_of(programme, s, slug));
    element(out, "track", text(s, "track_name"));
    xml_persons(out, s);
    element(out, "language", text(s, "language"));
    element(out, "description", buf_failed(&about) ? "" : about.data);
    buf_addf(out, "<url>%s#s-%s</url></event>", url, text(s, "id"));
    buf_release(&about);
}

/* What takes place: cancelled sessions are left out. */
static bool is_on(const json_t *session)
{
    return strcmp(text(session, "state"), "cancelled") != 0;
}

/* All of a day in a hall; halls of which nothing is there have no room. */
static void xml_rooms(struct buf *out, const json_t *programme, const char *day, const char *url)
{
    const json_t *sessions = json_object_get(programme, "sessions");
    size_t i, k;
    json_t *first, *s;
    json_array_foreach(sessions, i, first)
    {
        bool seen = !is_on(first) || strcmp(text(first, "day"), day) != 0;
        for (k = 0; k < i && !seen; k++) {
            s = json_array_get(sessions, k);
            seen = is_on(s) && strcmp(text(s, "day"), day) == 0 &&
                   strcmp(text(s, "hall"), text(first, "hall")) == 0;
        }
        if (seen)
            continue;
        buf_adds(out, "\n<room");
        attribute(out, "name", text(first, "hall_name"));
        attribute(out, "guid", text(first, "hall"));
        buf_adds(out, ">");
        json_array_foreach(sessions, k, s) if (is_on(s) && strcmp(text(s, "day"), day) == 0 &&
                                               strcmp(text(s, "hall"), text(first, "hall")) == 0)
            xml_event(out, programme, s, url);
        buf_adds(out, "</room>");
    }
}

struct days {
    const json_t *first[366];
    int n;
};

static void days_of(const json_t *programme, struct days *days)
{
    size_t i;
    json_t *s;
    days->n = 0;
    json_array_foreach(
        json_object_get(programme, "sessions"), i,
        s) if (is_on(s) && days->n < 366 &&
               (days->n == 0 || strcmp(text(days->first[days->n - 1], "day"), text(s, "day")) != 0))
        days->first[days->n++] = s;
}

static void xml_conference(struct buf *out, const json_t *programme, const struct days *days,
                           const char *url)
{
    const json_t *congress = json_object_get(programme, "congress");
    size_t i;
    json_t *track;
    buf_adds(out, "\n<conference>");
    element(out, "title", text(congress, "title"));
    buf_addf(out, "<acronym>amphi%.4s</acronym>", text(congress, "id"));
    if (days->n) {
        element(out, "start", text(days->first[0], "day"));
        element(out, "end", text(days->first[days->n - 1], "day"));
    }
    buf_addf(out, "<days>%d</days><timeslot_duration>00:05</timeslot_duration>", days->n);
    element(out, "base_url", url);
    element(out, "time_zone_name", text(congress, "time_zone"));
    json_array_foreach(json_object_get(programme, "tracks"), i, track)
    {
        buf_adds(out, "<track");
        attribute(out, "name", text(track, "name"));
        attribute(out, "color", colour_value(text(track, "colour")));
        buf_adds(out, "/>");
    }
    buf_adds(out, "</conference>");
}

/* From the first start to the last end that begins on it. */
static void day_span(const json_t *programme, const json_t *first, const char **to)
{
    size_t i;
    json_t *s;
    *to = text(first, "ends_at");
    json_array_foreach(json_object_get(programme, "sessions"), i,
                       s) if (is_on(s) && strcmp(text(s, "day"), text(first, "day")) == 0 &&
                              strcmp(text(s, "ends_at"), *to) > 0) *to = text(s, "ends_at");
}

void public_xml_write(struct buf *out, const json_t *programme, const char *url)
{
    struct days days;
    char date[64];
    const char *to;
    days_of(programme, &days);
    buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<schedule>"
                  "<generator name=\"amphi\" version=\"1\"/>");
    element(out, "url", url);
    element(out, "version", "1");
    xml_conference(out, programme, &days, url);
    for (int i = 0; i < days.n; i++) {
        day_span(programme, days.first[i], &to);
        buf_addf(out, "\n<day index=\"%d\" date=\"%s\" start=\"%s\" end=\"%s\">", i + 1,
                 text(days.first[i], "day"), date_of(days.first[i], date), to);
        xml_rooms(out, programme, text(days.first[i], "day"), url);
        buf_adds(out, "</day>");
    }
    buf_adds(out, "\n</schedule>\n");
}
