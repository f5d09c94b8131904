import { useEffect, useId, useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import {
  type Criteria,
  MODES,
  type TargetProfile,
  type TargetProfileFields,
} from '../../net/types';
import { useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { FieldError, Input } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { Icon } from '../../ui/Icon';
import { CriteriaBuilder } from './CriteriaBuilder';
import { audienceTexts } from './texts';

const EMPTY: TargetProfileFields = {
  name: '',
  criteria: { all_of: [], any_of: [], none_of: [] },
  goal_registrations: null,
  goal_attendees: null,
  goal_participation_rate: null,
  universe: null,
  universe_source: null,
};

export function complete(criteria: Criteria): boolean {
  return MODES.every((mode) => criteria[mode].every((criterion) => criterion.codes.length > 0));
}

interface EditorProps {
  congress: string;
  profile: TargetProfile | null;
  onClose: () => void;
  onDone: () => void;
}

export function ProfileEditor({ congress, profile, onClose, onDone }: EditorProps) {
  const t = audienceTexts();
  const c = common();
  const form = useId();
  const [fields, setFields] = useState<TargetProfileFields>(() => {
    if (!profile) return EMPTY;
    const { id: _, ...rest } = profile;
    return rest;
  });
  const [incomplete, setIncomplete] = useState(false);
  const set = (change: Partial<TargetProfileFields>) => setFields({ ...fields, ...change });
  const save = useAction(async () => {
    const { name, criteria, universe, universe_source } = fields;
    const { goal_registrations, goal_attendees, goal_participation_rate } = fields;
    const goals = { goal_registrations, goal_attendees, goal_participation_rate };
    const body = { name, criteria, universe, universe_source, ...goals };
    if (profile) await api.changeProfile(profile.id, body);
    else await api.addProfile(congress, body);
    onDone();
  });
  const submit = () => {
    const ready = complete(fields.criteria);
    setIncomplete(!ready);
    if (ready) void save.run();
  };
  const footer = (
    <>
      <Preview congress={congress} criteria={fields.criteria} />
      <Button onClick={onClose}>{c.cancel}</Button>
      <Button type="submit" form={form} look="primary" busy={save.busy}>
        {profile ? c.save : c.create}
      </Button>
    </>
  );
  return (
    <Dialog title={profile ? t.edit : t.add} wide onClose={onClose} footer={footer}>
      <Form id={form} onSubmit={submit} error={save.text(['name', 'universe_source'])}>
        <Input
          label={t.name}
          hint={t.nameHint}
          value={fields.name}
          onInput={(name) => set({ name })}
          error={save.field('name')}
          required
          maxLength={100}
        />
        <section class="stack">
          <div>
            <h3>{t.criteria}</h3>
            <p class="muted small">{t.criteriaHint}</p>
          </div>
          <CriteriaBuilder value={fields.criteria} onChange={(criteria) => set({ criteria })} />
          {incomplete && !complete(fields.criteria) && <FieldError text={t.incomplete} />}
        </section>
        <GoalFields fields={fields} set={set} />
      </Form>
    </Dialog>
  );
}

interface GoalFieldsProps {
  fields: TargetProfileFields;
  set: (change: Partial<TargetProfileFields>) => void;
}

const toNumber = (text: string) => (text === '' ? null : Number(text));
const toText = (value: number | null) => (value === null ? '' : String(value));

function GoalFields({ fields, set }: GoalFieldsProps) {
  const t = audienceTexts();
  const rate = fields.goal_participation_rate;
  const whole = { type: 'number', inputMode: 'numeric', min: 1 } as const;
  return (
    <section class="stack">
      <h3>{t.goals}</h3>
      <div class="grid-3">
        <Input
          {...whole}
          label={t.goalRegistrations}
          optional
          value={toText(fields.goal_registrations)}
          onInput={(text) => set({ goal_registrations: toNumber(text) })}
        />
        <Input
          {...whole}
          label={t.goalAttendees}
          optional
          value={toText(fields.goal_attendees)}
          onInput={(text) => set({ goal_attendees: toNumber(text) })}
        />
        <Input
          {...whole}
          label={t.goalRate}
          optional
          unit="%"
          max={100}
          hint={t.rateHint}
          value={rate === null ? '' : String(Math.round(rate * 1000) / 10)}
          step="0.1"
          onInput={(text) =>
            set({ goal_participation_rate: text === '' ? null : Number(text) / 100 })
          }
        />
      </div>
      <div class="grid-2">
        <Input
          {...whole}
          label={t.universe}
          optional
          hint={t.universeHint}
          value={toText(fields.universe)}
          onInput={(text) =>
            set({ universe: toNumber(text), ...(text === '' ? { universe_source: null } : {}) })
          }
        />
        <Input
          label={t.source}
          hint={t.sourceHint}
          value={fields.universe_source ?? ''}
          required={fields.universe !== null}
          disabled={fields.universe === null}
          maxLength={300}
          onInput={(text) => set({ universe_source: text || null })}
        />
      </div>
    </section>
  );
}

const PREVIEW_AFTER_MS = 350;

/** How many of the present registrations match, counted by the server as the criteria change. */
function Preview({ congress, criteria }: { congress: string; criteria: Criteria }) {
  const t = audienceTexts();
  const [count, setCount] = useState<number | null>(null);
  const text = JSON.stringify(criteria);
  useEffect(() => {
    if (!complete(criteria)) return;
    let current = true;
    setCount(null);
    const timer = setTimeout(() => {
      api.previewProfile(congress, criteria).then(
        (found) => current && setCount(found.registered),
        () => undefined, // saving tells what is wrong
      );
    }, PREVIEW_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [congress, text]);
  return (
    <p class="preview number" role="status">
      <Icon name="people" size={18} />
      {count === null ? t.previewing : t.preview(count)}
    </p>
  );
}
