import { defineTexts } from '../../i18n';

export const rppsTexts = defineTexts(
  {
    label: 'RPPS number',
    hint: '11 digits, on your professional card (France). With it, your profile is filled in and verified with the public register of health professionals. An ADELI number will do, too.',
    badRpps: 'An RPPS number has 11 digits (an ADELI number 9). Leave this empty if you have none.',
    badRppsDigit: 'There is a mistyped digit in this number. Please check it against your card.',
    found: (day: string) => `Verified with the register of ${day}`,
    unknown: (day: string) => `This number is not in the register of ${day}`,
    unknownText: 'Please check it; you can register all the same.',
    differs: (what: string) => `The register has another ${what}`,
    differsText: 'Please correct what is wrong. If it is right as you wrote it, leave it: the organiser will look at it.',
    name: 'name',
    profession: 'profession',
    specialty: 'specialty',
  },
  {
    label: 'Numéro RPPS',
    hint: '11 chiffres, sur votre carte professionnelle. Votre profil est alors prérempli et vérifié dans l’annuaire public des professionnels de santé. Un numéro ADELI convient aussi.',
    badRpps: 'Un numéro RPPS compte 11 chiffres (un numéro ADELI, 9). Laissez ce champ vide si vous n’en avez pas.',
    badRppsDigit: 'Ce numéro comporte une erreur de frappe. Vérifiez-le sur votre carte.',
    found: (day) => `Vérifié dans l’annuaire du ${day}`,
    unknown: (day) => `Ce numéro ne figure pas dans l’annuaire du ${day}`,
    unknownText: 'Vérifiez-le ; vous pouvez vous inscrire dans tous les cas.',
    differs: (what) => `L’annuaire indique d’autres informations : ${what}`,
    differsText: 'Corrigez ce qui est inexact. Si votre saisie est juste, laissez-la : l’organisateur vérifiera.',
    name: 'nom',
    profession: 'profession',
    specialty: 'spécialité',
  },
);
