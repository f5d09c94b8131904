#include "features/accounts/accounts_mail.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include <stdio.h>
#include <string.h>

/* format strings take the organisation's name */
struct words {
    const char *subject, *hello, *lead, *action, *limits, *end;
};

static const struct words french[] = {
    [LINK_SIGN_IN] = {"Votre lien de connexion – %s", "Bonjour %s,",
                      "Voici le lien que vous avez demandé pour vous connecter à l’espace de "
                      "l’organisation %s.",
                      "Me connecter",
                      "Ce lien est valable 15 minutes et ne sert qu’une fois. Si vous n’êtes pas à "
                      "l’origine de cette demande, vous pouvez ignorer ce message : rien ne change "
                      "pour votre compte.",
                      "À bientôt,\n%s"},
    [LINK_INVITE] = {"Votre invitation – %s", "Bonjour %s,",
                     "L’organisation %s vous invite à préparer et à animer ses webinaires et "
                     "congrès. Votre compte est prêt : il vous suffit d’ouvrir ce lien.",
                     "Rejoindre l’équipe",
                     "Ce lien est valable 7 jours et ne sert qu’une fois. Vous pourrez ensuite "
                     "choisir un mot de passe ou recevoir un lien à chaque connexion.",
                     "À très bientôt,\n%s"},
    [LINK_PASSWORD] =
        {"Votre nouveau mot de passe – %s", "Bonjour %s,",
         "Vous avez demandé à choisir un nouveau mot de passe pour votre compte auprès "
         "de l’organisation %s. Ce lien vous y conduit.",
         "Choisir un mot de passe",
         "Ce lien est valable une heure et ne sert qu’une fois. Si vous n’êtes pas à "
         "l’origine de cette demande, ignorez ce message : votre mot de passe actuel "
         "reste valable.",
         "À bientôt,\n%s"},
};

static const struct words english[] = {
    [LINK_SIGN_IN] = {"Your sign-in link – %s", "Hello %s,",
                      "Here is the link you asked for to sign in to %s.", "Sign in",
                      "This link is valid for 15 minutes and works once. If you did not ask for "
                      "it, you can ignore this message: nothing changes for your account.",
                      "See you soon,\n%s"},
    [LINK_INVITE] = {"Your invitation – %s", "Hello %s,",
                     "%s invites you to help prepare and run its webinars and congresses. Your "
                     "account is ready: just open this link.",
                     "Join the team",
                     "This link is valid for 7 days and works once. Afterwards you can choose a "
                     "password, or receive a link each time you sign in.",
                     "See you very soon,\n%s"},
    [LINK_PASSWORD] = {"Your new password – %s", "Hello %s,",
                       "You asked to choose a new password for your account at %s. This link takes "
                       "you there.",
                       "Choose a password",
                       "This link is valid for one hour and works once. If you did not ask for it, "
                       "ignore this message: your current password stays valid.",
                       "See you soon,\n%s"},
};

enum err account_mail_queue(struct db_conn *c, const struct account_mail *m, int64_t now)
{
    const struct words *w =
        strcmp(m->language, "fr") == 0 ? &french[m->purpose] : &english[m->purpose];
    char subject[512];
    snprintf(subject, sizeof subject, w->subject, m->organisation_name);
    struct letter l;
    letter_init(&l, m->language, subject, m->organisation_name);
    letter_paragraph(&l, w->hello, m->name);
    letter_paragraph(&l, w->lead, m->organisation_name);
    letter_action(&l, w->action, m->url);
    letter_paragraph(&l, "%s", w->limits);
    letter_end(&l, w->end, m->organisation_name);
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
