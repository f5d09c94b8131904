/* The public programme of a congress: a page that the server writes, and files for programs and
 * calendars. What it says is one JSON value (public_programme() in SQL, migration 0098); the
 * writers are pure. */
#ifndef AMPHI_FEATURES_PROGRAMME_PUBLIC_H
#define AMPHI_FEATURES_PROGRAMME_PUBLIC_H

#include "base/buf.h"
#include "http/http.h"
#include <jansson.h>

#define PUBLIC_PAGE_MAX ((size_t)16 << 20)

/* As the holder of a registration link's code may see it; query: {name: text} of what a page is
 * asked for, borrowed. ERR_NOT_FOUND. */
enum err public_programme(struct db_conn *c, const char *code, json_t *query,
                          json_t **out) MUST_CHECK;

struct public_words {
    const char *lang, *other, *other_name, *skip, *programme, *register_, *calendar, *room_calendar;
    const char *search, *search_hint, *room, *track, *language, *level, *speaker, *all, *filter,
        *reset, *filters;
    const char *levels[3], *languages[2], *roles[4];
    const char *found_all, *found, *none, *none_text, *empty, *empty_text, *times, *days, *talks;
    const char *abstract, *live, *ended, *cancelled, *watch, *organiser, *contact, *more, *files;
    const char *print, *now, *here, *unknown, *unknown_text, *about;
    const char *weekdays[7], *months[12];
};
const struct public_words *public_words(bool french);

struct public_page {
    const struct public_words *words;
    const json_t *programme, *query; /* query: what it was asked for */
};
void public_page_write(struct buf *out, const struct public_page *page);
/* There is no programme of that address. */
void public_unknown_write(struct buf *out, const struct public_words *words);
/* The list of what is on (public_list.c). */
void public_list_write(struct buf *out, const struct public_page *page);
/* "Monday 1 March 2027", or without its year, of "2027-03-01". */
const char *public_day_text(const struct public_words *words, const char *day, bool year,
                            char out[static 64]);
/* With no line broken before the signs that French puts a space before. */
void public_title_add(struct buf *out, const char *title);

/* --- files; url: of the page --- */
/* schedule.xml, as the XSD of c3voc has it. */
void public_xml_write(struct buf *out, const json_t *programme, const char *url);
/* schedule.json, as frab has it: a new reference. */
json_t *public_json(const json_t *programme, const char *url);
/* A calendar of all sessions, or of those in a hall (not ""); malloc'd. */
char *public_calendar(const json_t *programme, const char *hall, const char *url, int64_t now);
/* A number for readers that know no other ids; the same for the same id, for good. */
int64_t public_number(const char *id);

/* --- public_routes.c --- */
http_handler get_public_page, get_public_xml, get_public_json, get_public_calendar;

#endif
