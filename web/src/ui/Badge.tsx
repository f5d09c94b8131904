import type { ComponentChildren } from 'preact';
import { common } from '../i18n/common';
import type { SessionState } from '../net/types';

export type BadgeTone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad' | 'info' | 'live';

export function Badge({
  tone = 'neutral',
  children,
}: {
  tone?: BadgeTone;
  children: ComponentChildren;
}) {
  return <span class={`badge badge--${tone}`}>{children}</span>;
}

const tones: Record<SessionState, BadgeTone> = {
  draft: 'neutral',
  lobby: 'accent',
  live: 'live',
  ended: 'info',
  cancelled: 'bad',
};

export function StateBadge({ state }: { state: SessionState }) {
  return <Badge tone={tones[state]}>{common().state[state]}</Badge>;
}
