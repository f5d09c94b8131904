import type { ComponentChildren } from 'preact';
import type { Resource } from '../state/resource';
import { ErrorState } from './ErrorState';
import { Skeleton } from './Progress';

interface ResourceViewProps<T> {
  of: Resource<T>;
  /** How many grey lines stand there while it loads. */
  lines?: number;
  children: (value: T) => ComponentChildren;
}

/** Shows a fetched value, or that it is loading, or that fetching it failed. */
export function ResourceView<T>({ of, lines = 3, children }: ResourceViewProps<T>) {
  if (of.error !== null) return <ErrorState error={of.error} onRetry={of.reload} />;
  if (of.value === null) return <Skeleton lines={lines} tall />;
  return <>{children(of.value)}</>;
}
