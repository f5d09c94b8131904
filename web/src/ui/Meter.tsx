// A value against its goal. The two numbers of a rate are always written beside it.
import { defineTexts, formatNumber, formatRate } from '../i18n';
import { common } from '../i18n/common';
import { Icon } from './Icon';

const meterTexts = defineTexts(
  { goal: (value: string) => `goal ${value}`, reached: 'goal reached' },
  { goal: (value) => `objectif ${value}`, reached: 'objectif atteint' },
);

interface MeterProps {
  label: string;
  value: number;
  goal: number | null;
  /** The two numbers of a rate; `value` is then a share from 0 to 1. */
  parts?: { numerator: number; denominator: number | null };
  /** Why the denominator is not known, such as "no universe given". */
  whyUnknown?: string;
}

/** A value that is rounded to the goal that it misses must not read as the goal. */
const unreached = (shown: string, missed: string | null) =>
  shown === missed ? `< ${shown}` : shown;

const WIDTH = 400;
const HEIGHT = 12;

export function Meter({ label, value, goal, parts, whyUnknown }: MeterProps) {
  const t = meterTexts();
  const unknown = parts !== undefined && !parts.denominator;
  const format = parts ? formatRate : formatNumber;
  const wanted = goal === null ? null : format(goal);
  const reached = goal !== null && !unknown && value >= goal;
  const shown = unknown ? common().notKnown : unreached(format(value), reached ? null : wanted);
  const end = parts ? 1 : Math.max(goal ?? 0, value, 1);
  const spoken = [shown, wanted && t.goal(wanted), reached && t.reached].filter(Boolean).join(', ');
  return (
    <div class={`meter${reached ? ' meter--reached' : ''}`}>
      <span class="meter__label">{label}</span>
      <div class="meter__value number">
        <strong class={unknown ? 'meter__unknown' : undefined}>{shown}</strong>
        {wanted && (
          <span class="meter__goal">
            {reached && <Icon name="check" size={14} />}
            {t.goal(wanted)}
          </span>
        )}
      </div>
      {(parts || goal !== null) && (
        <Bar
          label={common().named(label, spoken)}
          share={unknown ? 0 : value / end}
          mark={goal === null ? null : goal / end}
        />
      )}
      {parts && (
        <p class="meter__parts number">
          {parts.denominator
            ? common().of(formatNumber(parts.numerator), formatNumber(parts.denominator))
            : (whyUnknown ?? common().notKnown)}
        </p>
      )}
    </div>
  );
}

function Bar({ label, share, mark }: { label: string; share: number; mark: number | null }) {
  const at = mark === null ? 0 : Math.min(WIDTH - 2, Math.max(1, mark * WIDTH - 1));
  return (
    <svg
      class="meter__bar"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect class="meter__track" y="3" width={WIDTH} height="6" rx="3" />
      <rect class="meter__fill" y="3" width={Math.min(1, share) * WIDTH} height="6" rx="3" />
      {mark !== null && <rect class="meter__mark" x={at} width="2" height={HEIGHT} />}
    </svg>
  );
}
