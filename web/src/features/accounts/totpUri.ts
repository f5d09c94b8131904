import type { TotpSecret } from './api';

/** What an app reads from the QR code. A colon would end the name of the issuer. */
export function totpUri({ secret, issuer, account }: TotpSecret): string {
  const who = issuer.replaceAll(':', ' ');
  const label = `${encodeURIComponent(who)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(who)}&algorithm=SHA1&digits=6&period=30`;
}

/** As people type it: blanks after four characters. Apps and the server pass over them. */
export const inGroups = (text: string): string => text.replace(/.{4}(?=.)/g, '$& ');
