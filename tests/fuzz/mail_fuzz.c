/* What people typed, as mails and calendars have it: no line of it ends a line of theirs, and it
 * comes out of a reader as it was. Fields lie between 0x1f; all is UTF-8, as it is by then. */
#include "base/json.h"
#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include "mail/mime.h"
#include <libical/ical.h>
#include <string.h>

enum field { SUBJECT, NAME, TEXT, TITLE, DESCRIPTION, LISTEN, ADDRESS, FIELDS };

/* Lines end in CRLF, are of ASCII and not longer than a server takes. How many begin with start. */
static int count_lines(const char *text, size_t longest, bool ascii, const char *start)
{
    int n = 0;
    while (*text) {
        const char *end = strstr(text, "\r\n");
        MUST(end);
        MUST((size_t)(end - text) <= longest);
        for (const char *at = text; at < end; at++)
            MUST(*at != '\r' && *at != '\n' && (!ascii || !(*at & 0x80)));
        n += strncmp(text, start, strlen(start)) == 0;
        text = end + 2;
    }
    return n;
}

static void check_mail(char *const field[FIELDS], const char *calendar, const char *method)
{
    struct buf out;
    struct mime m = {.at = 1780000000000000,
                     .from_name = field[NAME],
                     .from = "amphi@example.org",
                     .to = "a@example.org",
                     .subject = field[SUBJECT],
                     .text = field[TEXT],
                     .html = field[TEXT],
                     .calendar = calendar,
                     .calendar_method = method,
                     .language = field[SUBJECT]};
    buf_init(&out, MIME_MAX);
    mime_write(&out, &m);
    buf_adds(&out, "");
    if (!buf_failed(&out)) {
        char *end = strstr(out.data, "\r\n\r\n");
        MUST(strlen(out.data) == out.len && end);
        MUST(count_lines(out.data, 998, true, "--=_") == (calendar ? 7 : 3));
        end[2] = '\0'; /* the head alone */
        MUST(count_lines(out.data, 998, true, "Subject: ") == 1);
        MUST(count_lines(out.data, 998, true, "To: ") == 1);
        MUST(count_lines(out.data, 998, true, "Bcc: ") == 0);
        MUST(count_lines(out.data, 998, true, "") - count_lines(out.data, 998, true, " ") == 9);
    }
    buf_release(&out);
}

static int count_properties(icalcomponent *event, icalproperty_kind kind)
{
    int n = 0;
    for (icalproperty *p = icalcomponent_get_first_property(event, kind); p;
         p = icalcomponent_get_next_property(event, kind))
        n++;
    return n;
}

/* As a calendar program reads it. */
static void check_events(const char *text, int n)
{
    icalcomponent *calendar = icalparser_parse_string(text);
    MUST(calendar && icalcomponent_count_components(calendar, ICAL_VEVENT_COMPONENT) == n);
    MUST(icalcomponent_count_components(calendar, ICAL_ANY_COMPONENT) == n);
    MUST(icalcomponent_count_errors(calendar) == 0);
    for (icalcomponent *e = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); e;
         e = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        MUST(count_properties(e, ICAL_UID_PROPERTY) == 1);
        MUST(count_properties(e, ICAL_ATTENDEE_PROPERTY) == (n == 1));
        MUST(count_properties(e, ICAL_ORGANIZER_PROPERTY) == 1);
        MUST(count_properties(e, ICAL_URL_PROPERTY) == 1);
        MUST(count_properties(e, ICAL_X_PROPERTY) == 0);
    }
    icalcomponent_free(calendar);
}

static void check_calendar(char *const field[FIELDS], int n)
{
    struct calendar_event events[2];
    for (int i = 0; i < n; i++)
        events[i] = (struct calendar_event){.uid = {.bytes = {1, 2, 3}},
                                            .starts_at = 1780000000000000,
                                            .ends_at = 1780003600000000,
                                            .now = 1770000000000000,
                                            .title = field[TITLE],
                                            .description = field[DESCRIPTION],
                                            .url = "https://example.org/join#a",
                                            .url_label = "amphi",
                                            .listen_at = field[LISTEN],
                                            .listen_label = "audio",
                                            .organizer_name = field[NAME],
                                            .organizer_address = "o@example.org",
                                            .attendee_address = "a@example.org"};
    char *text = calendar_text(events, n);
    MUST(utf8_valid(text, strlen(text)));
    MUST(count_lines(text, 75, false, "ATTENDEE") == (n == 1));
    MUST(count_lines(text, 75, false, "BEGIN:VEVENT") == n);
    check_events(text, n);
    check_mail(field, text, calendar_method(events, n));
    free(text);
}

static bool has_markup(const char *html, const char *tag)
{
    return strstr(html, tag) != NULL;
}

static void check_letter(char *const field[FIELDS])
{
    struct letter l;
    letter_init(&l, "fr", field[SUBJECT], &(struct letter_sender){field[NAME], field[SUBJECT]});
    letter_paragraph(&l, "Bonjour %s,", field[NAME]);
    letter_facts(&l, &(struct letter_fact){"amphi", field[LISTEN]}, 1);
    letter_action(&l, field[TITLE], "https://example.org/join#a");
    letter_end(&l, "%s", field[DESCRIPTION]);
    if (letter_ok(&l)) {
        MUST(utf8_valid(l.html.data, l.html.len) && utf8_valid(l.text.data, l.text.len));
        MUST(!has_markup(l.html.data, "<script") && !has_markup(l.html.data, "<img"));
    }
    letter_release(&l);
}

static void check_from(const char *text)
{
    char name[256], address[256];
    if (!mime_split_from(text, name, sizeof name, address, sizeof address))
        return;
    MUST(strchr(address, '@') && !strpbrk(address, "\r\n<> ,;"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char nothing[] = "";
    char *text = mem_new(size + 1), *field[FIELDS];
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    if (utf8_valid(text, strlen(text))) {
        char *rest = text;
        for (int i = 0; i < FIELDS; i++)
            field[i] = rest ? strsep(&rest, "\x1f") : nothing;
        check_mail(field, NULL, NULL);
        check_calendar(field, 1);
        check_calendar(field, 2);
        check_letter(field);
        check_from(field[ADDRESS]);
    }
    free(text);
    return 0;
}
