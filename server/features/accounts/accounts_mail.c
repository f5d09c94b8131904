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

#define NOT_ME_FACTOR_FR                                                                                \
    "Si c’est bien vous, vous n’avez rien à faire. Sinon, fermez vos autres connexions depuis la " \
    "page de votre compte, changez votre mot de passe et prévenez un organisateur de votre "           \
    "équipe."
#define NOT_ME_FACTOR_EN                                                                           \
    "If this was you, there is nothing to do. If it was not, end your other sign-ins on your "     \
    "account page, change your password and tell an organiser of your team."

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
    [LETTER_FACTOR_ADDED] =
        {"Double authentification activée – %s",
         "Une application d’authentification vient d’être configurée pour votre compte auprès de "
         "l’organisation %s. Vos prochaines connexions demanderont un code.",
         NOT_ME_ACTION_FR, NOT_ME_FACTOR_FR},
    [LETTER_FACTOR_REMOVED] = {"Double authentification désactivée – %s",
                               "L’application d’authentification de votre compte auprès de "
                               "l’organisation %s vient d’être "
                               "retirée. Elle n’est plus demandée à la connexion.",
                               NOT_ME_ACTION_FR, NOT_ME_FACTOR_FR},
    [LETTER_PASSKEY_ADDED] =
        {"Une clé d’accès a été ajoutée – %s",
         "Une clé d’accès vient d’être ajoutée à votre compte auprès de l’organisation %s. Elle "
         "permet de vous connecter, et vos prochaines connexions la demanderont.",
         NOT_ME_ACTION_FR, NOT_ME_FACTOR_FR},
    [LETTER_PASSKEY_REMOVED] =
        {"Une clé d’accès a été retirée – %s",
         "Une clé d’accès vient d’être retirée de votre compte auprès de l’organisation %s.",
         NOT_ME_ACTION_FR, NOT_ME_FACTOR_FR},
    [LETTER_RECOVERY_CODES] =
        {"Nouveaux codes de secours – %s",
         "De nouveaux codes de secours viennent d’être créés pour votre compte auprès de "
         "l’organisation %s. Les anciens ne fonctionnent plus.",
         NOT_ME_ACTION_FR, NOT_ME_FACTOR_FR},
    [LETTER_RECOVERY_USED] =
        {"Un code de secours a été utilisé – %s",
         "Un code de secours vient d’être utilisé pour votre compte auprès de l’organisation %s.",
         NOT_ME_ACTION_FR, NOT_ME_FACTOR_FR},
    [LETTER_CODES_WRONG] =
        {"Plusieurs codes erronés – %s",
         "Plusieurs codes de double authentification erronés viennent d’être saisis pour votre "
         "compte auprès de l’organisation %s, après le bon mot de passe ou un lien valable. "
         "Personne "
         "n’est entré.",
         NOT_ME_ACTION_FR,
         "Si c’est bien vous, réessayez un peu plus tard ou utilisez un code de secours. Sinon, "
         "choisissez sans attendre un nouveau mot de passe et prévenez un organisateur de votre "
         "équipe."},
    [LETTER_NEW_BROWSER] =
        {"Connexion depuis un nouveau navigateur – %s",
         "Votre compte auprès de l’organisation %s vient d’être ouvert depuis un navigateur que "
         "nous ne connaissions pas.",
         NOT_ME_ACTION_FR, NOT_ME_FR},
    [LETTER_FACTOR_RESET] =
        {"Votre double authentification a été retirée – %s",
         "Un organisateur vient de retirer la double authentification de votre compte auprès de "
         "l’organisation %s. Vous pouvez en configurer une nouvelle depuis la page de votre "
         "compte.",
         NOT_ME_ACTION_FR,
         "Si vous l’avez demandé, vous n’avez rien à faire. Sinon, prévenez sans attendre un "
         "organisateur de votre équipe."},
    [LETTER_CODE] =
        {.subject = "Votre code de confirmation – %s",
         .lead = "Voici le code qui confirme que c’est bien vous, pour une opération "
                 "sensible dans l’espace de l’organisation %s.",
         .limits = "Ce code est valable 10 minutes et ne sert qu’une fois. Ne le communiquez à "
                   "personne. Si vous n’êtes pas à l’origine de cette demande, fermez vos "
                   "autres connexions depuis la page de votre compte et prévenez un "
                   "organisateur de votre équipe."},
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
    [LETTER_FACTOR_ADDED] = {"Second factor switched on – %s",
                             "An authenticator app has just been set up for your account at %s. "
                             "Your next sign-ins will "
                             "ask for a code.",
                             NOT_ME_ACTION_EN, NOT_ME_FACTOR_EN},
    [LETTER_FACTOR_REMOVED] = {"Second factor switched off – %s",
                               "The authenticator app of your account at %s has just been taken "
                               "off. Signing in no longer "
                               "asks for it.",
                               NOT_ME_ACTION_EN, NOT_ME_FACTOR_EN},
    [LETTER_PASSKEY_ADDED] =
        {"A passkey was added – %s",
         "A passkey has just been added to your account at %s. It lets you sign in, and your next "
         "sign-ins will ask for it.",
         NOT_ME_ACTION_EN, NOT_ME_FACTOR_EN},
    [LETTER_PASSKEY_REMOVED] = {"A passkey was removed – %s",
                                "A passkey has just been removed from your account at %s.",
                                NOT_ME_ACTION_EN, NOT_ME_FACTOR_EN},
    [LETTER_RECOVERY_CODES] = {"New recovery codes – %s",
                               "New recovery codes have just been made for your account at %s. The "
                               "old ones no longer work.",
                               NOT_ME_ACTION_EN, NOT_ME_FACTOR_EN},
    [LETTER_RECOVERY_USED] = {"A recovery code was used – %s",
                              "A recovery code has just been used for your account at %s.",
                              NOT_ME_ACTION_EN, NOT_ME_FACTOR_EN},
    [LETTER_CODES_WRONG] =
        {"Several wrong codes – %s",
         "Several wrong codes of the second factor have just been entered for your account at %s, "
         "after the right password or a valid link. Nobody got in.",
         NOT_ME_ACTION_EN,
         "If this was you, try again a little later or use a recovery code. If it was not, choose "
         "a "
         "new password straight away and tell an organiser of your team."},
    [LETTER_NEW_BROWSER] = {"Sign-in from a new browser – %s",
                            "Your account at %s has just been opened from a browser that we did "
                            "not know.",
                            NOT_ME_ACTION_EN, NOT_ME_EN},
    [LETTER_FACTOR_RESET] =
        {"Your second factor was taken off – %s",
         "An organiser has just taken the second factor off your account at %s. You can set up a "
         "new one on your account page.",
         NOT_ME_ACTION_EN,
         "If you asked for this, there is nothing to do. If you did not, tell an organiser of your "
         "team straight away."},
    [LETTER_CODE] = {.subject = "Your confirmation code – %s",
                     .lead = "Here is the code that confirms that it is you, for something "
                             "sensitive at %s.",
                     .limits =
                         "This code is valid for 10 minutes and works once. Give it to nobody. "
                         "If you did not ask for it, end your other sign-ins on your account "
                         "page and tell an organiser of your team."},
};

/* What account_mail.fact is, of the letters that have one. */
static const struct {
    const char *fr, *en;
} facts[] = {
    [LETTER_PASSKEY_ADDED] = {"Nom\u00a0", "Name"},
    [LETTER_PASSKEY_REMOVED] = {"Nom\u00a0", "Name"},
    [LETTER_RECOVERY_USED] = {"Codes restants\u00a0", "Codes left"},
    [LETTER_NEW_BROWSER] = {"Adresse réseau\u00a0", "Network address"},
    [LETTER_CODE] = {"Code\u00a0", "Code"},
};

enum err account_mail_queue(struct db_conn *c, const struct account_mail *m, int64_t now)
{
    bool in_french = strcmp(m->language, "fr") == 0;
    const struct words *w = in_french ? &french[m->letter] : &english[m->letter];
    char subject[512];
    snprintf(subject, sizeof subject, w->subject, m->organisation_name);
    struct letter l;
    letter_init(&l, m->language, subject,
                &(struct letter_sender){m->organisation_name, m->organisation_accent});
    letter_paragraph(&l, in_french ? "Bonjour %s," : "Hello %s,", m->name);
    letter_paragraph(&l, w->lead, m->organisation_name);
    if (m->fact)
        letter_facts(
            &l,
            &(struct letter_fact){.label = in_french ? facts[m->letter].fr : facts[m->letter].en,
                                  .value = m->fact},
            1);
    if (m->url)
        letter_action(&l, w->action, m->url);
    letter_paragraph(&l, "%s", w->limits);
    letter_end(&l, in_french ? "À bientôt,\n%s" : "See you soon,\n%s", m->organisation_name);
    enum err err = mail_queue_letter(c,
                                     &(struct mail){.organisation = &m->organisation,
                                                    .to = m->to,
                                                    .subject = subject,
                                                    .language = m->language},
                                     &l, now);
    letter_release(&l);
    return err;
}
