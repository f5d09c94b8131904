/* schedule.json, as frab and pretalx have it; and a calendar. */
#include "base/json.h"
#include "base/mem.h"
#include "features/programme/public.h"
#include "mail/mail.h"
#include <stdlib.h>
#include <string.h>

static const char *text(const json_t *of, const char *name)
{
    return json_text_of(of, name);
}

static json_t *persons(const json_t *session)
{
    json_t *list = json_array(), *person;
    size_t i;
    json_array_foreach(json_object_get(session, "people"), i, person) json_array_append_new(
        list, json_pack("{s:s,s:s,s:s}", "guid", text(person, "id"), "name", text(person, "name"),
                        "public_name", text(person, "name")));
    return list;
}

static json_t *event(const json_t *s, const char *url)
{
    char at[320], date[64], length[32];
    int minutes = (int)json_integer_value(json_object_get(s, "minutes"));
    snprintf(at, sizeof at, "%s#s-%s", url, text(s, "id"));
    snprintf(date, sizeof date, "%sT%s:00%s", text(s, "day"), text(s, "from"), text(s, "offset"));
    snprintf(length, sizeof length, "%02d:%02d", minutes / 60, minutes % 60);
    return json_pack(
        "{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:O?,s:o,s:[],s:[],s:b}", "id",
        (json_int_t)public_number(text(s, "id")), "guid", text(s, "id"), "url", at, "date", date,
        "start", text(s, "from"), "end", text(s, "ends_at"), "duration", length, "room",
        text(s, "hall_name"), "title", text(s, "title"), "subtitle", "", "type", text(s, "kind"),
        "language", text(s, "language"), "abstract", text(s, "description"), "track",
        text(s, "track_name"), "talks", json_object_get(s, "talks"), "persons", persons(s), "links",
        "attachments", "do_not_record", false);
}

static json_t *new_day(json_t *days, const json_t *s)
{
    char start[64];
    snprintf(start, sizeof start, "%sT%s:00%s", text(s, "day"), text(s, "from"), text(s, "offset"));
    json_t *day =
        json_pack("{s:I,s:s,s:s,s:s,s:{}}", "index", (json_int_t)json_array_size(days) + 1, "date",
                  text(s, "day"), "day_start", start, "day_end", text(s, "ends_at"), "rooms");
    json_array_append_new(days, day);
    return day;
}

/* Rooms have their names as keys there: two of one name cannot be in a congress. */
static void add_event(json_t *day, const json_t *s, const char *url)
{
    json_t *rooms = json_object_get(day, "rooms");
    json_t *room = json_object_get(rooms, text(s, "hall_name"));
    if (strcmp(text(s, "ends_at"), text(day, "day_end")) > 0)
        json_object_set_new(day, "day_end", json_string(text(s, "ends_at")));
    if (!room) {
        room = json_array();
        json_object_set_new(rooms, text(s, "hall_name"), room);
    }
    json_array_append_new(room, event(s, url));
}

static json_t *days_of(const json_t *programme, const char *url)
{
    json_t *days = json_array(), *day = NULL, *s;
    size_t i;
    json_array_foreach(json_object_get(programme, "sessions"), i, s)
    {
        if (strcmp(text(s, "state"), "cancelled") == 0)
            continue;
        if (!day || strcmp(text(day, "date"), text(s, "day")) != 0)
            day = new_day(days, s);
        add_event(day, s, url);
    }
    return days;
}

static json_t *named(const json_t *items, bool coloured)
{
    json_t *list = json_array(), *item;
    size_t i;
    json_array_foreach(items, i, item)
    {
        json_t *one = json_pack("{s:s,s:s}", "guid", text(item, "id"), "name", text(item, "name"));
        if (coloured)
            json_object_set_new(one, "color_name", json_string(text(item, "colour")));
        json_array_append_new(list, one);
    }
    return list;
}

json_t *public_json(const json_t *programme, const char *url)
{
    const json_t *congress = json_object_get(programme, "congress");
    json_t *days = days_of(programme, url);
    size_t n = json_array_size(days);
    char acronym[16];
    snprintf(acronym, sizeof acronym, "amphi%.4s", text(congress, "id"));
    json_t *conference = json_pack(
        "{s:s,s:s,s:s,s:s,s:I,s:s,s:s,s:o,s:o}", "acronym", acronym, "title",
        text(congress, "title"), "start", n ? text(json_array_get(days, 0), "date") : "", "end",
        n ? text(json_array_get(days, n - 1), "date") : "", "daysCount", (json_int_t)n,
        "timeslot_duration", "00:05", "time_zone_name", text(congress, "time_zone"), "rooms",
        named(json_object_get(programme, "halls"), false), "tracks",
        named(json_object_get(programme, "tracks"), true));
    json_object_set_new(conference, "days", days);
    return json_pack("{s:s,s:{s:s,s:s},s:{s:s,s:s,s:s,s:o}}", "$schema",
                     "https://c3voc.de/schedule/schema.json", "generator", "name", "amphi",
                     "version", "1", "schedule", "url", url, "version", "1", "base_url", url,
                     "conference", conference);
}

/* --- the calendar --- */

static int64_t time_of(const json_t *s, const char *name)
{
    struct json_reader r = json_reader((json_t *)s);
    return json_read_time(&r, name);
}

char *public_calendar(const json_t *programme, const char *hall, const char *url, int64_t now)
{
    const json_t *sessions = json_object_get(programme, "sessions");
    struct calendar_event *events = mem_new_array(json_array_size(sessions) + 1, sizeof *events);
    size_t i;
    json_t *s;
    int n = 0;
    json_array_foreach(sessions, i, s)
    {
        if (strcmp(text(s, "kind"), "session") != 0 ||
            (*hall && strcmp(text(s, "hall"), hall) != 0))
            continue;
        struct calendar_event *e = &events[n++];
        *e = (struct calendar_event){.sequence =
                                         (int)json_integer_value(json_object_get(s, "sequence")),
                                     .starts_at = time_of(s, "starts_at"),
                                     .ends_at = time_of(s, "ends_at"),
                                     .now = now,
                                     .title = text(s, "title"),
                                     .description = text(s, "description"),
                                     .url = url,
                                     .location = text(s, "hall_name"),
                                     .cancelled = strcmp(text(s, "state"), "cancelled") == 0};
        if (!id_parse(text(s, "id"), &e->uid))
            n--;
    }
    char *feed = calendar_feed(text(json_object_get(programme, "congress"), "title"), events, n);
    free(events);
    return feed;
}
