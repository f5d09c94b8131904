#include "features/congress/congress_mail.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char join_french[] = "Rejoindre avec mon lien personnel",
                  join_english[] = "Join with my personal link";

static void write_french(struct letter *l, const struct notice_session *s,
                         const struct notice_person *p, const char *date, const char *duration)
{
    letter_paragraph(l, "Bonjour %s %s,", p->first_name, p->last_name);
    if (s->cancelled) {
        letter_paragraph(l,
                         "Nous sommes au regret de vous annoncer que « %s », prévu le %s, est "
                         "annulé. Vous n’avez rien à faire ; le fichier joint retire la date de "
                         "votre agenda.",
                         s->title, date);
        letter_end(l, "Avec toutes nos excuses pour ce contretemps,\n%s\n%s", s->organisation_name,
                   s->contact_email);
        return;
    }
    letter_paragraph(l,
                     "Les informations pratiques de « %s » ont changé. Votre inscription reste "
                     "valable ; voici les nouvelles informations :",
                     s->title);
    const struct letter_fact facts[] = {{"Date\u00a0", date},
                                        {"Durée prévue\u00a0", duration},
                                        {"Pour écouter\u00a0", s->listen_at}};
    letter_facts(l, facts, sizeof facts / sizeof *facts);
    letter_action(l, join_french, p->join_url);
    letter_paragraph(
        l, "Ce lien est strictement personnel : merci de ne pas le transmettre. Le fichier joint "
           "met votre agenda à jour.");
    letter_end(l, "À bientôt,\n%s\n%s", s->organisation_name, s->contact_email);
}

static void write_english(struct letter *l, const struct notice_session *s,
                          const struct notice_person *p, const char *date, const char *duration)
{
    letter_paragraph(l, "Hello %s %s,", p->first_name, p->last_name);
    if (s->cancelled) {
        letter_paragraph(l,
                         "We are sorry to tell you that “%s”, planned for %s, is cancelled. There "
                         "is nothing you need to do; the attached file removes the date from your "
                         "calendar.",
                         s->title, date);
        letter_end(l, "With our apologies,\n%s\n%s", s->organisation_name, s->contact_email);
        return;
    }
    letter_paragraph(l,
                     "The practical details of “%s” have changed. Your registration stays valid; "
                     "here are the new details:",
                     s->title);
    const struct letter_fact facts[] = {
        {"Date", date}, {"Planned length", duration}, {"To listen", s->listen_at}};
    letter_facts(l, facts, sizeof facts / sizeof *facts);
    letter_action(l, join_english, p->join_url);
    letter_paragraph(l, "This link is personal to you: please do not pass it on. The attached file "
                        "updates your calendar.");
    letter_end(l, "See you soon,\n%s\n%s", s->organisation_name, s->contact_email);
}

static struct calendar_event event_of(const struct notice_session *s, const struct notice_person *p,
                                      int64_t now)
{
    bool fr = strcmp(p->language, "fr") == 0;
    return (struct calendar_event){
        .uid = s->session,
        .sequence = s->calendar_sequence + p->calendar_sequence,
        .starts_at = s->starts_at,
        .ends_at = s->starts_at + s->planned_minutes * 60 * US_PER_S,
        .now = now,
        .title = s->title,
        .description = s->description,
        .url = s->cancelled ? NULL : p->join_url,
        .url_label = fr ? join_french : join_english,
        .listen_at = s->listen_at,
        .listen_label = fr ? "Pour écouter\u00a0:" : "To listen:",
        .organizer_name = s->organisation_name,
        .organizer_address = s->contact_email,
        .attendee_address = p->to,
        .cancelled = s->cancelled,
    };
}

enum err notice_mail_queue(struct db_conn *c, const struct notice_session *s,
                           const struct notice_person *p, int64_t now)
{
    bool fr = strcmp(p->language, "fr") == 0;
    char subject[1024], date[DATE_TEXT_SIZE], duration[DURATION_TEXT_SIZE];
    date_text(date, s->local_start, p->language, s->time_zone);
    duration_text(duration, s->planned_minutes, p->language);
    if (s->cancelled)
        snprintf(subject, sizeof subject, fr ? "Annulé : %s" : "Cancelled: %s", s->title);
    else
        snprintf(subject, sizeof subject, fr ? "Changement : %s" : "Change: %s", s->title);
    struct letter l;
    letter_init(&l, p->language, subject, s->organisation_name);
    (fr ? write_french : write_english)(&l, s, p, date, duration);
    struct calendar_event event = event_of(s, p, now);
    char *ics = calendar_text(&event, 1);
    enum err err = ERR_INTERNAL;
    if (letter_ok(&l) && ics)
        err = mail_queue(c,
                         &(struct mail){.organisation = &s->organisation,
                                        .to = p->to,
                                        .subject = subject,
                                        .text = l.text.data,
                                        .html = l.html.data,
                                        .calendar = ics,
                                        .calendar_method = calendar_method(&event, 1),
                                        .language = p->language},
                         now);
    free(ics);
    letter_release(&l);
    return err;
}
