import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { unbroken } from '../i18n';

interface CardProps {
  title?: string;
  text?: ComponentChildren;
  /** Buttons beside the title. */
  actions?: ComponentChildren;
  children?: ComponentChildren;
  /** No padding around the content (tables, lists). */
  flush?: boolean;
  level?: 2 | 3;
}

export function Card({ title, text, actions, children, flush, level = 2 }: CardProps) {
  const id = useId();
  const Heading = `h${level}` as 'h2' | 'h3';
  return (
    <section class={`card${flush ? ' card--flush' : ''}`} aria-labelledby={title ? id : undefined}>
      {(title || actions) && (
        <header class="card__head">
          <div class="card__title">
            {title && <Heading id={id}>{unbroken(title)}</Heading>}
            {text && <p class="muted small">{text}</p>}
          </div>
          {actions && <div class="row">{actions}</div>}
        </header>
      )}
      {children !== undefined && <div class="card__body">{children}</div>}
    </section>
  );
}

/** One figure with its name and a note that explains it. */
export function Figure(props: {
  label: string;
  value: ComponentChildren;
  note?: ComponentChildren;
  live?: boolean;
}) {
  return (
    <div class="figure">
      <dt class="figure__label">{props.label}</dt>
      <dd class="figure__value number">
        {props.value}
        {props.live && <span class="figure__dot" aria-hidden="true" />}
      </dd>
      {props.note && <dd class="figure__note">{props.note}</dd>}
    </div>
  );
}

export function Figures({ children }: { children: ComponentChildren }) {
  return <dl class="figures">{children}</dl>;
}
