import { useId, useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { Congress, Language, Named, Session, SessionFields } from '../../net/types';
import { type Action, useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { DateTimeField } from '../../ui/DateTime';
import { Dialog } from '../../ui/Dialog';
import { Input, Select, Textarea } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { fromZone, toZone } from '../../ui/zone';
import { sessionTexts } from './texts';

export const SESSION_FIELDS = [
  'title',
  'description',
  'starts_at',
  'planned_minutes',
  'capacity',
  'listen_at',
] as const;

interface FieldsProps {
  fields: SessionFields;
  onChange: (fields: SessionFields) => void;
  action: Action<[]>;
  zone: string;
  rooms: Named[];
  tracks: Named[];
  disabled?: boolean;
  /** The session has begun: its times no longer change. */
  timesLocked?: boolean;
}

const asOptions = (items: Named[]) => items.map(({ id, name }) => ({ value: id, label: name }));

export function SessionFieldset(props: FieldsProps) {
  const { fields, action, zone, rooms, tracks } = props;
  const t = sessionTexts();
  const c = common();
  const set = (change: Partial<SessionFields>) => props.onChange({ ...fields, ...change });
  const threshold = Math.round((fields.completion_threshold ?? 0.75) * 100);
  return (
    <fieldset class="form" disabled={props.disabled}>
      <Input
        label={t.title}
        value={fields.title}
        onInput={(title) => set({ title })}
        error={action.field('title')}
        required
        maxLength={200}
      />
      <Textarea
        label={t.description}
        optional
        value={fields.description}
        onInput={(description) => set({ description })}
        error={action.field('description')}
        maxLength={5000}
      />
      <div class="grid-2">
        <DateTimeField
          label={t.starts}
          value={fields.starts_at}
          zone={zone}
          onChange={(starts_at) => set({ starts_at })}
          error={action.field('starts_at')}
          disabled={props.timesLocked ?? false}
        />
        <Input
          label={t.length}
          type="number"
          inputMode="numeric"
          unit={t.minutes}
          value={String(fields.planned_minutes || '')}
          onInput={(value) => set({ planned_minutes: Number(value) })}
          error={action.field('planned_minutes')}
          min={5}
          max={1440}
          required
          disabled={props.timesLocked ?? false}
        />
        <Input
          label={t.capacity}
          hint={t.capacityHint}
          type="number"
          inputMode="numeric"
          value={String(fields.capacity || '')}
          onInput={(value) => set({ capacity: Number(value) })}
          error={action.field('capacity')}
          min={1}
          max={100000}
          required
        />
        <Input
          label={t.threshold}
          hint={t.thresholdHint}
          type="number"
          inputMode="numeric"
          unit="%"
          value={String(threshold || '')}
          onInput={(value) => set({ completion_threshold: Number(value) / 100 })}
          error={action.field('completion_threshold')}
          min={1}
          max={100}
          required
        />
      </div>
      <Input
        label={t.listen}
        hint={t.listenHint}
        optional
        value={fields.listen_at}
        onInput={(listen_at) => set({ listen_at })}
        error={action.field('listen_at')}
        maxLength={500}
      />
      <div class="grid-2">
        <Select
          label={t.language}
          value={fields.language}
          onChange={(next) => set({ language: next as Language })}
          options={[
            { value: 'fr', label: c.languages.fr },
            { value: 'en', label: c.languages.en },
          ]}
        />
        {rooms.length > 0 && (
          <Select
            label={t.room}
            value={fields.room ?? ''}
            onChange={(room) => set({ room: room || null })}
            {...(fields.room ? {} : { placeholder: t.defaultRoom })}
            options={asOptions(rooms)}
          />
        )}
        {tracks.length > 0 && (
          <Select
            label={t.track}
            value={fields.track ?? ''}
            onChange={(track) => set({ track: track || null })}
            placeholder={t.noTrack}
            options={asOptions(tracks)}
          />
        )}
      </div>
    </fieldset>
  );
}

/** Next week at 18:30 in the congress' zone, an hour when physicians have time. */
function emptySession(congress: Congress): SessionFields {
  const soon = new Date(Date.now() + 7 * 86_400_000).toISOString();
  const { date } = toZone(soon, congress.time_zone);
  return {
    title: congress.sessions.length === 0 ? congress.title : '',
    description: '',
    language: congress.language,
    starts_at: fromZone({ date, time: '18:30' }, congress.time_zone),
    planned_minutes: 60,
    capacity: 500,
    listen_at: '',
    room: null,
    track: null,
    completion_threshold: 0.75,
  };
}

export function fieldsOf(session: Session): SessionFields {
  const { title, description, language, starts_at, planned_minutes, capacity, listen_at } = session;
  return {
    title,
    description,
    language,
    starts_at,
    planned_minutes,
    capacity,
    listen_at,
    room: session.room,
    track: session.track,
    completion_threshold: session.completion_threshold ?? 0.75,
  };
}

interface SessionDialogProps {
  congress: Congress;
  onClose: () => void;
  onDone: (session: Session) => void;
}

export function SessionDialog({ congress, onClose, onDone }: SessionDialogProps) {
  const t = sessionTexts();
  const c = common();
  const form = useId();
  const [fields, setFields] = useState(() => emptySession(congress));
  const save = useAction(async () => onDone(await api.addSession(congress.id, fields)));
  const footer = (
    <>
      <Button onClick={onClose}>{c.cancel}</Button>
      <Button type="submit" form={form} look="primary" busy={save.busy}>
        {c.create}
      </Button>
    </>
  );
  return (
    <Dialog title={t.add} wide onClose={onClose} footer={footer}>
      <Form id={form} onSubmit={() => save.run()} error={save.text(SESSION_FIELDS)}>
        <SessionFieldset
          fields={fields}
          onChange={setFields}
          action={save}
          zone={congress.time_zone}
          rooms={congress.rooms}
          tracks={congress.tracks}
        />
      </Form>
    </Dialog>
  );
}
