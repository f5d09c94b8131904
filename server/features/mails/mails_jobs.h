/* What mails_feature.c declares as its job (mailing.c). */
#ifndef AMPHI_FEATURES_MAILS_JOBS_H
#define AMPHI_FEATURES_MAILS_JOBS_H

#include "jobs/jobs.h"

enum job_result mailing_run(struct job *job);
enum err mailing_give_up(struct job *job);

#endif
