interface BarProps {
  /** From 0 to 1. */
  share: number;
  /** Of the drawing, which is 100 wide. */
  height: number;
  strong?: boolean;
  class: string;
}

/** A bar that stands beside the figures it shows; screen readers read those. */
export function Bar({ share, height, strong = false, class: name }: BarProps) {
  return (
    <svg class={name} viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar__track" width="100" height={height} rx="2" />
      <rect
        class={strong ? 'bar__fill bar__fill--strong' : 'bar__fill'}
        width={share * 100}
        height={height}
        rx="2"
      />
    </svg>
  );
}
