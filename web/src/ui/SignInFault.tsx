// Why signing in failed, and what to do where the browser blocks cookies: without its one cookie nobody
// stays signed in.
import { defineTexts } from '../i18n';
import { errorText } from '../i18n/errors';
import { ApiError } from '../net/api';
import { Banner } from './Banner';

const texts = defineTexts(
  {
    title: 'Your browser blocks cookies',
    text: (host: string) =>
      `This site needs one cookie to recognise you; it is used for nothing else. Allow cookies for ${host} in the settings of your browser, then try again. Or open the link of your e-mail in another browser.`,
  },
  {
    title: 'Votre navigateur bloque les cookies',
    text: (host) =>
      `Ce site a besoin d’un seul cookie, pour vous reconnaître et pour rien d’autre. Autorisez les cookies de ${host} dans les réglages de votre navigateur, puis réessayez. Vous pouvez aussi ouvrir le lien de votre e-mail dans un autre navigateur.`,
  },
);

/** The sign-in worked, and the browser did not keep it. */
export const cookieFault = () => new ApiError(401, 'auth.cookies');

const isCookieFault = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'auth.cookies';

const PROBE = '__Host-amphi-probe';

/** Looks before something is spent that works once. navigator.cookieEnabled does not know of all settings. */
export function keepsCookies(): boolean {
  const set = (age: number) => {
    document.cookie = `${PROBE}=1; Path=/; Secure; SameSite=Strict; Max-Age=${age}`;
  };
  set(10);
  const kept = document.cookie.includes(PROBE);
  set(0);
  return kept;
}

export function CookieHelp() {
  const t = texts();
  return (
    <Banner tone="warn" title={t.title}>
      {t.text(location.host)}
    </Banner>
  );
}

export function SignInFault({ error }: { error: unknown }) {
  if (error === null) return null;
  if (isCookieFault(error)) return <CookieHelp />;
  return <Banner tone="bad">{errorText(error)}</Banner>;
}
