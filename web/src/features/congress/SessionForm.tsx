// The fields of a session, and the dialog that schedules one.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { type Congress, LEVELS, type Named, type Session, type SessionFields } from '../../net/types';
import { type Action, useAction } from '../../state/action';
import { DateTimeField } from '../../ui/DateTime';
import { Input, Select, Textarea } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { LanguageSelect } from '../../ui/LanguageSelect';
import { fromZone, toZone } from '../../ui/zone';
import { api } from './api';
import { sessionTexts } from './texts';

/** The share of the live time from which a session counts as completed, unless changed. */
const THRESHOLD = 0.75;

/** The fields that show their own errors. */
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
  halls: Named[];
  tracks: Named[];
  disabled?: boolean;
  /** It is public: it does not become a break any more. */
  kindFixed?: boolean;
  /** The session has begun: its times no longer change. */
  timesLocked?: boolean;
}

/** The props of a part of the form. */
interface PartProps {
  fields: SessionFields;
  set: (change: Partial<SessionFields>) => void;
  action: Action<[]>;
}

export function SessionFieldset(props: FieldsProps) {
  const { fields, action, zone, halls, tracks, disabled, timesLocked = false } = props;
  const t = sessionTexts();
  const set = (change: Partial<SessionFields>) => props.onChange({ ...fields, ...change });
  const part = { fields, set, action };
  return (
    <fieldset class="form" disabled={disabled}>
      <WordFields {...part} />
      <div class="grid-2">
        <TimeFields {...part} zone={zone} disabled={timesLocked} />
        <LimitFields {...part} />
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
        <LanguageSelect
          label={t.language}
          value={fields.language}
          onChange={(language) => set({ language })}
        />
        <PlaceFields {...part} halls={halls} tracks={tracks} />
        <KindFields {...part} fixed={props.kindFixed ?? false} />
      </div>
    </fieldset>
  );
}

function WordFields({ fields, set, action }: PartProps) {
  const t = sessionTexts();
  return (
    <>
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
    </>
  );
}

const whole = { type: 'number', inputMode: 'numeric', required: true } as const;

interface TimeFieldsProps extends PartProps {
  zone: string;
  disabled: boolean;
}

function TimeFields({ fields, set, action, zone, disabled }: TimeFieldsProps) {
  const t = sessionTexts();
  return (
    <>
      <DateTimeField
        label={t.starts}
        value={fields.starts_at}
        zone={zone}
        onChange={(starts_at) => set({ starts_at })}
        error={action.field('starts_at')}
        disabled={disabled}
      />
      <Input
        {...whole}
        label={t.length}
        unit={t.minutes}
        value={String(fields.planned_minutes || '')}
        onInput={(value) => set({ planned_minutes: Number(value) })}
        error={action.field('planned_minutes')}
        min={5}
        max={1440}
        disabled={disabled}
      />
    </>
  );
}

/** How many may register, and from which share of the time a person has completed the session. */
function LimitFields({ fields, set, action }: PartProps) {
  const t = sessionTexts();
  const threshold = Math.round((fields.completion_threshold ?? THRESHOLD) * 100);
  return (
    <>
      <Input
        {...whole}
        label={t.capacity}
        hint={t.capacityHint}
        value={String(fields.capacity || '')}
        onInput={(value) => set({ capacity: Number(value) })}
        error={action.field('capacity')}
        min={1}
        max={100000}
      />
      <Input
        {...whole}
        label={t.threshold}
        hint={t.thresholdHint}
        unit="%"
        value={String(threshold || '')}
        onInput={(value) => set({ completion_threshold: Number(value) / 100 })}
        error={action.field('completion_threshold')}
        min={1}
        max={100}
      />
    </>
  );
}

interface PlaceFieldsProps extends PartProps {
  halls: Named[];
  tracks: Named[];
}

const asOptions = (items: Named[]) => items.map(({ id, name }) => ({ value: id, label: name }));

function PlaceFields({ fields, set, halls, tracks }: PlaceFieldsProps) {
  const t = sessionTexts();
  return (
    <>
      {halls.length > 0 && (
        <Select
          label={t.hall}
          value={fields.hall ?? ''}
          onChange={(hall) => set({ hall: hall || null })}
          {...(fields.hall ? {} : { placeholder: t.defaultHall })}
          options={asOptions(halls)}
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
    </>
  );
}

function KindFields({ fields, set, fixed }: PartProps & { fixed: boolean }) {
  const t = sessionTexts();
  return (
    <>
      {!fixed && (
        <Select
          label={t.kind}
          value={fields.kind}
          onChange={(kind) => set({ kind: kind as SessionFields['kind'] })}
          options={(['session', 'break'] as const).map((value) => ({ value, label: t.kinds[value] }))}
        />
      )}
      {fields.kind === 'session' && (
        <Select
          label={t.level}
          value={fields.level ?? ''}
          onChange={(level) => set({ level: (level || null) as SessionFields['level'] })}
          placeholder={t.noLevel}
          options={LEVELS.map((value) => ({ value, label: t.levels[value] }))}
        />
      )}
    </>
  );
}

/** Next week at 18:30 in the congress's zone, when most physicians have finished work. */
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
    hall: null,
    track: null,
    kind: 'session',
    level: null,
    completion_threshold: THRESHOLD,
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
    hall: session.hall,
    track: session.track,
    kind: session.kind,
    level: session.level,
    completion_threshold: session.completion_threshold ?? THRESHOLD,
  };
}

interface SessionDialogProps {
  congress: Congress;
  onClose: () => void;
  onDone: (session: Session) => void;
}

export function SessionDialog({ congress, onClose, onDone }: SessionDialogProps) {
  const [fields, setFields] = useState(() => emptySession(congress));
  const save = useAction(async () => onDone(await api.addSession(congress.id, fields)));
  return (
    <FormDialog
      title={sessionTexts().add}
      wide
      action={save}
      fields={SESSION_FIELDS}
      submit={common().create}
      onClose={onClose}
    >
      <SessionFieldset
        fields={fields}
        onChange={setFields}
        action={save}
        zone={congress.time_zone}
        halls={congress.halls}
        tracks={congress.tracks}
      />
    </FormDialog>
  );
}
