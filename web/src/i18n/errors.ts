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
    'auth.forbidden': 'Your role does not allow this.',
    'auth.csrf': 'This page’s address does not match the server’s. Reload the page.',
    'rate.limited': 'Too many tries. Please wait a moment.',
    'server.busy': 'The server is busy. Look whether the change was made, else try again.',
    'server.error': 'The server had a problem. Please try again.',
    'request.invalid': 'Something in this form is not right.',
    'request.too_large': 'This is too large.',
    'server.storage': 'The server has no space left. Please tell its operator.',
    'connection.signed-out': 'You are no longer signed in.',
    'connection.gone': 'This session is not available to you.',
  },
  {
    'other': 'Le serveur n’a pas pu traiter la demande. Veuillez réessayer.',
    'network': 'Pas de connexion au serveur. Vérifiez votre réseau et réessayez.',
    'http.404': 'Cet élément n’existe plus ou ne vous est pas accessible.',
    'http.413': 'Ce contenu est trop volumineux.',
    'not_found': 'Cet élément n’existe plus ou ne vous est pas accessible.',
    'auth.required': 'Veuillez vous reconnecter.',
    'auth.forbidden': 'Votre rôle ne le permet pas.',
    'auth.csrf': 'L’adresse de cette page ne correspond pas à celle du serveur. Rechargez la page.',
    'rate.limited': 'Trop de tentatives. Veuillez patienter un instant.',
    'server.busy': 'Le serveur est occupé. Vérifiez si la modification a été prise en compte, sinon réessayez.',
    'server.error': 'Le serveur a rencontré un problème. Veuillez réessayer.',
    'request.invalid': 'Un élément du formulaire est incorrect.',
    'request.too_large': 'Ce contenu est trop volumineux.',
    'server.storage': 'Le serveur n’a plus d’espace. Veuillez prévenir son exploitant.',
    'connection.signed-out': 'Vous n’êtes plus connecté.',
    'connection.gone': 'Cette session ne vous est pas accessible.',
  },
);

const all: ErrorTexts[] = [general];

/** Adds a feature's sentences, once at the start. No two features declare the same code. */
export function addErrorTexts(texts: ErrorTexts): void {
  all.push(texts);
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

/** The field of the form that the server refused, if it named one. */
export function errorField(error: unknown): string | null {
  return error instanceof ApiError || error instanceof CommandError ? error.field : null;
}
