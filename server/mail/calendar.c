#include "base/address.h"
#include "base/buf.h"
#include "base/mem.h"
#include "mail/mail.h"
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DESCRIPTION_MAX (64 * 1024)

/* Text of people without what could end a line; malloc'd. Line breaks of a TEXT value stay: libical
 * escapes them. */
static char *clean(const char *text, bool one_line)
{
    char *copy = mem_strdup(text ? text : "");
    for (char *at = copy; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if ((c < 0x20 && (one_line || c != '\n')) || c == 0x7f)
            *at = ' ';
    }
    return copy;
}

/* The value of a parameter, which straight quotes would end: they become pairs of curved ones. */
static char *clean_parameter(const char *text)
{
    struct buf b;
    size_t len;
    bool open = false;
    char *value = clean(text, true);
    buf_init(&b, 3 * strlen(value) + 1);
    for (const char *at = value; *at; at++) {
        if (*at == '"')
            buf_adds(&b, (open = !open) ? "“" : "”");
        else
            buf_add(&b, at, 1);
    }
    free(value);
    buf_adds(&b, "");
    return buf_detach(&b, &len);
}

/* A property of nothing but blanks is an error to some readers: it is left out. */
static void add_text(icalcomponent *event, icalproperty *(*make)(const char *), const char *text,
                     bool one_line)
{
    char *value = clean(text, one_line);
    if (value[strspn(value, " \n")])
        icalcomponent_add_property(event, make(value));
    free(value);
}

/* A label and, on the next line, what it is about; a blank line before when something stands there
 * already. */
static void add_paragraph(struct buf *b, const char *label, const char *text)
{
    if (!text || !*text)
        return;
    buf_adds(b, b->len ? "\n\n" : "");
    if (label)
        buf_addf(b, "%s\n", label);
    buf_adds(b, text);
}

static void add_description(icalcomponent *event, const struct calendar_event *e)
{
    struct buf b;
    size_t len;
    buf_init(&b, DESCRIPTION_MAX);
    add_paragraph(&b, NULL, e->description);
    if (e->programme_label)
        add_paragraph(&b, e->programme_label, e->programme);
    if (e->url_label)
        add_paragraph(&b, e->url_label, e->url);
    if (e->listen_label)
        add_paragraph(&b, e->listen_label, e->listen_at);
    buf_adds(&b, "");
    char *text = buf_failed(&b) ? NULL : buf_detach(&b, &len);
    if (!text)
        buf_release(&b);
    add_text(event, icalproperty_new_description, text, false);
    free(text);
}

static struct icaltimetype utc(int64_t us)
{
    return icaltime_from_timet_with_zone((time_t)(us / US_PER_S), 0,
                                         icaltimezone_get_utc_timezone());
}

static icalproperty *person(icalproperty *(*make)(const char *), const char *address)
{
    char mailto[300];
    snprintf(mailto, sizeof mailto, "mailto:%s", address);
    return make(mailto);
}

static void add_organizer(icalcomponent *event, const struct calendar_event *e)
{
    if (address_valid(e->organizer_address)) {
        icalproperty *organizer = person(icalproperty_new_organizer, e->organizer_address);
        if (e->organizer_name && *e->organizer_name) {
            char *name = clean_parameter(e->organizer_name);
            icalproperty_add_parameter(organizer, icalparameter_new_cn(name));
            free(name);
        }
        icalcomponent_add_property(event, organizer);
    }
}

static void add_attendee(icalcomponent *event, const struct calendar_event *e)
{
    if (address_valid(e->attendee_address)) {
        icalproperty *attendee = person(icalproperty_new_attendee, e->attendee_address);
        icalproperty_add_parameter(attendee, icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT));
        icalproperty_add_parameter(attendee, icalparameter_new_partstat(ICAL_PARTSTAT_ACCEPTED));
        icalproperty_add_parameter(attendee, icalparameter_new_rsvp(ICAL_RSVP_FALSE));
        icalcomponent_add_property(event, attendee);
    }
}

static icalcomponent *event_new(const struct calendar_event *e, bool published)
{
    char text[ID_TEXT_SIZE], uid[ID_TEXT_SIZE + 8];
    snprintf(uid, sizeof uid, "%s@amphi", id_text(&e->uid, text));
    icalcomponent *event = icalcomponent_new_vevent();
    icalcomponent_add_property(event, icalproperty_new_uid(uid));
    icalcomponent_add_property(event, icalproperty_new_dtstamp(utc(e->now)));
    icalcomponent_add_property(event, icalproperty_new_dtstart(utc(e->starts_at)));
    icalcomponent_add_property(event, icalproperty_new_dtend(utc(e->ends_at)));
    icalcomponent_add_property(event, icalproperty_new_sequence(e->sequence));
    add_text(event, icalproperty_new_summary, e->title, true);
    add_description(event, e);
    add_text(event, icalproperty_new_location, e->location ? e->location : e->url, true);
    add_text(event, icalproperty_new_url, e->url, true);
    add_organizer(event, e);
    if (!published)
        add_attendee(event, e);
    icalcomponent_add_property(
        event,
        icalproperty_new_status(e->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
    return event;
}

const char *calendar_method(const struct calendar_event *events, int n)
{
    return n > 1 ? "PUBLISH" : events->cancelled ? "CANCEL" : "REQUEST";
}

/* libical counts the end of a line as a part of it: where the text fills the last folded line, it
 * folds between CR and LF, or before them, which leaves an empty line. */
static void mend_folds(char *text)
{
    char *out = text;
    for (const char *at = text; *at; at++) {
        if (!strncmp(at, "\r\r\n \n", 5) || !strncmp(at, "\r\n \r\n", 5)) {
            *out++ = '\r';
            *out++ = '\n';
            at += 4;
        } else {
            *out++ = *at;
        }
    }
    *out = '\0';
}

static icalcomponent *calendar_new(icalproperty_method method)
{
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    icalcomponent_add_property(calendar, icalproperty_new_prodid("-//amphi//amphi 1//EN"));
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_method(method));
    return calendar;
}

/* Frees calendar; malloc'd. */
static char *take_text(icalcomponent *calendar)
{
    char *text = icalcomponent_as_ical_string_r(calendar);
    char *copy = mem_strdup(text);
    mend_folds(copy);
    icalmemory_free_buffer(text);
    icalcomponent_free(calendar);
    return copy;
}

char *calendar_text(const struct calendar_event *events, int n)
{
    icalcomponent *calendar =
        calendar_new(icalproperty_string_to_method(calendar_method(events, n)));
    for (int i = 0; i < n; i++)
        icalcomponent_add_component(calendar, event_new(&events[i], n > 1));
    return take_text(calendar);
}

char *calendar_feed(const char *name, const struct calendar_event *events, int n)
{
    icalcomponent *calendar = calendar_new(ICAL_METHOD_PUBLISH);
    char *shown = clean(name, true);
    icalproperty *title = icalproperty_new_x(shown);
    icalproperty_set_x_name(title, "X-WR-CALNAME");
    icalcomponent_add_property(calendar, title);
    free(shown);
    for (int i = 0; i < n; i++)
        icalcomponent_add_component(calendar, event_new(&events[i], true));
    return take_text(calendar);
}
