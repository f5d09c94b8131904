import type { ComponentChildren, TargetedMouseEvent } from 'preact';
import { Icon, type IconName } from './Icon';

export type ButtonLook = 'primary' | 'secondary' | 'quiet' | 'danger' | 'danger-quiet';

interface Look {
  look?: ButtonLook;
  icon?: IconName;
  /** Shown after the text. */
  iconEnd?: IconName;
  small?: boolean;
  wide?: boolean;
  children?: ComponentChildren;
}

function lookClass({ look = 'secondary', small, wide }: Look): string {
  return `button button--${look}${small ? ' button--small' : ''}${wide ? ' button--wide' : ''}`;
}

function Inside({ icon, iconEnd, children }: Look) {
  return (
    <>
      {icon && <Icon name={icon} size={18} />}
      <span>{children}</span>
      {iconEnd && <Icon name={iconEnd} size={18} />}
    </>
  );
}

interface ButtonProps extends Look {
  onClick?: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
  type?: 'button' | 'submit';
  disabled?: boolean;
  /** Work is under way: the button stays focusable, says so and ignores clicks. */
  busy?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  controls?: string;
  id?: string;
  /** The id of the form, for a submit button outside it. */
  form?: string;
}

export function Button(props: ButtonProps) {
  const { onClick, type = 'button', disabled, busy, pressed, expanded, controls, id, form } = props;
  return (
    <button
      id={id}
      form={form}
      type={busy ? 'button' : type}
      class={lookClass(props)}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-controls={controls}
      onClick={busy ? undefined : onClick}
    >
      <Inside {...props} />
    </button>
  );
}

interface LinkProps {
  href: string;
  download?: boolean | string;
  newTab?: boolean;
  onClick?: (event: TargetedMouseEvent<HTMLAnchorElement>) => void;
}

export function LinkButton(props: Look & LinkProps) {
  return (
    <a
      href={props.href}
      class={lookClass(props)}
      download={props.download}
      onClick={props.onClick}
      target={props.newTab ? '_blank' : undefined}
      rel={props.newTab ? 'noreferrer' : undefined}
    >
      <Inside {...props} />
    </a>
  );
}

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick?: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
  look?: ButtonLook;
  disabled?: boolean;
  busy?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  controls?: string;
  haspopup?: 'menu' | 'dialog';
}

export function IconButton(props: IconButtonProps) {
  return (
    <button
      type="button"
      class={`button button--icon button--${props.look ?? 'quiet'}`}
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      aria-busy={props.busy || undefined}
      aria-disabled={props.busy || undefined}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-controls={props.controls}
      aria-haspopup={props.haspopup}
      onClick={props.busy ? undefined : props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}
