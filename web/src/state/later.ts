// What somebody types, once they have stopped for a moment: a search asks the server then.
import { useEffect, useState } from 'preact/hooks';

const SETTLED_MS = 300;

export function useLater(value: string): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return later;
}
