// How many people a profile is about in all: a number that somebody gives with its source, or one that is counted in the
// register or in a target list, shown while the criteria are typed.
import { Input, Select } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { api, type Asked, type TargetProfileFields, type UniverseCount, type UniverseSources } from './api';
import { type Answer, useAsked } from './asked';
import { attributeName, complete } from './criteria';
import { audienceTexts } from './texts';

interface UniverseProps {
  congress: string;
  /** The stored profile; undefined for a new one. */
  profile: string | undefined;
  fields: TargetProfileFields;
  set: (change: Partial<TargetProfileFields>) => void;
}

interface UniverseFieldsProps extends UniverseProps {
  /** null: being fetched. */
  sources: UniverseSources | null;
}

const NONE: UniverseSources = { registry: false, lists: [] };

/** In one choice: "given", "registry", or the id of a list. What is stored is always among them. */
function choices(fields: TargetProfileFields, sources: UniverseSources) {
  const t = audienceTexts();
  const { universe_list } = fields;
  const hidden = universe_list !== null && !sources.lists.some(({ id }) => id === universe_list);
  return [
    { value: 'given', label: t.fromGiven },
    ...(sources.registry || fields.universe_from === 'registry' ? [{ value: 'registry', label: t.fromRegistry }] : []),
    ...sources.lists.map(({ id, name }) => ({ value: id, label: t.fromList(name) })),
    ...(hidden ? [{ value: universe_list, label: t.fromHiddenList }] : []),
  ];
}

function chosen(value: string): Pick<TargetProfileFields, 'universe_from' | 'universe_list'> {
  if (value === 'given' || value === 'registry') return { universe_from: value, universe_list: null };
  return { universe_from: 'target_list', universe_list: value };
}

export function UniverseFields({ sources, ...props }: UniverseFieldsProps) {
  const t = audienceTexts();
  const { fields, set } = props;
  const given = fields.universe_from === 'given';
  return (
    <section class="stack">
      <div>
        <h3>{t.universe}</h3>
        <p class="muted small">{t.universeHint}</p>
      </div>
      <Select
        label={t.universeFrom}
        value={fields.universe_list ?? fields.universe_from}
        options={choices(fields, sources ?? NONE)}
        disabled={sources === null}
        onChange={(value) => set(chosen(value))}
      />
      {given ? <Given fields={fields} set={set} /> : <Counted {...props} />}
    </section>
  );
}

function Given({ fields, set }: Pick<UniverseProps, 'fields' | 'set'>) {
  const t = audienceTexts();
  const { universe, universe_source } = fields;
  const take = (text: string) => set(text === '' ? { universe: null, universe_source: null } : { universe: Number(text) });
  return (
    <div class="grid-2">
      <Input
        type="number"
        inputMode="numeric"
        min={1}
        label={t.universeNumber}
        optional
        value={universe === null ? '' : String(universe)}
        onInput={take}
      />
      <Input
        label={t.source}
        hint={t.sourceHint}
        value={universe_source ?? ''}
        required={universe !== null}
        disabled={universe === null}
        maxLength={300}
        onInput={(text) => set({ universe_source: text || null })}
      />
    </div>
  );
}

/** What the register does not know, in a sentence; null: nothing. */
export function lackedSentence(lacks: readonly Asked[]): string | null {
  return lacks.length > 0 ? audienceTexts().lacks(lacks.map(attributeName).join(', ')) : null;
}

function Counted({ congress, profile, fields }: UniverseProps) {
  const t = audienceTexts();
  const { criteria, universe_from, universe_list } = fields;
  const asked = { criteria, universe_from, universe_list, ...(profile ? { profile } : {}) };
  const ready = complete(criteria);
  const answer = useAsked(JSON.stringify(asked), ready, () => api.countUniverse(congress, asked));
  return (
    <div class="stack stack--tight">
      {ready ? <Count answer={answer} /> : <p class="muted small">{t.incomplete}</p>}
      <p class="muted small">{t.countedAgain}</p>
    </div>
  );
}

function Count({ answer }: { answer: Answer<UniverseCount> | null }) {
  const t = audienceTexts();
  const found = answer && 'found' in answer ? answer.found : null;
  const unknown = found && (lackedSentence(found.lacks) ?? (found.count === null ? t.noRegistry : null));
  const problem = answer && 'problem' in answer ? answer.problem : unknown;
  return (
    <div class={`matches matches--alone number${problem ? ' matches--problem' : ''}`} role="status">
      <Icon name={problem ? 'alert' : 'target'} size={18} />
      <p>
        {problem ?? (found?.count == null ? t.counting : t.counted(found.count))}
        {!problem && found?.source && <span class="matches__source">{found.source}</span>}
      </p>
    </div>
  );
}
