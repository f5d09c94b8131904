// The sentences for error codes: the general ones here, and those that features declare.
import { ApiError } from '../net/api';
import { CommandError } from '../net/protocol';
import { defineTexts } from './index';

type ErrorTexts = () => Readonly<Record<string, string>>;

const general = defineTexts(
  {
    'other': 'The server could not do this. Please try again.',
    'network': 'No connection to the server. Check your network and try again.',
    'http.404': 'This no longer exists, or you may not see it.',
    'http.413': 'This is too large.',
    'not_found': 'This no longer exists, or you may not see it.',
    'auth.required': 'Please sign in again.',
    'auth.other_person': 'Somebody else is now signed in on this browser. Nothing was sent in their name.',
    'auth.cookies': 'This browser did not keep the sign-in: it blocks cookies.',
    'auth.forbidden': 'Your role does not allow this.',
    'auth.fresh': 'Nothing was done: please confirm first that it is you.',
    'auth.csrf': 'This page’s address does not match the server’s. Reload the page.',
    'rate.limited': 'Too many tries. Please wait a moment.',
    'server.busy': 'The server is busy. Look whether the change was made, else try again.',
    'server.upgrading': 'The service is being updated, so this did not happen. Please try again in a few minutes.',
    'server.error': 'The server had a problem. Please try again.',
    'request.invalid': 'Something in this form is not right.',
    'request.too_large': 'This is too large.',
    'server.storage': 'The server has no space left. Please tell its operator.',
    'connection.signed-out': 'You are no longer signed in.',
    'connection.other-person': 'Somebody else is now signed in on this browser.',
    'connection.gone': 'This session is not available to you.',
  },
  {
    'other': 'Le serveur n’a pas pu traiter la demande. Veuillez réessayer.',
    'network': 'Pas de connexion au serveur. Vérifiez votre réseau et réessayez.',
    'http.404': 'Cet élément n’existe plus ou ne vous est pas accessible.',
    'http.413': 'Ce contenu est trop volumineux.',
    'not_found': 'Cet élément n’existe plus ou ne vous est pas accessible.',
    'auth.required': 'Veuillez vous reconnecter.',
    'auth.other_person': 'Quelqu’un d’autre est maintenant connecté dans ce navigateur. Rien n’a été envoyé en son nom.',
    'auth.cookies': 'Ce navigateur n’a pas gardé la connexion : il bloque les cookies.',
    'auth.forbidden': 'Votre rôle ne le permet pas.',
    'auth.fresh': 'Rien n’a été fait : confirmez d’abord que c’est bien vous.',
    'auth.csrf': 'L’adresse de cette page ne correspond pas à celle du serveur. Rechargez la page.',
    'rate.limited': 'Trop de tentatives. Veuillez patienter un instant.',
    'server.busy': 'Le serveur est occupé. Vérifiez si la modification a été prise en compte, sinon réessayez.',
    'server.upgrading': 'Le service est en cours de mise à jour : rien n’a été modifié. Veuillez réessayer dans quelques minutes.',
    'server.error': 'Le serveur a rencontré un problème. Veuillez réessayer.',
    'request.invalid': 'Un élément du formulaire est incorrect.',
    'request.too_large': 'Ce contenu est trop volumineux.',
    'server.storage': 'Le serveur n’a plus d’espace. Veuillez prévenir son exploitant.',
    'connection.signed-out': 'Vous n’êtes plus connecté.',
    'connection.other-person': 'Quelqu’un d’autre est maintenant connecté dans ce navigateur.',
    'connection.gone': 'Cette session ne vous est pas accessible.',
  },
);

/** By the reason that the server gives for a field. */
const reasons = defineTexts(
  {
    'other': 'Please check this value.',
    'missing': 'Please fill this in.',
    'too short': 'This is missing or too short.',
    'too long': 'This is too long.',
    'line break': 'This has to be on one line.',
    'control character': 'There is an invisible character in this. Please type it again.',
    'invisible character': 'There is an invisible character in this. Please type it again.',
    'link': 'Web and e-mail addresses are not possible here.',
    'not a name':
      'Letters, hyphens, apostrophes and dots make a name; other characters are not possible.',
    'not an e-mail address': 'This is not a valid e-mail address.',
    'not ASCII before the @':
      'This address has accented or non-Latin letters before the “@”. E-mail cannot be delivered there from here: please use an address without them.',
    'repeated': 'This is there already.',
    'malformed': 'This is not in the form that is expected.',
    'check digit': 'There is a mistyped digit in this number.',
    'unknown code': 'This is no longer on the list. Please choose again.',
    'not a specialty of this profession': 'This profession does not have this specialty.',
  },
  {
    'other': 'Veuillez vérifier cette valeur.',
    'missing': 'Veuillez remplir ce champ.',
    'too short': 'Ce champ est vide ou trop court.',
    'too long': 'Ce texte est trop long.',
    'line break': 'Ce texte doit tenir sur une seule ligne.',
    'control character': 'Ce texte contient un caractère invisible. Veuillez le saisir à nouveau.',
    'invisible character': 'Ce texte contient un caractère invisible. Veuillez le saisir à nouveau.',
    'link': 'Les adresses web et e-mail ne sont pas acceptées ici.',
    'not a name':
      'Un nom s’écrit avec des lettres, des traits d’union, des apostrophes et des points ; les autres caractères ne sont pas acceptés.',
    'not an e-mail address': 'Cette adresse e-mail n’est pas valide.',
    'not ASCII before the @':
      'Cette adresse contient, avant le « @ », des lettres accentuées ou non latines. Nos e-mails ne peuvent pas y parvenir : indiquez une adresse qui n’en comporte pas.',
    'repeated': 'Cette valeur existe déjà.',
    'malformed': 'Cette valeur n’a pas la forme attendue.',
    'check digit': 'Ce numéro comporte une erreur de frappe.',
    'unknown code': 'Ce choix ne figure plus dans la liste. Veuillez choisir à nouveau.',
    'not a specialty of this profession': 'Cette spécialité ne correspond pas à la profession.',
  },
);

const all: ErrorTexts[] = [general];

/** Adds a feature's sentences, once at the start. No two features declare the same code. */
export function addErrorTexts(texts: ErrorTexts): void {
  if (!all.includes(texts)) all.push(texts);
}

/** The sentence for a wire code; unknown codes get a general one. */
export function codeText(code: string): string {
  const known = all.find((texts) => Object.hasOwn(texts(), code));
  return known?.()[code] ?? general().other;
}

export function errorText(error: unknown): string {
  if (error instanceof ApiError || error instanceof CommandError) return codeText(error.code);
  return codeText('other');
}

/** The sentence of a refusal, with the names that it is about. */
export function refusalText(error: unknown): string {
  const names = error instanceof ApiError && error.field === null ? error.reason : null;
  return names ? `${errorText(error)} (${names})` : errorText(error);
}

/** The sentence that a field shows which the server refused. */
export function fieldText(error: unknown): string {
  const reason = error instanceof ApiError || error instanceof CommandError ? error.reason : null;
  const known: Readonly<Record<string, string>> = reasons();
  return (reason && Object.hasOwn(known, reason) && known[reason]) || reasons().other;
}

/** The field of the form that the server refused, if it named one. */
export function errorField(error: unknown): string | null {
  return error instanceof ApiError || error instanceof CommandError ? error.field : null;
}
