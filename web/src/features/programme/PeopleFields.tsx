// Chooses who is in a talk or a session, and as what; somebody new is added to the congress in place.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { PROGRAMME_ROLES, type ProgrammeRole } from '../../net/types';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Button, IconButton } from '../../ui/Button';
import { Input, Select } from '../../ui/Field';
import { adminTexts } from './adminTexts';
import type { Appearance, Speaker, SpeakerFields } from './api';
import { programmeTexts } from '../../ui/programmeTexts';

export const MOST_PEOPLE = 12;

export interface PeopleFieldsProps {
  people: readonly Speaker[];
  value: readonly Appearance[];
  /** Of whoever is added next. */
  role: ProgrammeRole;
  onChange: (value: Appearance[]) => void;
  onNew: (fields: Partial<SpeakerFields>) => Promise<Speaker>;
}

export function PeopleFields({ people, value, role, onChange, onNew }: PeopleFieldsProps) {
  const t = adminTexts();
  const [writing, setWriting] = useState(false);
  const change = (at: number, to: Appearance) => onChange(value.map((old, index) => (index === at ? to : old)));
  const add = (speaker: string) => onChange([...value, { speaker, role }]);
  return (
    <fieldset class="stack stack--tight">
      <legend class="field__label">{t.speakers}</legend>
      {value.map((appearance, index) => (
        <Line
          key={index}
          number={index + 1}
          appearance={appearance}
          people={people.filter(({ id }) => id === appearance.speaker || !value.some(({ speaker }) => speaker === id))}
          onChange={(to) => change(index, to)}
          onRemove={() => onChange(value.filter((_, at) => at !== index))}
        />
      ))}
      {writing && (
        <NewSpeaker
          onClose={() => setWriting(false)}
          onAdd={async (fields) => {
            add((await onNew(fields)).id);
            setWriting(false);
          }}
        />
      )}
      {value.length < MOST_PEOPLE && !writing && (
        <div class="row">
          {people.length > value.length && (
            <Button look="quiet" icon="add" small onClick={() => add('')}>
              {t.addPerson}
            </Button>
          )}
          <Button look="quiet" icon="user" small onClick={() => setWriting(true)}>
            {t.newPerson}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

interface LineProps {
  number: number;
  appearance: Appearance;
  people: readonly Speaker[];
  onChange: (appearance: Appearance) => void;
  onRemove: () => void;
}

function Line({ number, appearance, people, onChange, onRemove }: LineProps) {
  const t = adminTexts();
  const roles = programmeTexts().role;
  return (
    <div class="appearance">
      <Select
        label={t.person(number)}
        hideLabel
        required
        placeholder={t.choose}
        value={appearance.speaker}
        options={people.map(({ id, name, affiliation }) => ({ value: id, label: affiliation ? `${name}, ${affiliation}` : name }))}
        onChange={(speaker) => onChange({ ...appearance, speaker })}
      />
      <Select
        label={t.role(number)}
        hideLabel
        value={appearance.role}
        options={PROGRAMME_ROLES.map((value) => ({ value, label: roles[value] }))}
        onChange={(role) => onChange({ ...appearance, role: role as ProgrammeRole })}
      />
      <IconButton icon="trash" label={t.removePerson(number)} onClick={onRemove} />
    </div>
  );
}

interface NewSpeakerProps {
  onAdd: (fields: Partial<SpeakerFields>) => Promise<void>;
  onClose: () => void;
}

function NewSpeaker({ onAdd, onClose }: NewSpeakerProps) {
  const t = adminTexts();
  const [name, setName] = useState('');
  const [affiliation, setAffiliation] = useState('');
  const adding = useAction(() => onAdd({ name: name.trim(), affiliation: affiliation.trim() }));
  return (
    <div class="new-speaker stack stack--tight" role="group" aria-label={t.newPerson}>
      <Input label={t.name} hint={t.nameHint} value={name} onInput={setName} maxLength={120} error={adding.field('name')} autoFocus />
      <Input label={t.affiliation} optional value={affiliation} onInput={setAffiliation} maxLength={200} error={adding.field('affiliation')} />
      {adding.text(['name', 'affiliation']) && <Banner tone="bad">{adding.text()}</Banner>}
      <div class="row">
        <Button small busy={adding.busy} disabled={name.trim() === ''} onClick={() => void adding.run()}>
          {t.addNew}
        </Button>
        <Button small look="quiet" onClick={onClose}>
          {common().cancel}
        </Button>
      </div>
    </div>
  );
}
