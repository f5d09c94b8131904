/* Work behind imports of target lists: checking all lines with what somebody said of the columns,
 * storing them as people of the list, and forgetting them after a day. */
#ifndef AMPHI_FEATURES_LISTS_JOBS_H
#define AMPHI_FEATURES_LISTS_JOBS_H

#include "jobs/jobs.h"

#define IMPORT_KEPT_US (24LL * 3600 * 1000000)

extern const struct job_kind target_list_check, target_list_store,
    target_list_forget; /* lists_feature.c */
enum job_result target_list_check_run(struct job *job);
enum job_result target_list_store_run(struct job *job);
enum err target_list_work_give_up(struct job *job);
enum job_result target_list_forget_run(struct job *job);
enum err target_list_forget_give_up(struct job *job);

#endif
