import type { ComponentChildren } from 'preact';
import { common } from '../i18n/common';
import type { PagedList } from '../state/list';
import { Button } from './Button';
import { ErrorState } from './ErrorState';
import { Skeleton } from './Progress';

interface ListViewProps<T> {
  list: PagedList<T>;
  /** Shown when the list has no items. */
  empty: ComponentChildren;
  children: (items: T[]) => ComponentChildren;
}

/** The states of a paged list: loading, failed, empty, and "show more" at the end. */
export function ListView<T>({ list, empty, children }: ListViewProps<T>) {
  const { items, error, busy, more } = list;
  if (items === null && error !== null)
    return <ErrorState error={error} onRetry={() => void list.reload()} />;
  if (items === null)
    return (
      <div class="list-view__wait">
        <Skeleton lines={5} />
      </div>
    );
  if (items.length === 0) return <>{empty}</>;
  return (
    <>
      {children(items)}
      {error !== null && <ErrorState error={error} onRetry={() => void list.loadMore()} />}
      {more && error === null && (
        <div class="list-view__more">
          <Button busy={busy} onClick={() => void list.loadMore()}>
            {common().more}
          </Button>
        </div>
      )}
    </>
  );
}
