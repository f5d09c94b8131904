import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon';

interface EmptyProps {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
  action?: ComponentChildren;
  /** Stands alone on its page: the title is its heading. */
  heading?: boolean;
}

export function EmptyState({ icon, title, children, action, heading }: EmptyProps) {
  return (
    <div class="empty">
      <span class="empty__icon">
        <Icon name={icon} size={26} />
      </span>
      {heading ? <h1 class="empty__title">{title}</h1> : <p class="empty__title">{title}</p>}
      {children && <div class="empty__text">{children}</div>}
      {action && <div class="row">{action}</div>}
    </div>
  );
}
