import { useEffect } from 'preact/hooks';

/** The tab's title; also what a screen reader says when the page changes. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · amphi` : 'amphi';
  }, [title]);
}
