import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon';
import { useArrival } from './useArrival';

interface EmptyProps {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
  action?: ComponentChildren;
  /** The title is the heading of the page, because nothing else is on it. */
  heading?: boolean;
}

export function EmptyState({ icon, title, children, action, heading }: EmptyProps) {
  const here = useArrival<HTMLHeadingElement>();
  return (
    <div class="empty">
      <span class="empty__icon">
        <Icon name={icon} size={26} />
      </span>
      {heading ? (
        <h1 class="empty__title" tabIndex={-1} ref={here}>
          {title}
        </h1>
      ) : (
        <p class="empty__title">{title}</p>
      )}
      {children && <div class="empty__text">{children}</div>}
      {action && <div class="row">{action}</div>}
    </div>
  );
}
