// A page for whoever has the secret of a mailed link (the address's #token), without an account: loading, there, or not any more.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { languageChosen, setLanguage } from '../i18n';
import { ApiError } from '../net/api';
import type { Language } from '../net/types';
import { place } from '../state/place';
import { type Resource, useResource } from '../state/resource';
import { EmptyState } from './EmptyState';
import { ErrorState } from './ErrorState';
import { PageLoading } from './Progress';
import { PublicShell } from './PublicShell';

interface MailedPageProps<T> {
  /** Tells its resource apart from others. */
  name: string;
  load: (token: string) => Promise<T>;
  /** Said when there is no link, or it is not valid any more. */
  unknown: { title: string; text: string };
  children: (value: T, found: Resource<T>, token: string) => ComponentChildren;
}

/** It speaks the language of what is loaded, unless the reader chose one. */
export function MailedPage<T extends { language: Language }>(props: MailedPageProps<T>) {
  const token = place.value.link;
  return token ? <WithToken key={token} token={token} {...props} /> : <Unknown {...props.unknown} />;
}

function Unknown({ title, text }: { title: string; text: string }) {
  return (
    <PublicShell title={title} width="narrow">
      <EmptyState heading icon="link" title={title}>
        {text}
      </EmptyState>
    </PublicShell>
  );
}

function WithToken<T extends { language: Language }>({ token, name, load, unknown, children }: MailedPageProps<T> & { token: string }) {
  const found = useResource(`${name} ${token}`, () => load(token));
  const wanted = found.value?.language;
  useEffect(() => {
    if (wanted && !languageChosen()) setLanguage(wanted, false);
  }, [wanted]);
  if (found.value) return <>{children(found.value, found, token)}</>;
  if (found.loading) return <PageLoading />;
  if (found.error instanceof ApiError && found.error.status === 410) return <Unknown {...unknown} />;
  return <ErrorState error={found.error} onRetry={found.reload} page />;
}
