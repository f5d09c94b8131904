#include "features/congress/congress.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

bool session_may_publish(enum session_state state)
{
    return state == SESSION_DRAFT;
}

bool session_may_cancel(enum session_state state)
{
    return state == SESSION_DRAFT || state == SESSION_LOBBY;
}

bool session_may_change(enum session_state state)
{
    return state != SESSION_CANCELLED;
}

bool session_may_move(enum session_state state)
{
    return state == SESSION_DRAFT || state == SESSION_LOBBY;
}

enum session_news session_news(enum session_state state, const struct session_told *before,
                               const struct session_told *after)
{
    if (state != SESSION_LOBBY)
        return NEWS_NONE;
    if (before->starts_at != after->starts_at ||
        before->planned_minutes != after->planned_minutes ||
        strcmp(before->listen_at, after->listen_at) != 0)
        return NEWS_PRACTICAL;
    bool same = strcmp(before->title, after->title) == 0 &&
                strcmp(before->description, after->description) == 0;
    return same ? NEWS_NONE : NEWS_WORDS;
}

#define NEAR_US (2 * 3600 * US_PER_S) /* ahead of the last reminders */

int64_t session_told_by(int64_t now, int64_t starts_before, int64_t starts_after)
{
    int64_t first = starts_before < starts_after ? starts_before : starts_after;
    return first < now + NEAR_US ? now : first - NEAR_US;
}

#define DAY_US (24 * 3600 * US_PER_S)

bool session_start_sane(int64_t starts_at, int64_t now)
{
    return starts_at >= now - DAY_US && starts_at <= now + 5 * 366 * DAY_US;
}

bool first_day_sane(const char *day, int64_t now)
{
    struct tm t = {0};
    char again[sizeof "2027-03-01"];
    const char *end = strptime(day, "%Y-%m-%d", &t);
    if (!end || *end)
        return false;
    time_t at = timegm(&t); /* the 30th of February is in March afterwards */
    strftime(again, sizeof again, "%Y-%m-%d", &t);
    return strcmp(again, day) == 0 && session_start_sane(at * US_PER_S, now);
}

/* Words of letters, digits, '_', '+' and '-', joined by '/'. Only "UTC" and names with an area are
 * places; the rest of the zone folder ("posix/…", "Factory", "localtime") is not. */
bool time_zone_form(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || len > 64 || strncmp(name, "posix/", 6) == 0 || strncmp(name, "right/", 6) == 0)
        return false;
    if (strcmp(name, "UTC") == 0)
        return true;
    if (!strchr(name, '/') || name[0] == '/' || name[len - 1] == '/')
        return false;
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
           len;
}
