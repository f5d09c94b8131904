import { defineTexts } from '../../i18n';

export const questionTexts = defineTexts(
  {
    title: 'The organiser’s questions',
    text: 'Please write nothing about patients here.',
    missing: 'Please fill this in.',
    choose: 'Please choose.',
    placeholder: 'Choose…',
    number: 'Please enter a number.',
    whole: 'Please enter a whole number.',
    range: (least: string, most: string) => (!most ? `${least} at least.` : !least ? `${most} at most.` : `From ${least} to ${most}.`),
    tooLong: 'This is too long.',
    several: 'More than one answer is possible.',
    mine: 'Your answers',
    none: 'No answer',
    edit: 'Change your answers',
  },
  {
    title: 'Questions de l’organisateur',
    text: 'N’indiquez rien ici sur vos patients.',
    missing: 'Veuillez compléter ce champ.',
    choose: 'Veuillez faire un choix.',
    placeholder: 'Choisir…',
    number: 'Veuillez saisir un nombre.',
    whole: 'Veuillez saisir un nombre entier.',
    range: (least, most) => (!most ? `Au moins ${least}.` : !least ? `Au plus ${most}.` : `De ${least} à ${most}.`),
    tooLong: 'Ce texte est trop long.',
    several: 'Plusieurs réponses possibles.',
    mine: 'Vos réponses',
    none: 'Sans réponse',
    edit: 'Modifier vos réponses',
  },
);
