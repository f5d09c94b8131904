import { common } from '../i18n/common';
import { errorText } from '../i18n/errors';
import { ApiError } from '../net/api';
import { Button, LinkButton } from './Button';
import { Icon } from './Icon';

interface ErrorProps {
  error: unknown;
  onRetry?: () => void;
  /** It is the whole page, not a part of one. */
  page?: boolean;
}

export function ErrorState({ error, onRetry, page }: ErrorProps) {
  const c = common();
  const gone = error instanceof ApiError && error.status === 404;
  const other = error instanceof ApiError && error.code === 'auth.other_person';
  const title = gone ? c.notFound : other ? c.otherPerson : c.failed;
  const content = (
    <div class={`empty${gone ? '' : ' empty--bad'}`} role="alert">
      <span class="empty__icon">
        <Icon name={gone ? 'search' : 'alert'} size={26} />
      </span>
      {page ? (
        <h1 class="empty__title">{title}</h1>
      ) : (
        <p class="empty__title">{title}</p>
      )}
      <div class="empty__text">{errorText(error)}</div>
      {gone ? (
        <LinkButton href="/">{c.home}</LinkButton>
      ) : (
        onRetry && (
          <Button icon="refresh" onClick={onRetry}>
            {c.retry}
          </Button>
        )
      )}
    </div>
  );
  return page ? (
    <main class="page-state" id="main">
      {content}
    </main>
  ) : (
    content
  );
}
