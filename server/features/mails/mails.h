/* What a congress mails by itself: reminders before its sessions, thanks and "sorry we missed you"
 * after the last; and the texts that an organisation has in place of the house's. */
#ifndef AMPHI_FEATURES_MAILS_H
#define AMPHI_FEATURES_MAILS_H

#include "room/feature.h"

extern const struct feature mails_feature;

/* Sends a mailing to everybody registered, in batches (mailing.c). Its rows, and those of what is
 * planned, are written by triggers: migration 0084. */
extern const struct job_kind mails_send;

#endif
