/* The attendance file: one line per registration of a session's congress, streamed in constant
 * memory. Text formats are decided here, figures in the view attendance. */
#ifndef AMPHI_FEATURES_EXPORTS_H
#define AMPHI_FEATURES_EXPORTS_H

#include "base/csv.h"
#include "base/id.h"
#include <stdbool.h>
#include <stdint.h>

extern const struct feature exports_feature;

/* One line; texts borrowed, "" where there is none. */
struct attendance_line {
    struct id registration;
    const char *last_name, *first_name, *email;
    const char *profession, *profession_label;
    const char *specialty, *specialty_label;
    const char *practice_setting, *practice_setting_label;
    const char *region, *region_label;
    const char *age_band;
    const char *target_profiles; /* names, "; " between them */
    const char *channel, *channel_label;
    int64_t registered_at; /* Unix us */
    const char *state;
    int64_t first_join, last_leave; /* 0: never came */
    double seconds_present, seconds_attentive, live_seconds;
    bool attended, completed;
    int64_t questions, votes;
};
void attendance_header(struct csv *c);
void attendance_line(struct csv *c, const struct attendance_line *line);

#endif
