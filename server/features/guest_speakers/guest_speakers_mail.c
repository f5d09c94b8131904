#include "features/guest_speakers/guest_speakers_mail.h"
#include "base/clock.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBJECT_SIZE 512

struct words {
    const char *subject; /* the session's title */
    const char *hello, *lead;
    const char *session, *congress, *date, *length;
    const char *open, *how, *keep, *end;
};

static const struct words french = {
    .subject = "Votre lien d’intervenant : %s",
    .hello = "Bonjour %s,",
    .lead = "%s vous invite à intervenir dans « %s ». Le lien ci-dessous vous ouvre la session : "
            "sans compte, sans mot de passe, et sans rien installer.",
    .session = "Session\u00a0",
    .congress = "Événement\u00a0",
    .date = "Date\u00a0",
    .length = "Durée prévue\u00a0",
    .open = "Ouvrir ma session",
    .how = "Vous pouvez l’ouvrir dès maintenant pour essayer votre micro et votre caméra, puis le "
           "jour venu, depuis l’appareil de votre choix. Un casque est conseillé.",
    .keep = "Ce lien est strictement personnel : merci de ne pas le transmettre. Il reste valable "
            "jusqu’au lendemain de la session. Si vous en recevez un nouveau, celui-ci ne "
            "fonctionnera plus.",
    .end = "À bientôt,\n%s\n%s",
};

static const struct words english = {
    .subject = "Your speaker link: %s",
    .hello = "Hello %s,",
    .lead = "%s invites you to speak in “%s”. The link below opens the session for you: no "
            "account, no password, and nothing to install.",
    .session = "Session",
    .congress = "Event",
    .date = "Date",
    .length = "Planned length",
    .open = "Open my session",
    .how = "You can open it now to try your microphone and camera, and again on the day, from any "
           "device you like. We recommend headphones.",
    .keep = "This link is personal to you: please do not pass it on. It works until the day after "
            "the session. If you receive a new one, this one stops working.",
    .end = "See you soon,\n%s\n%s",
};

static void write_letter(struct letter *l, const struct guest_mail *m, const struct words *w)
{
    char date[DATE_TEXT_SIZE], length[DURATION_TEXT_SIZE];
    bool apart = strcmp(m->congress, m->session) != 0;
    const struct letter_fact facts[] = {
        {w->session, m->session},
        {w->congress, apart ? m->congress : ""},
        {w->date, date_text(date, m->local_start, m->language, m->time_zone)},
        {w->length, duration_text(length, m->planned_minutes, m->language)}};
    letter_paragraph(l, w->hello, m->name);
    letter_paragraph(l, w->lead, m->organisation_name, m->session);
    letter_facts(l, facts, sizeof facts / sizeof *facts);
    letter_action(l, w->open, m->url);
    letter_paragraph(l, "%s", w->how);
    letter_paragraph(l, "%s", w->keep);
    letter_end(l, w->end, m->organisation_name, m->contact_email);
}

/* An entry of its own: they may have one as a participant, too, with another link. */
static struct calendar_event event_of(const struct guest_mail *m, const struct words *w,
                                      int64_t now)
{
    return (struct calendar_event){
        .uid = m->guest,
        .sequence = m->calendar_sequence,
        .starts_at = m->starts_at,
        .ends_at = m->starts_at + m->planned_minutes * 60 * US_PER_S,
        .now = now,
        .title = m->session,
        .description = m->description,
        .url = m->url,
        .url_label = w->open,
        .organizer_name = m->organisation_name,
        .organizer_address = m->contact_email,
        .attendee_address = m->to,
    };
}

enum err guest_mail_queue(struct db_conn *c, const struct guest_mail *m, int64_t now)
{
    const struct words *w = strcmp(m->language, "fr") == 0 ? &french : &english;
    struct calendar_event event = event_of(m, w, now);
    char *ics = calendar_text(&event, 1);
    struct letter l;
    char subject[SUBJECT_SIZE];
    if (!ics)
        return ERR_INTERNAL;
    snprintf(subject, sizeof subject, w->subject, m->session);
    letter_init(&l, m->language, subject, &(struct letter_sender){m->organisation_name, m->accent});
    write_letter(&l, m, w);
    enum err err = mail_queue_letter(c,
                                     &(struct mail){.organisation = &m->organisation,
                                                    .id = &m->id,
                                                    .to = m->to,
                                                    .subject = subject,
                                                    .calendar = ics,
                                                    .calendar_method = calendar_method(&event, 1),
                                                    .language = m->language},
                                     &l, now);
    letter_release(&l);
    free(ics);
    return err;
}
