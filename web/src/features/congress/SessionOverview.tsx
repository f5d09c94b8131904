// The details of a session and what may still be changed.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import type { Session } from '../../net/types';
import { useAction } from '../../state/action';
import { hasRole } from '../../state/me';
import { useUnsaved } from '../../state/unsaved';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Form } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import type { SessionTabProps } from '../feature';
import { api } from './api';
import { fieldsOf, SESSION_FIELDS, SessionFieldset } from './SessionForm';
import { sessionTexts } from './texts';

export default function SessionOverview({ session, congress, reload }: SessionTabProps) {
  const t = sessionTexts();
  const organiser = hasRole('organiser');
  const over = session.state === 'ended' || session.state === 'cancelled';
  return (
    <Card title={t.details}>
      <div class="stack stack--wide">
        <Note session={session} organiser={organiser} />
        <Editor
          key={JSON.stringify(fieldsOf(session))} // after an edit elsewhere the form begins anew
          session={session}
          congress={congress}
          reload={reload}
          disabled={!organiser || over}
        />
      </div>
    </Card>
  );
}

function Note({ session, organiser }: { session: Session; organiser: boolean }) {
  const t = sessionTexts();
  if (session.state === 'live') return <Banner>{t.lockedNote}</Banner>;
  if (session.state === 'ended') return <Banner>{t.endedNote}</Banner>;
  if (session.state === 'cancelled') return <Banner tone="warn">{t.cancelledNote}</Banner>;
  if (session.state === 'lobby' && organiser) return <Banner>{t.rescheduleNote}</Banner>;
  return null;
}

/** Only the fields that differ: a new title must not count as a new time. */
function changes<T extends object>(before: T, after: T): Partial<T> {
  const keys = Object.keys(after) as (keyof T)[];
  return Object.fromEntries(
    keys.filter((key) => before[key] !== after[key]).map((key) => [key, after[key]]),
  ) as Partial<T>;
}

function Editor({ session, congress, reload, disabled }: SessionTabProps & { disabled: boolean }) {
  const t = sessionTexts();
  const saved = fieldsOf(session);
  const [fields, setFields] = useState(saved);
  const changed = changes(saved, fields);
  const differs = Object.keys(changed).length > 0;
  useUnsaved(differs);
  const save = useAction(async () => {
    await api.changeSession(session.id, changed);
    const told = 'starts_at' in changed || 'planned_minutes' in changed || 'listen_at' in changed;
    toast.good(session.state === 'lobby' && told ? t.savedMail : t.saved);
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
        timesLocked={session.state === 'live'}
      />
    </Form>
  );
}
