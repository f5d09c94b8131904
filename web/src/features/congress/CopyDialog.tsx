// Makes a congress after another one: under another title, from another day on.
import { useState } from 'preact/hooks';
import { formatLongDay } from '../../i18n';
import type { Congress } from '../../net/types';
import { useAction } from '../../state/action';
import { navigate } from '../../state/place';
import { Input } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { toast } from '../../ui/Toast';
import { toZone } from '../../ui/zone';
import { api } from './api';
import { congressTexts } from './texts';

const DAY_MS = 86_400_000;
const YEAR_DAYS = 364; // the same day of the week

const dayOf = (iso: string, zone: string) => toZone(iso, zone).date;

/** A year after its first session, or as many as it takes to be ahead. */
function nextDay({ sessions, time_zone }: Congress): string {
  const first = sessions.find((session) => session.state !== 'cancelled');
  const at = new Date(first ? `${dayOf(first.starts_at, time_zone)}T12:00:00Z` : Date.now());
  do at.setTime(at.getTime() + YEAR_DAYS * DAY_MS);
  while (at.getTime() < Date.now());
  return at.toISOString().slice(0, 10);
}

interface CopyDialogProps {
  congress: Congress;
  onClose: () => void;
}

export function CopyDialog({ congress, onClose }: CopyDialogProps) {
  const t = congressTexts().copy;
  const [title, setTitle] = useState(congress.title);
  const [day, setDay] = useState(() => nextDay(congress));
  const save = useAction(async () => {
    const made = await api.copyCongress({ congress: congress.id, title, first_day: day });
    toast.good(t.done);
    navigate(`/congresses/${made.id}/sessions`);
  });
  return (
    <FormDialog title={t.title} action={save} fields={['title', 'first_day']} submit={t.submit} onClose={onClose}>
      <fieldset class="form">
        <Input
          label={congressTexts().form.title}
          value={title}
          onInput={setTitle}
          error={save.field('title')}
          required
          maxLength={200}
        />
        <Input
          label={t.day}
          hint={day && !Number.isNaN(Date.parse(day)) ? t.dayHint(formatLongDay(`${day}T12:00:00Z`, 'UTC')) : ''}
          type="date"
          value={day}
          onInput={setDay}
          error={save.field('first_day')}
          required
        />
      </fieldset>
    </FormDialog>
  );
}
