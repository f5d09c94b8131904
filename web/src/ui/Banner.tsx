import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon';

export type Tone = 'info' | 'good' | 'warn' | 'bad';
const icons: Record<Tone, IconName> = {
  info: 'info',
  good: 'checkCircle',
  warn: 'alert',
  bad: 'alert',
};

interface BannerProps {
  tone?: Tone;
  title?: string;
  children?: ComponentChildren;
  action?: ComponentChildren;
  /** Screen readers are told in another way. */
  silent?: boolean;
}

/** A message in the flow of the page. Errors interrupt a screen reader, the others wait. */
export function Banner({ tone = 'info', title, children, action, silent }: BannerProps) {
  const role = tone === 'bad' ? 'alert' : 'status';
  return (
    <div class={`banner banner--${tone}`} role={silent ? undefined : role}>
      <Icon name={icons[tone]} />
      <div class="banner__text">
        {title && <p class="banner__title">{title}</p>}
        {children && <div>{children}</div>}
      </div>
      {action && <div class="banner__action">{action}</div>}
    </div>
  );
}
