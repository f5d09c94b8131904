// Labelled form controls. Every control has a visible label; hint and error are tied to it by
// aria-describedby, an error is also said by role="alert" when it appears.
import type { ComponentChildren, TargetedKeyboardEvent } from 'preact';
import { useContext, useId } from 'preact/hooks';
import { common } from '../i18n/common';
import { bareAddress } from './address';
import { Icon } from './Icon';
import { FormFaults } from './validity';

export interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  error?: string | null | undefined;
  required?: boolean;
  /** Says "optional" beside the label. */
  optional?: boolean;
  hideLabel?: boolean;
}

export interface ControlIds {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
}

/** What is wrong with a control: what its owner says, else what the form around it found. */
function useFault(id: string, own: string | null | undefined): string | null {
  const found = useContext(FormFaults).get(id);
  return own || found || null;
}

export function Field(props: FieldProps & { children: (ids: ControlIds) => ComponentChildren }) {
  const id = useId();
  const { label, hint, optional, hideLabel, children } = props;
  const error = useFault(id, props.error);
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div class={`field${error ? ' field--invalid' : ''}`}>
      <label class={hideLabel ? 'visually-hidden' : 'field__label'} for={id}>
        {label}
        {optional && <span class="field__optional"> ({common().optional})</span>}
      </label>
      {children({ id, describedBy: described || undefined, invalid: Boolean(error) })}
      {hint && (
        <p class="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && <FieldError id={`${id}-error`} text={error} />}
    </div>
  );
}

export function FieldError({ id, text }: { id?: string; text: string }) {
  return (
    <p class="field__error" id={id} role="alert">
      <Icon name="alert" size={16} />
      <span>{text}</span>
    </p>
  );
}

type InputType = 'text' | 'email' | 'password' | 'number' | 'search' | 'url' | 'date' | 'time';

interface InputProps extends FieldProps {
  value: string;
  onInput: (value: string) => void;
  type?: InputType;
  name?: string;
  autocomplete?: string;
  placeholder?: string;
  inputMode?: 'text' | 'email' | 'numeric' | 'decimal' | 'tel' | 'url' | 'search';
  maxLength?: number;
  min?: number | string;
  max?: number | string;
  step?: number | string;
  /** Shown inside the field, after the value, such as "min" or "%". */
  unit?: string;
  disabled?: boolean;
  onBlur?: () => void;
  autoFocus?: boolean;
}

export function Input(props: InputProps) {
  const { value, onInput, unit, type = 'text', required } = props;
  const read = (typed: string) => onInput(type === 'email' ? bareAddress(typed) : typed);
  return (
    <Field {...props}>
      {({ id, describedBy, invalid }) => (
        <span class={`control${unit ? ' control--unit' : ''}`}>
          <input
            id={id}
            class="input"
            type={type as 'text'} // preact's types allow each type other attributes
            name={props.name}
            value={value}
            required={required}
            autocomplete={props.autocomplete}
            placeholder={props.placeholder}
            inputMode={props.inputMode}
            maxLength={props.maxLength}
            min={props.min}
            max={props.max}
            step={props.step}
            disabled={props.disabled}
            autofocus={props.autoFocus}
            aria-describedby={describedBy}
            aria-invalid={invalid || undefined}
            onInput={(event) => read(event.currentTarget.value)}
            onBlur={props.onBlur}
          />
          {unit && <span class="control__unit">{unit}</span>}
        </span>
      )}
    </Field>
  );
}

interface TextareaProps extends FieldProps {
  value: string;
  onInput: (value: string) => void;
  rows?: number;
  maxLength?: number;
  placeholder?: string;
  disabled?: boolean;
  onKeyDown?: (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => void;
}

export function Textarea(props: TextareaProps) {
  return (
    <Field {...props}>
      {({ id, describedBy, invalid }) => (
        <textarea
          id={id}
          class="input input--area"
          rows={props.rows ?? 4}
          style={{ minHeight: `calc(${props.rows ?? 4} * 1.4em + 20px)` }}
          value={props.value}
          required={props.required}
          maxLength={props.maxLength}
          placeholder={props.placeholder}
          disabled={props.disabled}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          onInput={(event) => props.onInput(event.currentTarget.value)}
          onKeyDown={props.onKeyDown}
        />
      )}
    </Field>
  );
}

export interface Option {
  value: string;
  label: string;
}

interface SelectProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
  /** An empty first choice, such as "Choose…". */
  placeholder?: string;
  disabled?: boolean;
  autocomplete?: string;
}

export function Select(props: SelectProps) {
  return (
    <Field {...props}>
      {({ id, describedBy, invalid }) => (
        <span class="control control--select">
          <select
            id={id}
            class="input"
            value={props.value}
            required={props.required}
            disabled={props.disabled}
            autocomplete={props.autocomplete}
            aria-describedby={describedBy}
            aria-invalid={invalid || undefined}
            onChange={(event) => props.onChange(event.currentTarget.value)}
          >
            {props.placeholder !== undefined && <option value="">{props.placeholder}</option>}
            {props.options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <Icon name="chevronDown" size={18} />
        </span>
      )}
    </Field>
  );
}

interface CheckboxProps {
  label: ComponentChildren;
  hint?: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
  required?: boolean;
  disabled?: boolean;
  error?: string | null | undefined;
}

export function Checkbox(props: CheckboxProps) {
  const id = useId();
  const error = useFault(id, props.error);
  const described = [error && `${id}-error`, props.hint && `${id}-hint`].filter(Boolean);
  return (
    <div class={`field${error ? ' field--invalid' : ''}`}>
      <div class="check">
        <input
          id={id}
          type="checkbox"
          class="check__box"
          checked={props.checked}
          required={props.required}
          disabled={props.disabled}
          aria-invalid={error ? true : undefined}
          aria-describedby={described.join(' ') || undefined}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
        <label class="check__label" for={id}>
          {props.label}
        </label>
      </div>
      {props.hint && (
        <p class="field__hint field__hint--indent" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {error && <FieldError id={`${id}-error`} text={error} />}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  hideLabel?: boolean;
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
  disabled?: boolean;
}

/** A few choices side by side (radio buttons in one control). */
export function Segmented({ label, hideLabel, value, onChange, options, disabled }: ChoiceProps) {
  const name = useId();
  return (
    <fieldset class="field" disabled={disabled}>
      <legend class={hideLabel ? 'visually-hidden' : 'field__label'}>{label}</legend>
      <div class="segmented">
        {options.map((option) => (
          <label class="segmented__item" key={option.value}>
            <input
              type="radio"
              class="visually-hidden"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A few choices that are sentences, one below the other. */
export function RadioList({ label, hint, value, onChange, options }: Omit<ChoiceProps, 'hideLabel' | 'disabled'> & { hint?: ComponentChildren }) {
  const name = useId();
  return (
    <fieldset class="field" aria-describedby={hint ? `${name}-hint` : undefined}>
      <legend class="field__label">{label}</legend>
      {hint && (
        <p class="field__hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <div class="stack stack--tight">
        {options.map((option) => (
          <label class="choice" key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
