#include "features/accounts/accounts_mail.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include <stdio.h>
#include <string.h>

/* format strings take the organisation's name */
struct words {
    const char *subject, *lead, *action, *limits;
};

/* Of every notice of a changed credential. */
#define NOT_ME_ACTION_FR "Ouvrir la page de connexion"
#define NOT_ME_FR                                                                                      \
    "Si c’est bien vous, vous n’avez rien à faire. Sinon, demandez sans attendre un nouveau mot " \
    "de passe sur la page de connexion et prévenez un organisateur de votre équipe."
#define NOT_ME_ACTION_EN "Open the sign-in page"
#define NOT_ME_EN                                                                                  \
    "If this was you, there is nothing to do. If it was not, ask for a new password on the "       \
    "sign-in page straight away and tell an organiser of your team."

static const struct words french[] = {
    [LETTER_SIGN_IN] =
        {"Votre lien de connexion – %s",
         "Voici le lien que vous avez demandé pour vous connecter à l’espace de "
         "l’organisation %s.",
         "Me connecter",
         "Ce lien est valable 15 minutes et ne sert qu’une fois. Si vous n’êtes pas à "
         "l’origine de cette demande, vous pouvez ignorer ce message : rien ne change "
         "pour votre compte."},
    [LETTER_INVITE] = {"Votre invitation – %s",
                       "L’organisation %s vous invite à préparer et à animer ses webinaires et "
                       "congrès. Votre compte est prêt : il vous suffit d’ouvrir ce lien.",
                       "Rejoindre l’équipe",
                       "Ce lien est valable 7 jours et ne sert qu’une fois. Vous pourrez ensuite "
                       "choisir un mot de passe ou recevoir un lien à chaque connexion."},
    [LETTER_PASSWORD] =
        {"Votre nouveau mot de passe – %s",
         "Vous avez demandé à choisir un nouveau mot de passe pour votre compte auprès "
         "de l’organisation %s. Ce lien vous y conduit.",
         "Choisir un mot de passe",
         "Ce lien est valable une heure et ne sert qu’une fois. Si vous n’êtes pas à "
         "l’origine de cette demande, ignorez ce message : votre mot de passe actuel "
         "reste valable."},
    [LETTER_PASSWORD_CHOSEN] =
        {"Un mot de passe a été choisi – %s",
         "Un mot de passe vient d’être choisi pour votre compte auprès de l’organisation %s.",
         NOT_ME_ACTION_FR, NOT_ME_FR},
    [LETTER_PASSWORD_CHANGED] =
        {"Votre mot de passe a été modifié – %s",
         "Le mot de passe de votre compte auprès de l’organisation %s vient d’être modifié. Vos "
         "autres connexions ont été fermées.",
         NOT_ME_ACTION_FR, NOT_ME_FR},
};

static const struct words english[] = {
    [LETTER_SIGN_IN] = {"Your sign-in link – %s",
                        "Here is the link you asked for to sign in to %s.", "Sign in",
                        "This link is valid for 15 minutes and works once. If you did not ask for "
                        "it, you can ignore this message: nothing changes for your account."},
    [LETTER_INVITE] = {"Your invitation – %s",
                       "%s invites you to help prepare and run its webinars and congresses. Your "
                       "account is ready: just open this link.",
                       "Join the team",
                       "This link is valid for 7 days and works once. Afterwards you can choose a "
                       "password, or receive a link each time you sign in."},
    [LETTER_PASSWORD] =
        {"Your new password – %s",
         "You asked to choose a new password for your account at %s. This link takes "
         "you there.",
         "Choose a password",
         "This link is valid for one hour and works once. If you did not ask for it, "
         "ignore this message: your current password stays valid."},
    [LETTER_PASSWORD_CHOSEN] = {"A password was chosen – %s",
                                "A password has just been chosen for your account at %s.",
                                NOT_ME_ACTION_EN, NOT_ME_EN},
    [LETTER_PASSWORD_CHANGED] = {"Your password was changed – %s",
                                 "The password of your account at %s has just been changed. You "
                                 "were signed out everywhere else.",
                                 NOT_ME_ACTION_EN, NOT_ME_EN},
};

enum err account_mail_queue(struct db_conn *c, const struct account_mail *m, int64_t now)
{
    bool in_french = strcmp(m->language, "fr") == 0;
    const struct words *w = in_french ? &french[m->letter] : &english[m->letter];
    char subject[512];
    snprintf(subject, sizeof subject, w->subject, m->organisation_name);
    struct letter l;
    letter_init(&l, m->language, subject, m->organisation_name);
    letter_paragraph(&l, in_french ? "Bonjour %s," : "Hello %s,", m->name);
    letter_paragraph(&l, w->lead, m->organisation_name);
    letter_action(&l, w->action, m->url);
    letter_paragraph(&l, "%s", w->limits);
    letter_end(&l, in_french ? "À bientôt,\n%s" : "See you soon,\n%s", m->organisation_name);
    enum err err = ERR_INTERNAL;
    if (letter_ok(&l))
        err = mail_queue(c,
                         &(struct mail){.organisation = &m->organisation,
                                        .to = m->to,
                                        .subject = subject,
                                        .text = l.text.data,
                                        .html = l.html.data,
                                        .language = m->language},
                         now);
    letter_release(&l);
    return err;
}
