// Shortcuts of the review queue. They are single letters, so they work only while the focus is in a row (WCAG 2.1.4).
import { reviewTexts } from './reviewTexts';
import type { Decision } from './api';

const beside = (row: HTMLElement, step: 1 | -1) => (step === 1 ? row.nextElementSibling : row.previousElementSibling);

/** Of a key pressed in a row. */
export function pressedInRow(event: KeyboardEvent, decisions: readonly Decision[], decide: (decision: Decision) => void): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return moveOnly(event);
  const { key } = reviewTexts();
  const decision = decisions.find((one) => key[one] === event.key.toLowerCase());
  if (!decision) return moveOnly(event);
  event.preventDefault();
  decide(decision);
}

function moveOnly(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
  if (step === null || event.ctrlKey || event.altKey || event.metaKey) return;
  const row = (event.target as HTMLElement).closest<HTMLElement>('[data-review]');
  const next = row && beside(row, step);
  event.preventDefault();
  next?.querySelector('input')?.focus();
}

export function ReviewKeys() {
  const t = reviewTexts();
  const keys: [string, string][] = [
    [t.arrows, t.keyMove],
    [t.space, t.keySelect],
    ...(['approve', 'ask_proof', 'decline'] as const).map((one): [string, string] => [t.key[one].toUpperCase(), t.verb[one]]),
  ];
  return (
    <details class="review-keys">
      <summary>{t.keys}</summary>
      <p class="muted small">{t.keysText}</p>
      <dl>
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
