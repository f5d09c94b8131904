import { common, errorText } from '../i18n/common';
import { Button } from './Button';
import { Icon } from './Icon';

interface ErrorProps {
  error: unknown;
  onRetry?: () => void;
  /** Stands alone on the page instead of within it. */
  page?: boolean;
}

export function ErrorState({ error, onRetry, page }: ErrorProps) {
  const content = (
    <div class="empty empty--bad" role="alert">
      <span class="empty__icon">
        <Icon name="alert" size={26} />
      </span>
      <p class="empty__title">{common().failed}</p>
      <div class="empty__text">{errorText(error)}</div>
      {onRetry && (
        <Button icon="refresh" onClick={onRetry}>
          {common().retry}
        </Button>
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
