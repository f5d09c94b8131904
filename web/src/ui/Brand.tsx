/** The mark: a stage and three rows of an amphitheatre. */
export function Brand({ href, small }: { href?: string; small?: boolean }) {
  const mark = (
    <>
      <svg width="30" height="30" viewBox="0 0 32 32" aria-hidden="true">
        <rect class="brand__tile" width="32" height="32" rx="8" />
        <g class="brand__rows" fill="none" stroke-width="2.6" stroke-linecap="round">
          <path d="M6.5 14.5a12 12 0 0 0 19 0" />
          <path d="M9 20.5a12 12 0 0 0 14 0" opacity=".75" />
          <path d="M12.5 25.2a9 9 0 0 0 7 0" opacity=".5" />
        </g>
        <circle class="brand__stage" cx="16" cy="9" r="2.6" />
      </svg>
      <span class={small ? 'visually-hidden' : 'brand__name'} translate={false}>amphi</span>
    </>
  );
  return href ? (
    <a class="brand" href={href}>
      {mark}
    </a>
  ) : (
    <span class="brand">{mark}</span>
  );
}
