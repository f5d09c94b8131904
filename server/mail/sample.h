/* Mails as an example: how a text looks in its mail, for whoever writes it. The features that write
 * mails declare, in struct feature, which kinds are theirs. */
#ifndef AMPHI_MAIL_SAMPLE_H
#define AMPHI_MAIL_SAMPLE_H

#include "mail/words.h"

/* Whom an example is to, and what it is about. */
struct mail_sample {
    const char *language, *first_name, *last_name;
    const char *congress_title, *time_zone, *organisation_name, *contact_email, *accent;
    const char *session_title, *local_start, *listen_at; /* as in the mails themselves */
    const char *was_start;                               /* before it was moved */
    int planned_minutes;
    const char *url; /* in place of personal links */
};

/* The whole mail but for its head: with these words, and what the house says around them. */
typedef void mail_writer(struct letter *l, enum mail_kind kind, const struct mail_sample *sample,
                         const struct mail_words *words);

struct mail_sampler {
    enum mail_kind kind; /* MAIL_KINDS ends the table */
    mail_writer *write;
};

#endif
