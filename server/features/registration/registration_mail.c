#include "features/registration/registration_mail.h"
#include "base/mem.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include "mail/words.h"
#include <stdio.h>
#include <string.h>

/* Those that an organisation may have its own words for. */
static enum mail_kind kind_of(enum registration_mail_kind kind)
{
    switch (kind) {
    case MAIL_CONFIRM:
        return KIND_CONFIRM;
    case MAIL_WELCOME:
        return KIND_WELCOME;
    case MAIL_CANCELLED:
        return KIND_CANCELLED;
    case MAIL_WAITING:
        return KIND_WAITING;
    case MAIL_PROMOTED:
        return KIND_PROMOTED;
    default:
        return MAIL_KINDS;
    }
}

static const struct registration_words french[] = {
    [MAIL_CONFIRM] =
        {NULL, NULL, NULL, "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0",
         "Accès au son\u00a0", "Confirmer mon inscription",
         "Ce lien est valable 24 heures. Si vous n’avez rien demandé, ignorez ce message : aucune "
         "inscription n’est faite et ces données sont effacées.",
         NULL, "À très bientôt,\n%s\n%s"},
    [MAIL_WELCOME] =
        {NULL, NULL, NULL, "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0",
         "Accès au son\u00a0", "Rejoindre avec mon lien personnel",
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
    [MAIL_CANCELLED] = {NULL, NULL, NULL, "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0",
                        "Accès au son\u00a0", NULL, NULL, NULL,
                        "Au plaisir de vous accueillir une autre fois,\n%s\n%s"},
    [MAIL_WAITING] =
        {NULL, NULL, NULL, "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", NULL,
         "Voir où j’en suis",
         "Ce lien est strictement personnel : il indique votre rang sur la liste d’attente. "
         "Il ne vous ouvre pas encore la salle.",
         "Un empêchement ? Quitter la liste d’attente", "À bientôt, nous l’espérons,\n%s\n%s"},
    [MAIL_PROMOTED] =
        {NULL, NULL, NULL, "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0",
         "Accès au son\u00a0", "Rejoindre avec mon lien personnel",
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

static const struct registration_words english[] = {
    [MAIL_CONFIRM] =
        {NULL, NULL, NULL, "Session", "Date", "Planned length", "To listen",
         "Confirm my registration",
         "This link is valid for 24 hours. If you did not ask for anything, please ignore this "
         "message: nobody is registered, and these data are deleted.",
         NULL, "See you soon,\n%s\n%s"},
    [MAIL_WELCOME] =
        {NULL, NULL, NULL, "Session", "Date", "Planned length", "To listen",
         "Join with my personal link",
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
    [MAIL_CANCELLED] = {NULL, NULL, NULL, "Session", "Date", "Planned length", "To listen", NULL,
                        NULL, NULL, "We hope to welcome you another time,\n%s\n%s"},
    [MAIL_WAITING] =
        {NULL, NULL, NULL, "Session", "Date", "Planned length", NULL, "See where I stand",
         "This link is personal to you: it shows your place on the waiting list. It does not let "
         "you in yet.",
         "Cannot make it? Leave the waiting list", "We hope to see you soon,\n%s\n%s"},
    [MAIL_PROMOTED] =
        {NULL, NULL, NULL, "Session", "Date", "Planned length", "To listen",
         "Join with my personal link",
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
                           const struct registration_words *w)
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

static const struct registration_words *words_of(const struct registration_mail *m)
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

static struct mail_values values_of(const struct registration_mail *m)
{
    return (struct mail_values){.of = {[HOLD_FIRST_NAME] = m->first_name,
                                       [HOLD_LAST_NAME] = m->last_name,
                                       [HOLD_CONGRESS] = m->congress_title,
                                       [HOLD_ORGANISATION] = m->organisation_name,
                                       [HOLD_CONTACT] = m->contact_email}};
}

/* words: where an organisation may have its own. */
static void write_letter(struct letter *l, const struct registration_mail *m,
                         const struct mail_words *words)
{
    const struct registration_words *w = words_of(m);
    struct mail_values values = values_of(m);
    if (w->lead) {
        letter_paragraph(l, w->hello, m->first_name, m->last_name);
        letter_paragraph(l, w->lead, m->congress_title);
    } else {
        words_body(l, words, &values);
    }
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

static void write_subject(const struct registration_mail *m, const struct mail_words *words,
                          char out[static SUBJECT_SIZE])
{
    const struct registration_words *w = words_of(m);
    struct mail_values values = values_of(m);
    if (w->subject)
        snprintf(out, SUBJECT_SIZE, w->subject, m->congress_title);
    else
        words_subject(words, &values, out);
}

static enum err queue(struct db_conn *c, const struct registration_mail *m, const struct letter *l,
                      const char *subject, int64_t now)
{
    struct calendar_event *events = events_of(m, now);
    char *ics = events ? calendar_text(events, m->session_count) : NULL;
    const char *method = events ? calendar_method(events, m->session_count) : NULL;
    enum err err = mail_queue_letter(c,
                                     &(struct mail){.organisation = &m->organisation,
                                                    .to = m->to,
                                                    .registration = m->registration,
                                                    .subject = subject,
                                                    .calendar = ics,
                                                    .calendar_method = method,
                                                    .language = m->language},
                                     l, now);
    free(ics);
    free(events);
    return err;
}

enum err registration_mail_queue(struct db_conn *c, const struct registration_mail *m, int64_t now)
{
    struct mail_words words = {0};
    struct letter l;
    char subject[SUBJECT_SIZE];
    enum mail_kind kind = kind_of(m->kind);
    enum err err =
        kind == MAIL_KINDS ? ERR_OK : words_find(c, &m->organisation, kind, m->language, &words);
    if (err != ERR_OK)
        return err;
    write_subject(m, &words, subject);
    letter_init(&l, m->language, subject,
                &(struct letter_sender){m->organisation_name, m->organisation_accent});
    write_letter(&l, m, &words);
    err = queue(c, m, &l, subject, now);
    letter_release(&l);
    return err;
}

void registration_mail_sample(struct letter *l, enum mail_kind kind,
                              const struct mail_sample *sample, const struct mail_words *words)
{
    struct mail_session session = {.local_start = sample->local_start,
                                   .planned_minutes = sample->planned_minutes,
                                   .title = sample->session_title,
                                   .description = "",
                                   .listen_at = sample->listen_at,
                                   .programme = ""};
    struct registration_mail m = {.first_name = sample->first_name,
                                  .last_name = sample->last_name,
                                  .language = sample->language,
                                  .congress_title = sample->congress_title,
                                  .time_zone = sample->time_zone,
                                  .organisation_name = sample->organisation_name,
                                  .contact_email = sample->contact_email,
                                  .sessions = &session,
                                  .session_count = 1};
    for (int i = 0; i < MAIL_CONFIRM_REVIEW; i++)
        if (kind_of((enum registration_mail_kind)i) == kind)
            m.kind = (enum registration_mail_kind)i;
    m.join_url = kind == KIND_CANCELLED ? NULL : sample->url;
    m.cancel_url = kind == KIND_CONFIRM ? NULL : m.join_url;
    write_letter(l, &m, words);
}
