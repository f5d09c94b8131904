#include "features/registration/registration_mail.h"
#include "base/mem.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include <stdio.h>
#include <string.h>

static const struct mail_words french[] = {
    [MAIL_CONFIRM] =
        {"Confirmez votre inscription : %s", "Bonjour %s %s,",
         "Il ne reste qu’une étape pour vous inscrire à « %s » : confirmer votre adresse "
         "e-mail. Votre place n’est réservée qu’après cette confirmation.",
         "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", "Accès au son\u00a0",
         "Confirmer mon inscription",
         "Ce lien est valable 24 heures. Si vous n’avez rien demandé, ignorez ce message : aucune "
         "inscription n’est faite et ces données sont effacées.",
         NULL, "À très bientôt,\n%s\n%s"},
    [MAIL_WELCOME] =
        {"Votre inscription : %s", "Bonjour %s %s,",
         "Votre inscription à « %s » est bien enregistrée, et nous nous réjouissons de "
         "vous accueillir.",
         "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", "Accès au son\u00a0",
         "Rejoindre avec mon lien personnel",
         "Ce lien est strictement personnel : il vous ouvre la salle sans mot de passe, merci "
         "de ne pas le transmettre. Le fichier joint inscrit la date dans votre agenda.",
         "Un empêchement ? Annuler mon inscription", "À très bientôt,\n%s\n%s"},
    [MAIL_ALREADY] =
        {"Votre lien personnel : %s", "Bonjour %s %s,",
         "Votre inscription à « %s » est déjà enregistrée : tout est en ordre. Voici à nouveau "
         "votre lien personnel.",
         "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", "Accès au son\u00a0",
         "Rejoindre avec mon lien personnel",
         "Ce lien est strictement personnel : merci de ne pas le transmettre. Si vous n’avez rien "
         "demandé, vous pouvez ignorer ce message ; votre inscription n’a pas changé.",
         "Un empêchement ? Annuler mon inscription", "À bientôt,\n%s\n%s"},
    [MAIL_LINK] =
        {"Votre lien personnel : %s", "Bonjour %s %s,",
         "Voici le lien personnel que vous avez demandé pour « %s ».", "Session\u00a0",
         "Date\u00a0", "Durée prévue\u00a0", "Accès au son\u00a0",
         "Rejoindre avec mon lien personnel",
         "Ce lien est strictement personnel : merci de ne pas le transmettre. Vos liens précédents "
         "restent valables.",
         "Un empêchement ? Annuler mon inscription", "À bientôt,\n%s\n%s"},
    [MAIL_REMIND] =
        {"Votre lien personnel : %s", "Bonjour %s %s,",
         "Votre inscription à « %s » est enregistrée. Voici votre lien personnel.", "Session\u00a0",
         "Date\u00a0", "Durée prévue\u00a0", "Accès au son\u00a0",
         "Rejoindre avec mon lien personnel",
         "Ce lien est strictement personnel : merci de ne pas le transmettre. Vos liens précédents "
         "restent valables.",
         "Un empêchement ? Annuler mon inscription", "À bientôt,\n%s\n%s"},
    [MAIL_MOVED] =
        {"Votre nouveau lien personnel : %s", "Bonjour %s %s,",
         "L’adresse e-mail de votre inscription à « %s » a été modifiée. Voici votre nouveau lien "
         "personnel.",
         "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", "Accès au son\u00a0",
         "Rejoindre avec mon lien personnel",
         "Ce lien est strictement personnel : merci de ne pas le transmettre. Vos liens précédents "
         "ne sont plus valables.",
         "Un empêchement ? Annuler mon inscription", "À bientôt,\n%s\n%s"},
    [MAIL_CANCELLED] = {"Inscription annulée : %s", "Bonjour %s %s,",
                        "Votre inscription à « %s » est annulée. Vos liens personnels "
                        "ne sont plus valables et le fichier joint retire la date de votre agenda. "
                        "Vous pouvez vous inscrire à nouveau à tout moment.",
                        "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", "Accès au son\u00a0",
                        NULL, NULL, NULL, "Au plaisir de vous accueillir une autre fois,\n%s\n%s"},
    [MAIL_WAITING] =
        {"Liste d’attente : %s", "Bonjour %s %s,",
         "Toutes les places pour « %s » sont prises pour le moment : vous êtes sur la liste "
         "d’attente. Dès qu’une place se libère pour vous, elle vous est attribuée et nous vous en "
         "informons par e-mail.",
         "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", NULL, "Voir où j’en suis",
         "Ce lien est strictement personnel : il indique votre rang sur la liste d’attente. "
         "Il ne vous ouvre pas encore la salle.",
         "Un empêchement ? Quitter la liste d’attente", "À bientôt, nous l’espérons,\n%s\n%s"},
    [MAIL_PROMOTED] =
        {"Une place s’est libérée : %s", "Bonjour %s %s,",
         "Bonne nouvelle : une place s’est libérée, et votre inscription à « %s » est enregistrée. "
         "Vous "
         "n’avez rien à faire.",
         "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", "Accès au son\u00a0",
         "Rejoindre avec mon lien personnel",
         "Ce lien est strictement personnel : il vous ouvre la salle sans mot de passe, merci "
         "de ne pas le transmettre. Le fichier joint inscrit la date dans votre agenda.",
         "Un empêchement ? Annuler mon inscription", "À très bientôt,\n%s\n%s"},
    [MAIL_WITHDRAWN] = {"Liste d’attente quittée : %s", "Bonjour %s %s,",
                        "Vous n’êtes plus sur la liste d’attente pour « %s », et vos liens "
                        "personnels ne sont plus valables. Vous pouvez vous inscrire à nouveau à "
                        "tout moment.",
                        NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                        "Au plaisir de vous accueillir une autre fois,\n%s\n%s"},
};

static const struct mail_words english[] = {
    [MAIL_CONFIRM] =
        {"Confirm your registration: %s", "Hello %s %s,",
         "One step is left to register for “%s”: please confirm your e-mail address. Your seat is "
         "reserved once you have confirmed.",
         "Session", "Date", "Planned length", "To listen", "Confirm my registration",
         "This link is valid for 24 hours. If you did not ask for anything, please ignore this "
         "message: nobody is registered, and these data are deleted.",
         NULL, "See you soon,\n%s\n%s"},
    [MAIL_WELCOME] =
        {"Your registration: %s", "Hello %s %s,",
         "You are registered for “%s”, and we look forward to welcoming you.", "Session", "Date",
         "Planned length", "To listen", "Join with my personal link",
         "This link is personal to you: it lets you in without a password, so please do "
         "not pass it on. The attached file puts the date into your calendar.",
         "Cannot make it? Cancel my registration", "See you very soon,\n%s\n%s"},
    [MAIL_ALREADY] =
        {"Your personal link: %s", "Hello %s %s,",
         "You are already registered for “%s”: all is well. Here is your personal link "
         "again.",
         "Session", "Date", "Planned length", "To listen", "Join with my personal link",
         "This link is personal to you: please do not pass it on. If you did not ask for "
         "anything, you can ignore this message; your registration has not changed.",
         "Cannot make it? Cancel my registration", "See you soon,\n%s\n%s"},
    [MAIL_LINK] =
        {"Your personal link: %s", "Hello %s %s,",
         "Here is the personal link you asked for, for “%s”.", "Session", "Date", "Planned length",
         "To listen", "Join with my personal link",
         "This link is personal to you: please do not pass it on. Your earlier links stay "
         "valid.",
         "Cannot make it? Cancel my registration", "See you soon,\n%s\n%s"},
    [MAIL_REMIND] =
        {"Your personal link: %s", "Hello %s %s,",
         "You are registered for “%s”. Here is your personal link.", "Session", "Date",
         "Planned length", "To listen", "Join with my personal link",
         "This link is personal to you: please do not pass it on. Your earlier links stay "
         "valid.",
         "Cannot make it? Cancel my registration", "See you soon,\n%s\n%s"},
    [MAIL_MOVED] =
        {"Your new personal link: %s", "Hello %s %s,",
         "The e-mail address of your registration for “%s” was changed. Here is your new personal "
         "link.",
         "Session", "Date", "Planned length", "To listen", "Join with my personal link",
         "This link is personal to you: please do not pass it on. Your earlier links are no longer "
         "valid.",
         "Cannot make it? Cancel my registration", "See you soon,\n%s\n%s"},
    [MAIL_CANCELLED] = {"Registration cancelled: %s", "Hello %s %s,",
                        "Your registration for “%s” is cancelled. Your personal links are "
                        "no longer valid, and the attached file removes the date from your "
                        "calendar. You can register again at any time.",
                        "Session", "Date", "Planned length", "To listen", NULL, NULL, NULL,
                        "We hope to welcome you another time,\n%s\n%s"},
    [MAIL_WAITING] =
        {"Waiting list: %s", "Hello %s %s,",
         "Every place for “%s” is taken at the moment: you are on the waiting list. As soon as a "
         "place for you becomes free it is yours, and we tell you by e-mail.",
         "Session", "Date", "Planned length", NULL, "See where I stand",
         "This link is personal to you: it shows your place on the waiting list. It does not let "
         "you in yet.",
         "Cannot make it? Leave the waiting list", "We hope to see you soon,\n%s\n%s"},
    [MAIL_PROMOTED] =
        {"A place has become free: %s", "Hello %s %s,",
         "Good news: a place has become free, and you are now registered for “%s”. There is "
         "nothing you have to do.",
         "Session", "Date", "Planned length", "To listen", "Join with my personal link",
         "This link is personal to you: it lets you in without a password, so please do "
         "not pass it on. The attached file puts the date into your calendar.",
         "Cannot make it? Cancel my registration", "See you very soon,\n%s\n%s"},
    [MAIL_WITHDRAWN] = {"Off the waiting list: %s", "Hello %s %s,",
                        "You are no longer on the waiting list for “%s”, and your personal links "
                        "are no longer valid. You can register again at any time.",
                        NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                        "We hope to welcome you another time,\n%s\n%s"},
};

enum registration_mail_kind mail_of_state(const char *state, enum registration_mail_kind otherwise)
{
    if (strcmp(state, "waiting") == 0)
        return MAIL_WAITING;
    return strcmp(state, "in_review") == 0 ? MAIL_IN_REVIEW : otherwise;
}

/* Bytes in one mail; what does not fit is on the page. */
#define PROGRAMMES_MAX ((size_t)16 * 1024)

static const char *programme_label(const struct registration_mail *m)
{
    return strcmp(m->language, "fr") == 0 ? "Programme\u00a0:" : "Programme:";
}

static void write_sessions(struct letter *l, const struct registration_mail *m,
                           const struct mail_words *w)
{
    size_t written = 0;
    for (int i = 0; i < m->session_count; i++) {
        const struct mail_session *s = &m->sessions[i];
        char date[DATE_TEXT_SIZE], duration[DURATION_TEXT_SIZE];
        date_text(date, s->local_start, m->language, m->time_zone);
        duration_text(duration, s->planned_minutes, m->language);
        const struct letter_fact facts[] = {
            {w->session, strcmp(s->title, m->congress_title) ? s->title : ""},
            {w->date, date},
            {w->length, duration},
            {w->listen, w->listen ? s->listen_at : ""}};
        letter_facts(l, facts, sizeof facts / sizeof *facts);
        written += strlen(s->programme);
        if (*s->programme && written <= PROGRAMMES_MAX)
            letter_paragraph(l, "%s\n%s", programme_label(m), s->programme);
    }
}

static const struct mail_words *words_of(const struct registration_mail *m)
{
    bool in_french = strcmp(m->language, "fr") == 0;
    if (m->kind >= MAIL_CONFIRM_REVIEW)
        return review_words(m->kind, in_french);
    return in_french ? &french[m->kind] : &english[m->kind];
}

static void write_event(struct calendar_event *event, const struct registration_mail *m,
                        const struct mail_session *s, int64_t now)
{
    *event = (struct calendar_event){
        .uid = s->id,
        .sequence = s->calendar_sequence + m->calendar_sequence,
        .starts_at = s->starts_at,
        .ends_at = s->starts_at + s->planned_minutes * 60 * US_PER_S,
        .now = now,
        .title = s->title,
        .description = s->description,
        .programme = s->programme,
        .programme_label = programme_label(m),
        .url = m->join_url,
        .url_label = words_of(m)->join,
        .listen_at = s->listen_at,
        .listen_label = words_of(m)->listen,
        .organizer_name = m->organisation_name,
        .organizer_address = m->contact_email,
        .attendee_address = m->to,
        .cancelled = m->kind == MAIL_CANCELLED,
    };
}

/* Whoever is registered, or is so no more. */
static bool has_calendar(enum registration_mail_kind kind)
{
    switch (kind) {
    case MAIL_CONFIRM:
    case MAIL_WAITING:
    case MAIL_WITHDRAWN:
        return false;
    default:
        return kind < MAIL_CONFIRM_REVIEW || kind == MAIL_APPROVED;
    }
}

/* NULL when there is no session to come, or nothing to put into a calendar yet. */
static struct calendar_event *events_of(const struct registration_mail *m, int64_t now)
{
    if (m->session_count == 0 || !has_calendar(m->kind))
        return NULL;
    struct calendar_event *events = mem_new_array((size_t)m->session_count, sizeof *events);
    for (int i = 0; i < m->session_count; i++)
        write_event(&events[i], m, &m->sessions[i], now);
    return events;
}

static void write_letter(struct letter *l, const struct registration_mail *m,
                         const struct mail_words *w)
{
    letter_paragraph(l, w->hello, m->first_name, m->last_name);
    letter_paragraph(l, w->lead, m->congress_title);
    if (m->message)
        letter_paragraph(l, "%s", m->message);
    if (m->join_url) {
        write_sessions(l, m, w);
        letter_action(l, w->join, m->join_url);
        letter_paragraph(l, "%s", w->keep);
        if (m->cancel_url)
            letter_link(l, w->cancel, m->cancel_url);
    } else if (w->keep) {
        letter_paragraph(l, "%s", w->keep);
    }
    letter_end(l, w->end, m->organisation_name, m->contact_email);
}

enum err registration_mail_queue(struct db_conn *c, const struct registration_mail *m, int64_t now)
{
    const struct mail_words *w = words_of(m);
    char subject[1024];
    snprintf(subject, sizeof subject, w->subject, m->congress_title);
    struct letter l;
    letter_init(&l, m->language, subject,
                &(struct letter_sender){m->organisation_name, m->organisation_accent});
    write_letter(&l, m, w);
    struct calendar_event *events = events_of(m, now);
    char *ics = events ? calendar_text(events, m->session_count) : NULL;
    const char *method = events ? calendar_method(events, m->session_count) : NULL;
    enum err err = ERR_INTERNAL;
    if (letter_ok(&l))
        err = mail_queue(c,
                         &(struct mail){.organisation = &m->organisation,
                                        .to = m->to,
                                        .registration = m->registration,
                                        .subject = subject,
                                        .text = l.text.data,
                                        .html = l.html.data,
                                        .calendar = ics,
                                        .calendar_method = method,
                                        .language = m->language},
                         now);
    free(ics);
    free(events);
    letter_release(&l);
    return err;
}
