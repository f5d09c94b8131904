#include "features/congress/congress_mail.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include "mail/words.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the house says around an organisation's words; and in their place, more exactly, where it
 * has none: whether a session was added, moved or changed otherwise. */
struct words {
    /* by enum notice_kind, of one session; and of several */
    const char *subject[2], *lead[2], *subject_several, *lead_several;
    const char *lead_moved; /* one session that only starts at another time: from, to */
    const char *hello, *session, *kind[2], *new_title, *was_date;
    /* as it was, and where it is different */
    const char *date[2], *length[2], *listen[2];
    const char *about, *programme, *join, *keep, *listen_label, *end[3];
};

static const struct words french = {
    .subject = {"Nouvelle session : %s", "Changement : %s"},
    .lead = {"Une session s’ajoute à « %s ». Votre inscription vaut aussi pour elle : vous n’avez "
             "rien à faire.",
             "Les informations de « %s » ont changé. Votre inscription reste valable ; voici les "
             "nouvelles informations :"},
    .subject_several = "Changements au programme : %s",
    .lead_several = "Le programme de « %s » a changé. Votre inscription reste valable, vous n’avez "
                    "rien à faire ; voici ce qui est nouveau :",
    .lead_moved = "« %s » change d’horaire : au lieu du %s, rendez-vous le %s. Votre inscription "
                  "reste valable ; voici les informations à jour :",
    .hello = "Bonjour %s %s,",
    .session = "Session\u00a0",
    .kind = {"Nouvelle session\u00a0", "Session modifiée\u00a0"},
    .new_title = "Nouveau titre\u00a0",
    .was_date = "Ancienne date\u00a0",
    .date = {"Date\u00a0", "Nouvelle date\u00a0"},
    .length = {"Durée prévue\u00a0", "Nouvelle durée\u00a0"},
    .listen = {"Accès au son\u00a0", "Nouvel accès au son\u00a0"},
    .about = "Présentation :",
    .programme = "Programme\u00a0:",
    .join = "Rejoindre avec mon lien personnel",
    .keep = "Ce lien est strictement personnel : merci de ne pas le transmettre. Le fichier joint "
            "met votre agenda à jour.",
    .listen_label = "Accès au son\u00a0:",
    .end = {"À bientôt,\n%s\n%s", "À bientôt,\n%s\n%s",
            "Avec toutes nos excuses pour ce contretemps,\n%s\n%s"},
};

static const struct words english = {
    .subject = {"New session: %s", "Change: %s"},
    .lead = {"A session was added to “%s”. Your registration includes it: there is nothing you "
             "need to do.",
             "The details of “%s” have changed. Your registration stays valid; here are the new "
             "details:"},
    .subject_several = "Programme changes: %s",
    .lead_several = "The programme of “%s” has changed. Your registration stays valid and there is "
                    "nothing you need to do; here is what is new:",
    .lead_moved = "“%s” has moved from %s to %s. Your registration stays valid; here are the "
                  "details:",
    .hello = "Hello %s %s,",
    .session = "Session",
    .kind = {"New session", "Changed session"},
    .new_title = "New title",
    .was_date = "Former date",
    .date = {"Date", "New date"},
    .length = {"Planned length", "New planned length"},
    .listen = {"To listen", "New way to listen"},
    .about = "What it is about:",
    .programme = "Programme:",
    .join = "Join with my personal link",
    .keep = "This link is personal to you: please do not pass it on. The attached file updates "
            "your calendar.",
    .listen_label = "To listen:",
    .end = {"See you soon,\n%s\n%s", "See you soon,\n%s\n%s", "With our apologies,\n%s\n%s"},
};

static const struct words *words_of(const struct notice_mail *m)
{
    return strcmp(m->language, "fr") == 0 ? &french : &english;
}

static const char *known_title(const struct notice_session *s)
{
    return s->was_title ? s->was_title : s->title;
}

static const char *programme_of(const struct notice_mail *m, const struct notice_session *s)
{
    return strcmp(m->language, "fr") == 0 ? s->programme_fr : s->programme_en;
}

/* titled: the words may not say which session it is. */
static void write_facts(struct letter *l, const struct notice_mail *m,
                        const struct notice_session *s, bool titled)
{
    const struct words *w = words_of(m);
    char date[DATE_TEXT_SIZE], was[DATE_TEXT_SIZE] = "", duration[DURATION_TEXT_SIZE];
    date_text(date, s->local_start, m->language, m->time_zone);
    if (s->was_start)
        date_text(was, s->was_start, m->language, m->time_zone);
    duration_text(duration, s->planned_minutes, m->language);
    bool several = m->session_count > 1, added = s->kind == NOTICE_ADDED;
    const struct letter_fact facts[] = {{several || titled ? w->kind[s->kind] : w->session,
                                         several || titled || added ? known_title(s) : ""},
                                        {w->new_title, s->was_title ? s->title : ""},
                                        {w->was_date, was},
                                        {w->date[s->moved], date},
                                        {w->length[s->resized], duration},
                                        {w->listen[s->elsewhere], s->listen_at}};
    letter_facts(l, facts, sizeof facts / sizeof *facts);
    if (!several && (added || s->described) && *s->description)
        letter_paragraph(l, "%s\n%s", w->about, s->description);
    if (!several && added && *programme_of(m, s))
        letter_paragraph(l, "%s\n%s", w->programme, programme_of(m, s));
}

static void write_house_lead(struct letter *l, const struct notice_mail *m)
{
    const struct words *w = words_of(m);
    const struct notice_session *first = m->sessions;
    char from[DATE_TEXT_SIZE], to[DATE_TEXT_SIZE];
    letter_paragraph(l, w->hello, m->first_name, m->last_name);
    if (m->session_count > 1)
        letter_paragraph(l, w->lead_several, m->congress_title);
    else if (first->kind == NOTICE_CHANGED && first->was_start)
        letter_paragraph(l, w->lead_moved, known_title(first),
                         date_text(from, first->was_start, m->language, m->time_zone),
                         date_text(to, first->local_start, m->language, m->time_zone));
    else
        letter_paragraph(l, w->lead[first->kind],
                         first->kind == NOTICE_ADDED ? m->congress_title : known_title(first));
}

static struct mail_values values_of(const struct notice_mail *m, char date[static DATE_TEXT_SIZE])
{
    const struct notice_session *first = m->sessions;
    date_text(date, first->local_start, m->language, m->time_zone);
    return (struct mail_values){
        .of = {[HOLD_FIRST_NAME] = m->first_name,
               [HOLD_LAST_NAME] = m->last_name,
               [HOLD_CONGRESS] = m->congress_title,
               [HOLD_ORGANISATION] = m->organisation_name,
               [HOLD_CONTACT] = m->contact_email,
               [HOLD_SESSION] = m->session_count > 1 ? m->congress_title : first->title,
               [HOLD_DATE] = date}};
}

static void write_letter(struct letter *l, const struct notice_mail *m,
                         const struct mail_words *words)
{
    const struct words *w = words_of(m);
    const struct notice_session *first = m->sessions;
    bool cancelled = first->kind == NOTICE_CANCELLED;
    char date[DATE_TEXT_SIZE];
    struct mail_values values = values_of(m, date);
    if (words->own || cancelled)
        words_body(l, words, &values);
    else
        write_house_lead(l, m);
    for (int i = 0; i < m->session_count && !cancelled; i++)
        write_facts(l, m, &m->sessions[i], words->own);
    if (!cancelled) {
        letter_action(l, w->join, m->join_url);
        letter_paragraph(l, "%s", w->keep);
    }
    letter_end(l, w->end[first->kind], m->organisation_name, m->contact_email);
}

static struct calendar_event event_of(const struct notice_mail *m, const struct notice_session *s,
                                      int64_t now)
{
    bool cancelled = s->kind == NOTICE_CANCELLED;
    return (struct calendar_event){
        .uid = s->session,
        .sequence = s->calendar_sequence + m->calendar_sequence,
        .starts_at = s->starts_at,
        .ends_at = s->starts_at + s->planned_minutes * 60 * US_PER_S,
        .now = now,
        .title = s->title,
        .description = s->description,
        .programme = programme_of(m, s),
        .programme_label = words_of(m)->programme,
        .url = cancelled ? NULL : m->join_url,
        .url_label = words_of(m)->join,
        .listen_at = s->listen_at,
        .listen_label = words_of(m)->listen_label,
        .organizer_name = m->organisation_name,
        .organizer_address = m->contact_email,
        .attendee_address = m->to,
        .cancelled = cancelled,
    };
}

static const char *write_subject(const struct notice_mail *m, const struct mail_words *words,
                                 char out[static SUBJECT_SIZE])
{
    const struct words *w = words_of(m);
    const struct notice_session *first = m->sessions;
    char date[DATE_TEXT_SIZE];
    struct mail_values values = values_of(m, date);
    if (words->own || first->kind == NOTICE_CANCELLED)
        words_subject(words, &values, out);
    else if (m->session_count > 1)
        snprintf(out, SUBJECT_SIZE, w->subject_several, m->congress_title);
    else
        snprintf(out, SUBJECT_SIZE, w->subject[first->kind], first->title);
    return out;
}

static enum err queue(struct db_conn *c, const struct notice_mail *m, const struct letter *l,
                      const char *subject, int64_t now)
{
    struct calendar_event events[NOTICE_SESSIONS_MAX];
    for (int i = 0; i < m->session_count; i++)
        events[i] = event_of(m, &m->sessions[i], now);
    char *ics = calendar_text(events, m->session_count);
    enum err err = ERR_INTERNAL;
    if (ics)
        err = mail_queue_letter(
            c,
            &(struct mail){.organisation = &m->organisation,
                           .bulk = true,
                           .to = m->to,
                           .registration = &m->registration,
                           .subject = subject,
                           .calendar = ics,
                           .calendar_method = calendar_method(events, m->session_count),
                           .language = m->language},
            l, now);
    free(ics);
    return err;
}

enum err notice_mail_queue(struct db_conn *c, const struct notice_mail *m, int64_t now)
{
    struct mail_words words;
    struct letter l;
    char subject[SUBJECT_SIZE];
    bool cancelled = m->sessions[0].kind == NOTICE_CANCELLED;
    enum err err =
        words_find(c, &m->organisation, cancelled ? KIND_SESSION_CANCELLED : KIND_CHANGED,
                   m->language, &words);
    if (err != ERR_OK)
        return err;
    letter_init(&l, m->language, write_subject(m, &words, subject),
                &(struct letter_sender){m->organisation_name, m->organisation_accent});
    write_letter(&l, m, &words);
    err = queue(c, m, &l, subject, now);
    letter_release(&l);
    return err;
}

void notice_mail_sample(struct letter *l, enum mail_kind kind, const struct mail_sample *sample,
                        const struct mail_words *words)
{
    bool cancelled = kind == KIND_SESSION_CANCELLED;
    struct notice_mail m = {.first_name = sample->first_name,
                            .last_name = sample->last_name,
                            .language = sample->language,
                            .congress_title = sample->congress_title,
                            .time_zone = sample->time_zone,
                            .organisation_name = sample->organisation_name,
                            .contact_email = sample->contact_email,
                            .join_url = sample->url,
                            .session_count = 1};
    m.sessions[0] = (struct notice_session){.kind = cancelled ? NOTICE_CANCELLED : NOTICE_CHANGED,
                                            .local_start = sample->local_start,
                                            .planned_minutes = sample->planned_minutes,
                                            .title = sample->session_title,
                                            .description = "",
                                            .listen_at = sample->listen_at,
                                            .programme_fr = "",
                                            .programme_en = "",
                                            .was_start = sample->was_start,
                                            .moved = true};
    write_letter(l, &m, words);
}
