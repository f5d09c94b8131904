// What organisers may still change of a session.
import { useState } from 'preact/hooks';
import { formatTime } from '../../i18n';
import { common } from '../../i18n/common';
import type { Session, SessionFields } from '../../net/types';
import { useAction } from '../../state/action';
import { second } from '../../state/clock';
import { useUnsaved } from '../../state/unsaved';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Checkbox } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import type { SessionTabProps } from '../feature';
import { api } from './api';
import { fieldsOf, SESSION_FIELDS, SessionFieldset } from './SessionForm';
import { sessionTexts } from './texts';

export default function SessionSettings({ session, congress, reload }: SessionTabProps) {
  const t = sessionTexts();
  const over = session.state === 'ended' || session.state === 'cancelled';
  return (
    <Card title={t.details}>
      <div class="stack stack--wide">
        <Note session={session} reload={reload} />
        <Editor
          key={JSON.stringify(fieldsOf(session))} // after an edit elsewhere the form begins anew
          session={session}
          congress={congress}
          reload={reload}
          disabled={over}
        />
      </div>
    </Card>
  );
}

type NoteProps = Pick<SessionTabProps, 'session' | 'reload'>;

function Note({ session, reload }: NoteProps) {
  const t = sessionTexts();
  if (session.state === 'live') return <Banner>{t.lockedNote}</Banner>;
  if (session.state === 'ended') return <Banner>{t.endedNote}</Banner>;
  if (session.state === 'cancelled') return <Banner tone="warn">{t.cancelledNote}</Banner>;
  if (session.state !== 'lobby') return null;
  const due = session.notice_due_at;
  if (due && Date.parse(due) <= second.value) return <Banner>{t.toldNow}</Banner>;
  if (due) return <NoticeDue session={session} reload={reload} />;
  return <Banner>{t.rescheduleNote}</Banner>;
}

/** What registered people will be told, and a way not to wait for it. */
function NoticeDue({ session, reload }: NoteProps) {
  const t = sessionTexts();
  const tell = useAction(async () => {
    await api.tellSession(session.id);
    toast.good(t.toldNow);
    await reload();
  });
  const button = (
    <Button busy={tell.busy} onClick={() => tell.run()}>
      {t.tellNow}
    </Button>
  );
  return (
    <Banner action={button}>
      {t.noticeDue(formatTime(session.notice_due_at ?? '', session.congress.time_zone))}
      {tell.text() && <p>{tell.text()}</p>}
    </Banner>
  );
}

/** Only the fields that differ: a new title must not count as a new time. */
function changes<T extends object>(before: T, after: T): Partial<T> {
  const keys = Object.keys(after) as (keyof T)[];
  return Object.fromEntries(
    keys.filter((key) => before[key] !== after[key]).map((key) => [key, after[key]]),
  ) as Partial<T>;
}

const PRACTICAL = ['starts_at', 'planned_minutes', 'listen_at'] as const;
const WORDS = ['title', 'description'] as const;

/** What registered people learn of changes to a session, as the server has it. */
function newsOf(session: Session, changed: Partial<SessionFields>): 'practical' | 'words' | null {
  if (session.state !== 'lobby') return null;
  if (PRACTICAL.some((key) => key in changed)) return 'practical';
  return WORDS.some((key) => key in changed) ? 'words' : null;
}

function Editor({ session, congress, reload, disabled }: SessionTabProps & { disabled: boolean }) {
  const t = sessionTexts();
  const saved = fieldsOf(session);
  const [fields, setFields] = useState(saved);
  const changed = changes(saved, fields);
  const differs = Object.keys(changed).length > 0;
  useUnsaved(differs);
  const [tell, setTell] = useState(true);
  const news = newsOf(session, changed);
  const save = useAction(async () => {
    await api.changeSession(session.id, news === 'words' ? { ...changed, tell } : changed);
    toast.good(news === 'practical' || (news && tell) ? t.savedMail : t.saved);
    await reload();
  });
  const button = disabled ? null : (
    <Button type="submit" look="primary" busy={save.busy} disabled={!differs}>
      {common().save}
    </Button>
  );
  return (
    <Form onSubmit={() => save.run()} error={save.text(SESSION_FIELDS)} footer={button}>
      <SessionFieldset
        fields={fields}
        onChange={setFields}
        action={save}
        zone={congress.time_zone}
        halls={congress.halls}
        tracks={congress.tracks}
        disabled={disabled}
        kindFixed={session.state !== 'draft'}
        timesLocked={session.state === 'live'}
      />
      {news === 'words' && (
        <Checkbox label={t.tell} hint={t.tellHint} checked={tell} onChange={setTell} />
      )}
    </Form>
  );
}
