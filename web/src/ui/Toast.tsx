// Short messages at the edge of the screen. Confirmations disappear by themselves, errors stay; that the
// page waits for its turn stands there as long as it does.
import { signal } from '@preact/signals';
import { common } from '../i18n/common';
import { errorText } from '../i18n/errors';
import { waiting } from '../net/patience';
import { IconButton } from './Button';
import { Icon } from './Icon';

interface Toast {
  id: number;
  tone: 'good' | 'bad';
  text: string;
}

const toasts = signal<Toast[]>([]);
let nextId = 1;
const SHOWN_MS = 5_000;

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

function show(tone: Toast['tone'], text: string): void {
  const id = nextId++;
  toasts.value = [...toasts.value.slice(-2), { id, tone, text }];
  if (tone === 'good') setTimeout(() => dismiss(id), SHOWN_MS);
}

export const toast = {
  good: (text: string) => show('good', text),
  bad: (text: string) => show('bad', text),
  error: (error: unknown) => show('bad', errorText(error)),
};

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {waiting.value > 0 && (
        <div class="toast toast--wait">
          <Icon name="refresh" />
          <span class="toast__text">{common().waiting}</span>
        </div>
      )}
      {toasts.value.map(({ id, tone, text }) => (
        <div class={`toast toast--${tone}`} key={id}>
          <Icon name={tone === 'good' ? 'checkCircle' : 'alert'} />
          <span class="toast__text">{text}</span>
          <IconButton icon="close" label={common().close} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
