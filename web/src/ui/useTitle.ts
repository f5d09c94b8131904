import { useEffect } from 'preact/hooks';

/** Sets the title of the browser's tab; screen readers say it when the page changes. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · amphi` : 'amphi';
  }, [title]);
}
