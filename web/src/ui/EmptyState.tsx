import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon';

interface EmptyProps {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
  action?: ComponentChildren;
}

export function EmptyState({ icon, title, children, action }: EmptyProps) {
  return (
    <div class="empty">
      <span class="empty__icon">
        <Icon name={icon} size={26} />
      </span>
      <p class="empty__title">{title}</p>
      {children && <div class="empty__text">{children}</div>}
      {action && <div class="row">{action}</div>}
    </div>
  );
}
