#include "features/mails/mailing_mail.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

struct words {
    const char *session, *date, *length, *listen, *join, *keep, *cancel, *end;
    const char *days[2], *hour, *minutes, *soon; /* today, tomorrow */
};

static const struct words french = {
    .session = "Session\u00a0",
    .date = "Date\u00a0",
    .length = "Durée prévue\u00a0",
    .listen = "Accès au son\u00a0",
    .join = "Rejoindre avec mon lien personnel",
    .keep = "Ce lien est strictement personnel : il vous ouvre la salle sans mot de passe, merci "
            "de ne pas le transmettre.",
    .cancel = "Un empêchement ? Annuler mon inscription",
    .end = "À bientôt,\n%s\n%s",
    .days = {"aujourd’hui à %s", "demain à %s"},
    .hour = "dans une heure",
    .minutes = "dans %d minutes",
    .soon = "dans quelques minutes",
};

static const struct words english = {
    .session = "Session",
    .date = "Date",
    .length = "Planned length",
    .listen = "To listen",
    .join = "Join with my personal link",
    .keep = "This link is personal to you: it lets you in without a password, so please do not "
            "pass it on.",
    .cancel = "Cannot make it? Cancel my registration",
    .end = "See you soon,\n%s\n%s",
    .days = {"today at %s", "tomorrow at %s"},
    .hour = "in an hour",
    .minutes = "in %d minutes",
    .soon = "in a few minutes",
};

static const struct words *words_of(const struct mailing_mail *m)
{
    return strcmp(m->language, "fr") == 0 ? &french : &english;
}

/* To five minutes, and an hour when it is nearly one. */
const char *when_text(char out[static WHEN_TEXT_SIZE], const struct mailing_mail *m)
{
    const struct words *w = words_of(m);
    const char *start = m->session_count ? m->sessions[0].local_start : "";
    int rounded = (m->minutes_left + 2) / 5 * 5;
    if (m->days && strlen(start) == sizeof "2026-12-01T19:30" - 1)
        snprintf(out, WHEN_TEXT_SIZE, w->days[strncmp(start, m->local_now, 10) != 0], start + 11);
    else if (rounded >= 55)
        snprintf(out, WHEN_TEXT_SIZE, "%s", w->hour);
    else if (rounded >= 10)
        snprintf(out, WHEN_TEXT_SIZE, w->minutes, rounded);
    else
        snprintf(out, WHEN_TEXT_SIZE, "%s", w->soon);
    return out;
}

static void write_sessions(struct letter *l, const struct mailing_mail *m)
{
    const struct words *w = words_of(m);
    for (int i = 0; i < m->session_count; i++) {
        const struct mailing_session *s = &m->sessions[i];
        char date[DATE_TEXT_SIZE], duration[DURATION_TEXT_SIZE];
        date_text(date, s->local_start, m->language, m->time_zone);
        duration_text(duration, s->planned_minutes, m->language);
        letter_facts(l,
                     (const struct letter_fact[]){{w->session, s->title},
                                                  {w->date, date},
                                                  {w->length, duration},
                                                  {w->listen, s->listen_at}},
                     4);
    }
}

static void write_letter(struct letter *l, const struct mailing_mail *m,
                         const struct mail_words *words, const struct mail_values *values)
{
    const struct words *w = words_of(m);
    words_body(l, words, values);
    write_sessions(l, m);
    if (m->join_url) {
        letter_action(l, w->join, m->join_url);
        letter_paragraph(l, "%s", w->keep);
        letter_link(l, w->cancel, m->cancel_url);
    }
    letter_end(l, w->end, m->organisation_name, m->contact_email);
}

static enum err queue(struct db_conn *c, const struct mailing_mail *m, const struct letter *l,
                      const char *subject, int64_t now)
{
    struct id reminds[MAILING_SESSIONS_MAX];
    for (int i = 0; i < m->session_count; i++)
        reminds[i] = m->sessions[i].id;
    return mail_queue_letter(c,
                             &(struct mail){.organisation = &m->organisation,
                                            .bulk = true,
                                            .to = m->to,
                                            .registration = &m->registration,
                                            .subject = subject,
                                            .language = m->language,
                                            .reminds = reminds,
                                            .reminds_len = (size_t)m->session_count,
                                            .expires_at = m->expires_at},
                             l, now);
}

/* What stands for the placeholders, with what it points to. */
struct texts {
    char date[DATE_TEXT_SIZE], when[WHEN_TEXT_SIZE];
    struct mail_values values;
};

static void fill_values(struct texts *t, const struct mailing_mail *m)
{
    const struct mailing_session *first = m->session_count ? m->sessions : NULL;
    t->date[0] = '\0';
    if (first)
        date_text(t->date, first->local_start, m->language, m->time_zone);
    t->values = (struct mail_values){
        .of = {[HOLD_FIRST_NAME] = m->first_name,
               [HOLD_LAST_NAME] = m->last_name,
               [HOLD_CONGRESS] = m->congress_title,
               [HOLD_ORGANISATION] = m->organisation_name,
               [HOLD_CONTACT] = m->contact_email,
               [HOLD_SESSION] = m->session_count == 1 ? first->title : m->congress_title,
               [HOLD_DATE] = t->date,
               [HOLD_WHEN] = when_text(t->when, m)}};
}

enum err mailing_mail_queue(struct db_conn *c, const struct mailing_mail *m,
                            const struct mail_words *words, int64_t now)
{
    char subject[SUBJECT_SIZE];
    struct texts t;
    struct letter l;
    fill_values(&t, m);
    letter_init(&l, m->language, words_subject(words, &t.values, subject),
                &(struct letter_sender){m->organisation_name, m->organisation_accent});
    write_letter(&l, m, words, &t.values);
    enum err err = queue(c, m, &l, subject, now);
    letter_release(&l);
    return err;
}

void mailing_mail_sample(struct letter *l, enum mail_kind kind, const struct mail_sample *sample,
                         const struct mail_words *words)
{
    bool reminder = kind == KIND_REMINDER;
    struct mailing_mail m = {.kind = kind,
                             .first_name = sample->first_name,
                             .last_name = sample->last_name,
                             .language = sample->language,
                             .congress_title = sample->congress_title,
                             .time_zone = sample->time_zone,
                             .organisation_name = sample->organisation_name,
                             .contact_email = sample->contact_email,
                             .session_count = reminder,
                             .minutes_left = 60,
                             .join_url = reminder ? sample->url : NULL,
                             .cancel_url = sample->url};
    m.sessions[0] = (struct mailing_session){.local_start = sample->local_start,
                                             .title = sample->session_title,
                                             .listen_at = sample->listen_at,
                                             .planned_minutes = sample->planned_minutes};
    struct texts t;
    fill_values(&t, &m);
    write_letter(l, &m, words, &t.values);
}
