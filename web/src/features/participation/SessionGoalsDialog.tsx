// What each target profile is to reach in this session alone.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { CountInput } from '../../ui/CountInput';
import { Dialog } from '../../ui/Dialog';
import { FormDialog } from '../../ui/FormDialog';
import { RateInput } from '../../ui/RateInput';
import { ResourceView } from '../../ui/ResourceView';
import { api, type SessionGoals } from './api';
import { participationTexts } from './texts';

interface SessionGoalsProps {
  session: string;
  onDone: () => Promise<void>;
  onClose: () => void;
}

export function SessionGoalsDialog(props: SessionGoalsProps) {
  const found = useResource(`session goals ${props.session}`, () => api.goals(props.session));
  if (found.value) return <GoalsForm {...props} stored={found.value} />;
  return (
    <Dialog title={participationTexts().sessionGoals} onClose={props.onClose}>
      <ResourceView of={found} lines={4}>
        {() => null}
      </ResourceView>
    </Dialog>
  );
}

function GoalsForm({ session, stored, onDone, onClose }: SessionGoalsProps & { stored: SessionGoals[] }) {
  const t = participationTexts();
  const [goals, setGoals] = useState(stored);
  const set = (id: string, change: Partial<SessionGoals>) => setGoals(goals.map((one) => (one.id === id ? { ...one, ...change } : one)));
  const save = useAction(async () => {
    await api.setGoals(session, goals.map(({ name: _, ...wanted }) => wanted));
    await onDone();
    onClose();
  });
  return (
    <FormDialog title={t.sessionGoals} wide action={save} fields={[]} submit={common().save} onSubmit={() => void save.run()} onClose={onClose}>
      <p class="muted small">{t.sessionGoalsHint}</p>
      {goals.map((one) => (
        <ProfileFields key={one.id} goals={one} set={(change) => set(one.id, change)} />
      ))}
    </FormDialog>
  );
}

function ProfileFields({ goals, set }: { goals: SessionGoals; set: (change: Partial<SessionGoals>) => void }) {
  const t = participationTexts();
  return (
    <fieldset class="session-goals">
      <legend>{goals.name}</legend>
      <div class="grid-2">
        <CountInput label={t.attendees} value={goals.goal_attendees} onChange={(goal_attendees) => set({ goal_attendees })} />
        <CountInput label={t.completions} value={goals.goal_completions} onChange={(goal_completions) => set({ goal_completions })} />
        <RateInput label={t.participationRate} value={goals.goal_participation_rate} onChange={(goal_participation_rate) => set({ goal_participation_rate })} />
        <RateInput label={t.completionRate} value={goals.goal_completion_rate} onChange={(goal_completion_rate) => set({ goal_completion_rate })} />
      </div>
    </fieldset>
  );
}
