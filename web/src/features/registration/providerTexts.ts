import { defineTexts } from '../../i18n';

export const providerTexts = defineTexts(
  {
    title: 'Fill in the form for you?',
    text: (provider: string) => `${provider} confirms who you are and fills in your name and profession. You can also fill in the form yourself.`,
    go: (provider: string) => `Continue with ${provider}`,
    good: (provider: string) => `Your identity is confirmed by ${provider}`,
    differs: (provider: string, what: string) => `${provider} has another ${what}`,
    differsText: 'Please correct what is wrong. If it is right as you wrote it, leave it: the organiser will look at it.',
    refused: 'You did not sign in there. You can try again, or fill in the form yourself.',
    away: (provider: string) => `${provider} does not answer at the moment. Please fill in the form yourself, or try again later.`,
    failed: (provider: string) => `${provider} could not confirm who you are. You can try again, or fill in the form yourself.`,
    expired: 'This took too long, or was opened twice. Please try again, or fill in the form yourself.',
    name: 'name',
    rpps: 'RPPS number',
    profession: 'profession',
    specialty: 'specialty',
    mark: 'Confirmed',
    markDiffers: 'Differs',
    on: (provider: string, day: string) => `${provider}, ${day}`,
    in: (provider: string, what: string) => `${provider}: ${what}`,
    marked: (provider: string) => `Confirmed by ${provider}`,
    markedDiffers: (provider: string, what: string) => `Differs from ${provider} (${what})`,
  },
  {
    title: 'Remplir le formulaire plus vite ?',
    text: (provider) => `${provider} confirme votre identité et remplit votre nom et votre profession. Vous pouvez aussi remplir le formulaire vous-même.`,
    go: (provider) => `Continuer avec ${provider}`,
    good: (provider) => `Votre identité est confirmée par ${provider}`,
    differs: (provider, what) => `${provider} indique d’autres informations : ${what}`,
    differsText: 'Corrigez ce qui est inexact. Si votre saisie est juste, laissez-la : l’organisateur vérifiera.',
    refused: 'Vous avez interrompu l’identification. Vous pouvez réessayer, ou remplir le formulaire vous-même.',
    away: (provider) => `${provider} ne répond pas pour le moment. Remplissez le formulaire vous-même, ou réessayez plus tard.`,
    failed: (provider) => `${provider} n’a pas pu confirmer votre identité. Vous pouvez réessayer, ou remplir le formulaire vous-même.`,
    expired: 'L’opération a pris trop de temps ou a été ouverte deux fois. Réessayez, ou remplissez le formulaire vous-même.',
    name: 'nom',
    rpps: 'numéro RPPS',
    profession: 'profession',
    specialty: 'spécialité',
    mark: 'Confirmé',
    markDiffers: 'Diffère',
    on: (provider, day) => `${provider}, ${day}`,
    in: (provider, what) => `${provider} : ${what}`,
    marked: (provider) => `Confirmé par ${provider}`,
    markedDiffers: (provider, what) => `Diffère de ${provider} (${what})`,
  },
);

/** Added with the form: no other page meets them. */
export const providerErrors = defineTexts(
  {
    'provider.away': 'The provider does not answer at the moment. Please fill in the form yourself.',
    'provider.expired': 'Too much time has passed since you signed in. Please sign in there again, or send the form without.',
  },
  {
    'provider.away': 'Le fournisseur d’identité ne répond pas pour le moment. Remplissez le formulaire vous-même.',
    'provider.expired': 'Votre identification est trop ancienne. Identifiez-vous à nouveau, ou envoyez le formulaire tel quel.',
  },
);
