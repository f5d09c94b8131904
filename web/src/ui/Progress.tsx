import { common } from '../i18n/common';

/** `value` is a share from 0 to 1; null: the work is under way and its length is not known. */
export function Progress({ label, value }: { label: string; value: number | null }) {
  const share = value === null ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      class={`progress${value === null ? ' progress--unknown' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
    >
      <div class="progress__bar" style={{ width: share === undefined ? '40%' : `${share}%` }} />
    </div>
  );
}

/** Grey lines where the content will be. */
export function Skeleton({ lines = 3, tall }: { lines?: number; tall?: boolean }) {
  return (
    <div class={`skeleton${tall ? ' skeleton--tall' : ''}`} role="status">
      <span class="visually-hidden">{common().loading}</span>
      {Array.from({ length: lines }, (_, index) => (
        <div
          class="skeleton__line"
          key={index}
          style={{ width: `${100 - ((index * 17) % 45)}%` }}
        />
      ))}
    </div>
  );
}

export function PageLoading() {
  return (
    <main class="page-loading" id="main" aria-busy="true">
      <span class="page-loading__ring" />
      <div class="visually-hidden" role="status">
        <h1>{common().loading}</h1>
      </div>
    </main>
  );
}
