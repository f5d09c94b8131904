#include "features/exports/exports.h"
#include "base/clock.h"
#include <math.h>

void attendance_header(struct csv *c)
{
    static const char *const names[] = {"registration_id",
                                        "last_name",
                                        "first_name",
                                        "email",
                                        "profession",
                                        "profession_label",
                                        "specialty",
                                        "specialty_label",
                                        "practice_setting",
                                        "practice_setting_label",
                                        "region",
                                        "region_label",
                                        "age_band",
                                        "target_profiles",
                                        "channel",
                                        "channel_label",
                                        "registered_at",
                                        "state",
                                        "first_join",
                                        "last_leave",
                                        "seconds_present",
                                        "seconds_attentive",
                                        "live_seconds",
                                        "share_of_live_time",
                                        "attended",
                                        "completed",
                                        "questions",
                                        "votes",
                                        NULL};
    csv_header(c, names);
}

static void csv_time(struct csv *c, int64_t at)
{
    char text[TIME_TEXT_SIZE];
    csv_text(c, at ? time_text(at, text) : "");
}

static void identity(struct csv *c, const struct attendance_line *line)
{
    char id[ID_TEXT_SIZE];
    const char *const texts[] = {
        id_text(&line->registration, id),
        line->last_name,
        line->first_name,
        line->email,
        line->profession,
        line->profession_label,
        line->specialty,
        line->specialty_label,
        line->practice_setting,
        line->practice_setting_label,
        line->region,
        line->region_label,
        line->age_band,
        line->target_profiles,
        line->channel,
        line->channel_label,
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        csv_text(c, texts[i]);
}

void attendance_line(struct csv *c, const struct attendance_line *line)
{
    identity(c, line);
    csv_time(c, line->registered_at);
    csv_text(c, line->state);
    csv_time(c, line->first_join);
    csv_time(c, line->last_leave);
    csv_int(c, llround(line->seconds_present));
    csv_int(c, llround(line->seconds_attentive));
    csv_int(c, llround(line->live_seconds));
    csv_fraction(c, fmin(line->seconds_present, line->live_seconds), line->live_seconds);
    csv_text(c, line->attended ? "yes" : "no");
    csv_text(c, line->completed ? "yes" : "no");
    csv_int(c, line->questions);
    csv_int(c, line->votes);
    csv_end_row(c);
}
