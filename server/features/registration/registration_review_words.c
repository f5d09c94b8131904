/* The words of mails about a review. */
#include "features/registration/registration_mail.h"

static const struct registration_words french[] = {
    [MAIL_CONFIRM_REVIEW] =
        {"Confirmez votre demande d’inscription : %s", "Bonjour %s %s,",
         "Pour demander votre inscription à « %s », confirmez votre adresse e-mail. Les "
         "organisateurs examinent ensuite chaque demande et vous répondent par e-mail : aucune "
         "place n’est réservée avant leur validation.",
         "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", NULL, "Confirmer ma demande",
         "Ce lien est valable 24 heures. Si vous n’avez rien demandé, ignorez ce message : aucune "
         "inscription n’est faite et ces données sont effacées.",
         NULL, "À bientôt, nous l’espérons,\n%s\n%s"},
    [MAIL_IN_REVIEW] =
        {"En cours de validation : %s", "Bonjour %s %s,",
         "Votre demande d’inscription à « %s » est bien confirmée. Les organisateurs l’examinent "
         "et "
         "vous répondront par e-mail ; aucune place ne vous est encore réservée.",
         "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", NULL, "Voir où en est ma demande",
         "Ce lien est strictement personnel : merci de ne pas le transmettre. Il ne vous ouvre pas "
         "encore la salle.",
         "Un empêchement ? Retirer ma demande", "À bientôt, nous l’espérons,\n%s\n%s"},
    [MAIL_APPROVED] =
        {"Inscription validée : %s", "Bonjour %s %s,",
         "Bonne nouvelle : les organisateurs ont validé votre inscription à « %s ». Votre place "
         "est "
         "réservée, et nous nous réjouissons de vous accueillir.",
         "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", "Accès au son\u00a0",
         "Rejoindre avec mon lien personnel",
         "Ce lien est strictement personnel : il vous ouvre la salle sans mot de passe, merci "
         "de ne pas le transmettre. Le fichier joint inscrit la date dans votre agenda.",
         "Un empêchement ? Annuler mon inscription", "À très bientôt,\n%s\n%s"},
    [MAIL_APPROVED_WAITING] =
        {"Demande validée, liste d’attente : %s", "Bonjour %s %s,",
         "Les organisateurs ont validé votre demande d’inscription à « %s », mais toutes les "
         "places "
         "sont prises pour le moment : vous êtes sur la liste d’attente, au rang de votre "
         "confirmation. Dès qu’une place se libère pour vous, elle vous est attribuée et nous vous "
         "en informons par e-mail.",
         "Session\u00a0", "Date\u00a0", "Durée prévue\u00a0", NULL, "Voir où j’en suis",
         "Ce lien est strictement personnel : il indique votre rang sur la liste d’attente. "
         "Il ne vous ouvre pas encore la salle.",
         "Un empêchement ? Quitter la liste d’attente", "À bientôt, nous l’espérons,\n%s\n%s"},
    [MAIL_PROOF] = {"Votre demande d’inscription, une précision : %s", "Bonjour %s %s,",
                    "Pour terminer l’examen de votre demande d’inscription à « %s », les "
                    "organisateurs vous écrivent :",
                    NULL, NULL, NULL, NULL, NULL,
                    "Il vous suffit de répondre à cet e-mail. Votre demande reste en cours de "
                    "validation jusque-là.",
                    NULL, "Merci d’avance,\n%s\n%s"},
    [MAIL_DECLINED] = {"Votre demande d’inscription : %s", "Bonjour %s %s,",
                       "Les organisateurs n’ont pas pu donner une suite favorable à votre demande "
                       "d’inscription à « %s ».",
                       NULL, NULL, NULL, NULL, NULL,
                       "Si vous pensez qu’il s’agit d’une erreur, répondez simplement à cet "
                       "e-mail.",
                       NULL, "Avec nos salutations,\n%s\n%s"},
    [MAIL_RETRACTED] = {"Demande d’inscription retirée : %s", "Bonjour %s %s,",
                        "Votre demande d’inscription à « %s » est retirée : elle ne sera pas "
                        "examinée, et vos liens personnels ne sont plus valables. Vous pouvez en "
                        "faire une nouvelle à tout moment.",
                        NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                        "Au plaisir de vous accueillir une autre fois,\n%s\n%s"},
};

static const struct registration_words english[] = {
    [MAIL_CONFIRM_REVIEW] =
        {"Confirm your request to register: %s", "Hello %s %s,",
         "To ask for a seat at “%s”, please confirm your e-mail address. The organisers then look "
         "at each request and answer by e-mail: no seat is reserved before they approve it.",
         "Session", "Date", "Planned length", NULL, "Confirm my request",
         "This link is valid for 24 hours. If you did not ask for anything, please ignore this "
         "message: nobody is registered, and these data are deleted.",
         NULL, "We hope to see you soon,\n%s\n%s"},
    [MAIL_IN_REVIEW] =
        {"In review: %s", "Hello %s %s,",
         "Your request to register for “%s” is confirmed. The organisers are reviewing it and will "
         "answer by e-mail; no seat is reserved for you yet.",
         "Session", "Date", "Planned length", NULL, "See where my request stands",
         "This link is personal to you: please do not pass it on. It does not let you in yet.",
         "Cannot make it? Withdraw my request", "We hope to see you soon,\n%s\n%s"},
    [MAIL_APPROVED] =
        {"Registration approved: %s", "Hello %s %s,",
         "Good news: the organisers have approved your registration for “%s”. Your seat is "
         "reserved, and we look forward to welcoming you.",
         "Session", "Date", "Planned length", "To listen", "Join with my personal link",
         "This link is personal to you: it lets you in without a password, so please do "
         "not pass it on. The attached file puts the date into your calendar.",
         "Cannot make it? Cancel my registration", "See you very soon,\n%s\n%s"},
    [MAIL_APPROVED_WAITING] =
        {"Approved, waiting list: %s", "Hello %s %s,",
         "The organisers have approved your request to register for “%s”, but every place is taken "
         "at the moment: you are on the waiting list, in the place of your confirmation. As soon "
         "as a place for you becomes free it is yours, and we tell you by e-mail.",
         "Session", "Date", "Planned length", NULL, "See where I stand",
         "This link is personal to you: it shows your place on the waiting list. It does not let "
         "you in yet.",
         "Cannot make it? Leave the waiting list", "We hope to see you soon,\n%s\n%s"},
    [MAIL_PROOF] = {"A question about your registration: %s", "Hello %s %s,",
                    "To finish the review of your request to register for “%s”, the organisers "
                    "write to you:",
                    NULL, NULL, NULL, NULL, NULL,
                    "Please just reply to this e-mail. Your request stays in review until then.",
                    NULL, "Thank you,\n%s\n%s"},
    [MAIL_DECLINED] = {"Your request to register: %s", "Hello %s %s,",
                       "The organisers could not accept your request to register for “%s”.", NULL,
                       NULL, NULL, NULL, NULL,
                       "If you think that this is a mistake, please just reply to this e-mail.",
                       NULL, "With kind regards,\n%s\n%s"},
    [MAIL_RETRACTED] = {"Request withdrawn: %s", "Hello %s %s,",
                        "Your request to register for “%s” is withdrawn: it will not be reviewed, "
                        "and your personal links are no longer valid. You can ask again at any "
                        "time.",
                        NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                        "We hope to welcome you another time,\n%s\n%s"},
};

const struct registration_words *review_words(enum registration_mail_kind kind, bool in_french)
{
    return in_french ? &french[kind] : &english[kind];
}
