import { common } from '../i18n/common';
import { LinkButton } from './Button';
import { EmptyState } from './EmptyState';

export function NotFound() {
  const t = common();
  return (
    <main class="page-state" id="main">
      <EmptyState
        heading
        icon="search"
        title={t.notFound}
        action={
          <LinkButton href="/" look="primary">
            {t.home}
          </LinkButton>
        }
      >
        {t.notFoundText}
      </EmptyState>
    </main>
  );
}
