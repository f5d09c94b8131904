// A congress at a glance: key figures, its details, and what is still to be prepared.
import { useState } from 'preact/hooks';
import { formatDay, formatNumber, formatTime } from '../../i18n';
import { common } from '../../i18n/common';
import type { Congress, CongressFields, Session } from '../../net/types';
import { useAction } from '../../state/action';
import { hasRole } from '../../state/me';
import { useUnsaved } from '../../state/unsaved';
import { Button } from '../../ui/Button';
import { Card, Figure, Figures } from '../../ui/Card';
import { Form } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import type { CongressTabProps } from '../feature';
import { api } from './api';
import { CONGRESS_FIELDS, CongressFieldset } from './CongressForm';
import { Steps } from './Steps';
import { Structure } from './Structure';
import { congressTexts } from './texts';
import { usePrepared } from './usePrepared';

export default function OverviewTab({ congress, reload }: CongressTabProps) {
  const organiser = hasRole('organiser');
  const prepared = usePrepared(congress.id, organiser);
  return (
    <>
      <KeyFigures congress={congress} registered={prepared.registered} />
      <div class="columns">
        <Details congress={congress} reload={reload} />
        {organiser && (
          <div class="stack stack--wide">
            <Steps congress={congress} prepared={prepared} />
            <Structure congress={congress} reload={reload} />
          </div>
        )}
      </div>
    </>
  );
}

interface KeyFiguresProps {
  congress: Congress;
  /** Undefined until it is known, and for people who may not see it. */
  registered: number | undefined;
}

function KeyFigures({ congress, registered }: KeyFiguresProps) {
  const t = congressTexts();
  const zone = congress.time_zone;
  const next = nextSession(congress.sessions);
  return (
    <Figures>
      {registered !== undefined && (
        <Figure label={t.registeredLabel} value={formatNumber(registered)} />
      )}
      <Figure label={t.sessionsLabel} value={formatNumber(congress.sessions.length)} />
      <Figure
        label={t.next}
        value={next ? formatTime(next.starts_at, zone) : '–'}
        note={next ? formatDay(next.starts_at, zone) : t.noNext}
      />
      <Figure
        label={t.form.language}
        value={congress.language.toUpperCase()}
        note={zone.replace(/_/g, ' ')}
      />
    </Figures>
  );
}

/** The first session that is not over. */
function nextSession(sessions: Session[]): Session | undefined {
  return sessions
    .filter(({ state }) => state === 'draft' || state === 'lobby' || state === 'live')
    .sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1))[0];
}

const fieldsOf = ({ title, description, language, time_zone }: CongressFields): CongressFields => ({
  title,
  description,
  language,
  time_zone,
});

function Details({ congress, reload }: CongressTabProps) {
  const t = congressTexts();
  const c = common();
  const organiser = hasRole('organiser');
  const [fields, setFields] = useState(() => fieldsOf(congress));
  const changed = JSON.stringify(fields) !== JSON.stringify(fieldsOf(congress));
  useUnsaved(changed);
  const save = useAction(async () => {
    setFields(fieldsOf(await api.changeCongress(congress.id, fields)));
    toast.good(c.saved);
    await reload();
  });
  const button = organiser ? (
    <Button type="submit" look="primary" busy={save.busy} disabled={!changed}>
      {c.save}
    </Button>
  ) : null;
  return (
    <Card title={t.details}>
      <Form onSubmit={() => save.run()} error={save.text(CONGRESS_FIELDS)} footer={button}>
        <CongressFieldset
          fields={fields}
          onChange={setFields}
          action={save}
          disabled={!organiser}
        />
      </Form>
    </Card>
  );
}
