#include "features/registration/plain_pages.h"

static const struct plain_words french = {
    .lang = "fr",
    .other = "en",
    .other_name = "English",
    .title = "Inscription",
    .email = "Adresse e-mail",
    .first_name = "Prénom",
    .last_name = "Nom",
    .rpps = "Numéro RPPS",
    .profession = "Profession",
    .specialty = "Spécialité (pour les médecins)",
    .practice_setting = "Lieu d’exercice",
    .region = "Région ou pays",
    .age_band = "Tranche d’âge",
    .as = "Je participe en tant que…",
    .categories = {"Professionnel de santé", "Étudiant", "Professionnel de l’industrie",
                   "Journaliste", "Particulier (grand public)"},
    .other_category = "Modifier",
    .go_on = "Continuer",
    .studies = "Domaine d’études",
    .affiliation = {NULL, "École ou université", "Entreprise", "Média", NULL},
    .choose = "Choisir…",
    .optional = "facultatif",
    .several = "Plusieurs réponses possibles.",
    .questions = "Questions de l’organisateur",
    .patients = "N’indiquez rien ici sur vos patients.",
    .consents = "Votre consentement",
    .privacy = "Protection des données",
    .submit = "M’inscrire",
    .check = "Veuillez vérifier le champ signalé.",
    .missing = "Veuillez compléter ce champ.",
    .wrong = "Veuillez vérifier cette valeur.",
    .consent_needed = "Sans ce consentement, l’inscription n’est pas possible.",
    .reviewed = "Les organisateurs examinent chaque inscription et vous répondent par e-mail.",
    .may_wait =
        "Cet événement a une liste d’attente : s’il ne reste plus de place, vous y êtes inscrit.",
    .seen_by =
        "<strong>%s verra votre inscription et votre participation.</strong> Vous vous inscrivez "
        "par le lien de %s, qui représente %s. %s verra votre nom, la date de votre inscription, "
        "et si vous avez participé aux sessions et les avez suivies en entier. Rien d’autre : ni "
        "vos coordonnées, ni vos questions, ni vos réponses.",
    .closed = "Les inscriptions sont closes.",
    .full = "Toutes les places sont prises.",
    .invited = "L’inscription se fait sur invitation personnelle.",
    .not_admitted =
        "Cet événement est réservé, et vous ne figurez pas parmi les personnes à qui il "
        "s’adresse. Si vous pensez qu’il s’agit d’une erreur, écrivez à l’organisateur.",
    .sent_title = "Dernière étape : votre messagerie",
    .sent =
        "Nous vous avons envoyé un e-mail. Suivez son lien dans les 24 heures : votre inscription "
        "n’est faite qu’ensuite. Rien après quelques minutes ? Vérifiez vos courriers "
        "indésirables.",
    .join_title = "Confirmer votre inscription",
    .join = "Copiez ici le lien qui figure dans l’e-mail que vous avez reçu.",
    .link = "Lien de l’e-mail",
    .confirm = "Confirmer mon inscription",
    .confirmed =
        "Votre inscription est confirmée. Un e-mail vous apporte votre lien personnel ; pour "
        "suivre l’événement, il faut un navigateur avec JavaScript.",
    .waiting =
        "Vous êtes sur la liste d’attente. Dès qu’une place se libère pour vous, vous en êtes "
        "averti par e-mail.",
    .in_review = "Les organisateurs examinent votre demande et vous répondent par e-mail.",
    .declined = "Votre demande n’a pas été acceptée.",
    .expired = "Ce lien n’est pas valable, ou ne l’est plus.",
    .cancelled = "Cette inscription a été annulée.",
    .person =
        "Une autre personne est connue à cette adresse. Écrivez à l’organisateur, ou ouvrez le "
        "lien dans un navigateur avec JavaScript.",
    .failed = "Le serveur n’a pas pu traiter la demande. Veuillez réessayer.",
};

static const struct plain_words english = {
    .lang = "en",
    .other = "fr",
    .other_name = "Français",
    .title = "Register",
    .email = "E-mail address",
    .first_name = "First name",
    .last_name = "Last name",
    .rpps = "RPPS number",
    .profession = "Profession",
    .specialty = "Specialty (of physicians)",
    .practice_setting = "Practice setting",
    .region = "Region or country",
    .age_band = "Age band",
    .as = "I register as…",
    .categories = {"Healthcare professional", "Student", "Industry professional", "Journalist",
                   "Member of the public"},
    .other_category = "Change",
    .go_on = "Continue",
    .studies = "Field of study",
    .affiliation = {NULL, "School or university", "Company", "Publication or media outlet", NULL},
    .choose = "Choose…",
    .optional = "optional",
    .several = "More than one answer is possible.",
    .questions = "The organiser’s questions",
    .patients = "Please write nothing about patients here.",
    .consents = "Your consent",
    .privacy = "Privacy notice",
    .submit = "Register",
    .check = "Please check the marked field.",
    .missing = "Please fill this in.",
    .wrong = "Please check this value.",
    .consent_needed = "Without this consent we cannot register you.",
    .reviewed = "The organisers review each registration and answer by e-mail.",
    .may_wait = "This event has a waiting list: should no place be left, you are put on it.",
    .seen_by =
        "<strong>%s will see that you registered and attended.</strong> You are registering by the "
        "link of %s, who represents %s. %s will see your name, the date of your registration, and "
        "whether you attended and completed the sessions. Nothing else: neither your contact "
        "details nor your questions and answers.",
    .closed = "Registration is closed.",
    .full = "Every seat is taken.",
    .invited = "Registration is by personal invitation.",
    .not_admitted =
        "This event is reserved, and we could not find you among the people it is for. If "
        "you think that is a mistake, please write to the organiser.",
    .sent_title = "One step left: check your inbox",
    .sent =
        "We have sent you an e-mail. Please follow its link within 24 hours: you are registered "
        "once you have. Nothing there after a few minutes? Check your spam folder.",
    .join_title = "Confirm your registration",
    .join = "Please copy the link of the e-mail that you received in here.",
    .link = "Link of the e-mail",
    .confirm = "Confirm my registration",
    .confirmed =
        "You are registered. An e-mail brings you your personal link; to follow the event, a "
        "browser with JavaScript is needed.",
    .waiting =
        "You are on the waiting list. As soon as a place becomes free for you, we tell you by "
        "e-mail.",
    .in_review = "The organisers review your request and answer by e-mail.",
    .declined = "Your request was not accepted.",
    .expired = "This link is not valid, or not any more.",
    .cancelled = "This registration was cancelled.",
    .person = "Somebody else is known at this address. Please write to the organiser, or open the "
              "link in a browser with JavaScript.",
    .failed = "The server could not do this. Please try again.",
};

const struct plain_words *plain_words(bool is_french)
{
    return is_french ? &french : &english;
}
