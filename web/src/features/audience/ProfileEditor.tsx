// A target profile: its name, whom it matches, and its goals.
import { useMemo, useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { CountInput } from '../../ui/CountInput';
import { FieldError, Input } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { api, type Criteria, type TargetProfile, type TargetProfileFields } from './api';
import { complete, listsOf, type Things } from './criteria';
import { CriteriaBuilder } from './CriteriaBuilder';
import { GoalFields, type GoalFieldsProps, goalsOf, NO_GOALS } from './GoalFields';
import { Preview } from './ProfilePreview';
import { audienceTexts } from './texts';
import { UniverseFields } from './UniverseFields';

const EMPTY: TargetProfileFields = {
  name: '',
  criteria: { all_of: [], any_of: [], none_of: [] },
  ...NO_GOALS,
  places: null,
  universe: null,
  universe_source: null,
  universe_from: 'given',
  universe_list: null,
};

/** The fields of a profile without its id. */
function fieldsOf(profile: TargetProfile): TargetProfileFields {
  const { name, criteria, universe, universe_source, universe_from, universe_list, places } = profile;
  return { name, criteria, universe, universe_source, universe_from, universe_list, places, ...goalsOf(profile) };
}

interface EditorProps {
  congress: string;
  profile: TargetProfile | null;
  /** All of the congress. */
  profiles: readonly TargetProfile[];
  onClose: () => void;
  onDone: () => void;
}

export function ProfileEditor({ congress, profile, profiles, onClose, onDone }: EditorProps) {
  const t = audienceTexts();
  const [fields, setFields] = useState(() => (profile ? fieldsOf(profile) : EMPTY));
  const [incomplete, setIncomplete] = useState(false);
  const sources = useResource('universe sources', api.universeSources).value;
  const things = useMemo<Things>(
    () => ({
      target_list: listsOf(sources?.lists ?? [], profile),
      target_profile: profiles.filter(({ id }) => id !== profile?.id),
    }),
    [sources, profile, profiles],
  );
  const set = (change: Partial<TargetProfileFields>) => setFields({ ...fields, ...change });
  const save = useAction(async () => {
    if (profile) await api.changeProfile(profile.id, fields);
    else await api.addProfile(congress, fields);
    onDone();
  });
  const submit = () => {
    const ready = complete(fields.criteria);
    setIncomplete(!ready);
    if (ready) void save.run();
  };
  return (
    <FormDialog
      title={profile ? t.edit : t.add}
      wide
      action={save}
      fields={['name', 'universe_source', 'goal_due']}
      submit={profile ? common().save : common().create}
      onSubmit={submit}
      onClose={onClose}
      aside={<Preview congress={congress} criteria={fields.criteria} profile={profile?.id} />}
    >
      <Input
        label={t.name}
        hint={t.nameHint}
        value={fields.name}
        onInput={(name) => set({ name })}
        error={save.field('name')}
        required
        maxLength={100}
      />
      <CriteriaFields value={fields.criteria} things={things} set={set} incomplete={incomplete} />
      <GoalFields fields={fields} set={set} dueError={save.field('goal_due')} />
      <PlacesField fields={fields} taken={profile?.places_taken ?? null} set={set} />
      <UniverseFields congress={congress} profile={profile?.id} fields={fields} sources={sources} set={set} />
    </FormDialog>
  );
}

interface CriteriaFieldsProps {
  value: Criteria;
  things: Things;
  set: (change: { criteria: Criteria }) => void;
  /** The form was submitted with a criterion that has no codes. */
  incomplete: boolean;
}

function CriteriaFields({ value, things, set, incomplete }: CriteriaFieldsProps) {
  const t = audienceTexts();
  return (
    <section class="stack">
      <div>
        <h3>{t.criteria}</h3>
        <p class="muted small">{t.criteriaHint}</p>
      </div>
      <CriteriaBuilder value={value} things={things} onChange={(criteria) => set({ criteria })} />
      {incomplete && !complete(value) && <FieldError text={t.incomplete} />}
    </section>
  );
}

/** How many of a profile's people get in. */
function PlacesField({ fields, taken, set }: GoalFieldsProps & { taken: number | null }) {
  const t = audienceTexts();
  return (
    <section class="stack">
      <div>
        <h3>{t.places}</h3>
        <p class="muted small">{t.placesHint}</p>
      </div>
      <div class="grid-3">
        <CountInput
          label={t.placesNumber}
          hint={taken === null ? undefined : t.placesTaken(taken)}
          value={fields.places}
          onChange={(places) => set({ places })}
        />
      </div>
    </section>
  );
}
