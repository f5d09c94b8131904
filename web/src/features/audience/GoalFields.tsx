// The goals of a target profile: how many people, the rates, and by which day they are to have registered.
import { CountInput } from '../../ui/CountInput';
import { Input } from '../../ui/Field';
import { RateInput } from '../../ui/RateInput';
import type { TargetProfileFields } from './api';
import { goalFieldTexts } from './goalTexts';

export const COUNTS = ['goal_registrations', 'goal_attendees', 'goal_completions'] as const;
export const RATES = ['goal_coverage', 'goal_registration_rate', 'goal_participation_rate', 'goal_completion_rate'] as const;

export const NO_GOALS = {
  goal_registrations: null,
  goal_attendees: null,
  goal_completions: null,
  goal_coverage: null,
  goal_registration_rate: null,
  goal_participation_rate: null,
  goal_completion_rate: null,
  goal_due: null,
} satisfies Partial<TargetProfileFields>;

export function goalsOf(profile: TargetProfileFields): Pick<TargetProfileFields, keyof typeof NO_GOALS> {
  const { goal_registrations, goal_attendees, goal_completions, goal_due } = profile;
  const { goal_coverage, goal_registration_rate, goal_participation_rate, goal_completion_rate } = profile;
  const rates = { goal_coverage, goal_registration_rate, goal_participation_rate, goal_completion_rate };
  return { goal_registrations, goal_attendees, goal_completions, goal_due, ...rates };
}

export interface GoalFieldsProps {
  fields: TargetProfileFields;
  set: (change: Partial<TargetProfileFields>) => void;
}

export function GoalFields({ fields, set, dueError }: GoalFieldsProps & { dueError: string | null }) {
  const t = goalFieldTexts();
  return (
    <section class="stack">
      <div>
        <h3>{t.title}</h3>
        <p class="muted small">{t.hint}</p>
      </div>
      <div class="grid-2">
        {COUNTS.map((goal) => (
          <CountInput key={goal} label={t.name[goal]} value={fields[goal]} onChange={(count) => set({ [goal]: count })} />
        ))}
        <Input
          type="date"
          label={t.due}
          hint={t.dueHint}
          optional
          value={fields.goal_due ?? ''}
          onInput={(text) => set({ goal_due: text || null })}
          error={dueError}
        />
      </div>
      <h4>{t.rates}</h4>
      <div class="grid-2">
        {RATES.map((goal) => (
          <RateInput key={goal} label={t.name[goal]} hint={t.rateHint[goal]} value={fields[goal]} onChange={(share) => set({ [goal]: share })} />
        ))}
      </div>
    </section>
  );
}
