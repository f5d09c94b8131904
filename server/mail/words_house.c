/* What the house says, where an organisation has no text of its own. */
#include "mail/words.h"
#include <stdio.h>
#include <string.h>

#define BONJOUR "Bonjour {first_name} {last_name},\n\n"
#define HELLO   "Hello {first_name} {last_name},\n\n"

struct words {
    const char *subject, *body;
};

static const struct words french[MAIL_KINDS] = {
    [KIND_CONFIRM] = {"Confirmez votre inscription : {congress}",
                      BONJOUR "Il ne reste qu’une étape pour vous inscrire à « {congress} » : "
                              "confirmer votre adresse e-mail. Votre place n’est réservée qu’après "
                              "cette confirmation."},
    [KIND_WELCOME] = {"Votre inscription : {congress}", BONJOUR
                      "Votre inscription à « {congress} » est bien enregistrée, et nous nous "
                      "réjouissons de vous accueillir."},
    [KIND_WAITING] = {"Liste d’attente : {congress}", BONJOUR
                      "Toutes les places pour « {congress} » sont prises pour le moment : vous "
                      "êtes sur la liste d’attente. Dès qu’une place se libère pour vous, elle "
                      "vous est attribuée et nous vous en informons par e-mail."},
    [KIND_PROMOTED] = {"Une place s’est libérée : {congress}",
                       BONJOUR "Bonne nouvelle : une place s’est libérée, et votre inscription à "
                               "« {congress} » est enregistrée. Vous n’avez rien à faire."},
    [KIND_REMINDER] = {"Rappel, {when} : {session}",
                       BONJOUR "Nous vous attendons {when} pour « {session} ». Votre inscription "
                               "est enregistrée : il suffit d’ouvrir votre lien personnel."},
    [KIND_CHANGED] = {"Changement : {session}", BONJOUR
                      "Le programme de « {congress} » a changé. Votre inscription reste valable, "
                      "vous n’avez rien à faire ; voici ce qui est nouveau :"},
    [KIND_SESSION_CANCELLED] = {"Annulé : {session}", BONJOUR
                                "Nous sommes au regret de vous annoncer que « {session} », prévu "
                                "le {date}, est annulé. Vous n’avez rien à faire ; le fichier "
                                "joint retire la date de votre agenda."},
    [KIND_CANCELLED] = {"Inscription annulée : {congress}", BONJOUR
                        "Votre inscription à « {congress} » est annulée. Vos liens personnels ne "
                        "sont plus valables et le fichier joint retire la date de votre agenda. "
                        "Vous pouvez vous inscrire à nouveau à tout moment."},
    [KIND_THANKS] = {"Merci de votre participation : {congress}",
                     BONJOUR "Merci d’avoir participé à « {congress} ». Nous espérons que ce "
                             "rendez-vous vous a été utile, et serons heureux de vous retrouver."},
    [KIND_MISSED] = {"Vous nous avez manqué : {congress}",
                     BONJOUR "Vous n’avez pas pu nous rejoindre pour « {congress} », et nous le "
                             "regrettons. Nous espérons vous accueillir une prochaine fois."},
};

static const struct words english[MAIL_KINDS] = {
    [KIND_CONFIRM] = {"Confirm your registration: {congress}",
                      HELLO "One step is left to register for “{congress}”: please confirm your "
                            "e-mail address. Your seat is reserved once you have confirmed."},
    [KIND_WELCOME] = {"Your registration: {congress}",
                      HELLO "You are registered for “{congress}”, and we look forward to "
                            "welcoming you."},
    [KIND_WAITING] = {"Waiting list: {congress}",
                      HELLO "Every place for “{congress}” is taken at the moment: you are on the "
                            "waiting list. As soon as a place for you becomes free it is yours, "
                            "and we tell you by e-mail."},
    [KIND_PROMOTED] = {"A place has become free: {congress}",
                       HELLO "Good news: a place has become free, and you are now registered for "
                             "“{congress}”. There is nothing you have to do."},
    [KIND_REMINDER] = {"Reminder, {when}: {session}",
                       HELLO "We look forward to seeing you {when} at “{session}”. You are already "
                             "registered: all you need to do is open your personal link."},
    [KIND_CHANGED] = {"Change: {session}",
                      HELLO "The programme of “{congress}” has changed. Your registration stays "
                            "valid and there is nothing you need to do; here is what is new:"},
    [KIND_SESSION_CANCELLED] =
        {"Cancelled: {session}", HELLO
         "We are sorry to tell you that “{session}”, planned for {date}, is cancelled. There is "
         "nothing you need to do; the attached file removes the date from your calendar."},
    [KIND_CANCELLED] = {"Registration cancelled: {congress}",
                        HELLO "Your registration for “{congress}” is cancelled. Your personal "
                              "links are no longer valid, and the attached file removes the date "
                              "from your calendar. You can register again at any time."},
    [KIND_THANKS] = {"Thank you for taking part: {congress}",
                     HELLO "Thank you for taking part in “{congress}”. We hope you found it "
                           "useful, and look forward to seeing you again."},
    [KIND_MISSED] = {"We missed you: {congress}",
                     HELLO "You were registered for “{congress}” and could not join us: we are "
                           "sorry we missed you. We hope to welcome you another time."},
};

void words_default(enum mail_kind kind, const char *language, struct mail_words *out)
{
    const struct words *w = strcmp(language, "fr") == 0 ? &french[kind] : &english[kind];
    snprintf(out->subject, sizeof out->subject, "%s", w->subject);
    snprintf(out->body, sizeof out->body, "%s", w->body);
    out->own = false;
}
