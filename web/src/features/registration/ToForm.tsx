// On a phone the form stands below what the event is: a button at the foot of the screen leads to it until it is in view.
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../ui/Button';
import { registrationTexts } from './texts';

const form = () => document.getElementById('register');

/** Whether the form has still to come. */
function useBelow(): boolean {
  const [below, setBelow] = useState(false);
  useEffect(() => {
    const found = form();
    if (!found) return;
    const watcher = new IntersectionObserver(
      ([seen]) => seen && setBelow(!seen.isIntersecting && seen.boundingClientRect.top > 0),
      { rootMargin: '0px 0px -30% 0px' },
    );
    watcher.observe(found);
    return () => watcher.disconnect();
  }, []);
  return below;
}

export function ToForm() {
  const go = () => {
    form()?.scrollIntoView({ block: 'start' });
    form()?.querySelector('input')?.focus({ preventScroll: true });
  };
  return useBelow() ? (
    <div class="to-form">
      <Button look="primary" onClick={go}>
        {registrationTexts().toForm}
      </Button>
    </div>
  ) : null;
}
