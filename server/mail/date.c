/* Dates and durations as people say them. */
#include "mail/letter.h"
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>

#define CITY_MAX  64
#define ZONE_SIZE 160

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

/* The city that gives a zone its name, in the reader's language ("Londres"), from CLDR. */
static bool city_of(const char *time_zone, const char *language, char *out, size_t size)
{
    static const UChar city[] = u"VVV";
    UChar zone[65], name[CITY_MAX];
    UErrorCode status = U_ZERO_ERROR;
    u_uastrncpy(zone, time_zone, 64);
    zone[64] = 0;
    UDateFormat *format =
        udat_open(UDAT_PATTERN, UDAT_PATTERN, language, zone, -1, city, 3, &status);
    int32_t n = U_SUCCESS(status) ? udat_format(format, 0, name, CITY_MAX, NULL, &status) : 0;
    udat_close(format);
    int32_t len = 0;
    u_strToUTF8(out, (int32_t)size, &len, name, n, &status);
    return U_SUCCESS(status) && status != U_STRING_NOT_TERMINATED_WARNING && len > 0;
}

/* "heure de Paris", "heure d’Athènes", "heure du Caire"; "Paris time". */
static void zone_text(char out[static ZONE_SIZE], const char *time_zone, const char *language)
{
    char city[ZONE_SIZE / 2];
    bool fr = strcmp(language, "fr") == 0;
    if (!strchr(time_zone, '/') || !city_of(time_zone, language, city, sizeof city))
        snprintf(out, ZONE_SIZE, "%s", time_zone);
    else if (!fr)
        snprintf(out, ZONE_SIZE, "%s time", city);
    else if (strncmp(city, "Le ", 3) == 0)
        snprintf(out, ZONE_SIZE, "heure du %s", city + 3);
    else if (strchr("AEIOUY", city[0]) || strncmp(city, "É", 2) == 0)
        snprintf(out, ZONE_SIZE, "heure d’%s", city);
    else
        snprintf(out, ZONE_SIZE, "heure de %s", city);
}

const char *date_text(char out[static DATE_TEXT_SIZE], const char *local, const char *language,
                      const char *time_zone)
{
    struct tm t = {0};
    const char *end = strptime(local, "%Y-%m-%dT%H:%M", &t);
    out[0] = '\0';
    if (!end || *end)
        return out;
    char zone[ZONE_SIZE];
    zone_text(zone, time_zone, language);
    timegm(&t); /* the day of the week */
    if (strcmp(language, "fr") == 0)
        snprintf(out, DATE_TEXT_SIZE, "%s %d%s %s %d à %02d:%02d (%s)", days_fr[t.tm_wday],
                 t.tm_mday, t.tm_mday == 1 ? "er" : "", months_fr[t.tm_mon], t.tm_year + 1900,
                 t.tm_hour, t.tm_min, zone);
    else
        snprintf(out, DATE_TEXT_SIZE, "%s %d %s %d at %02d:%02d (%s)", days_en[t.tm_wday],
                 t.tm_mday, months_en[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, zone);
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
