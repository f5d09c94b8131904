// What was recorded of a session: its films, who is in them, and whether it records by itself.
import { useState } from 'preact/hooks';
import { formatBytes, formatClock, formatDateTime, formatTime } from '../../i18n';
import { hasRole } from '../../state/me';
import { useReloadWhile, useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { DownloadButton } from '../../ui/DownloadButton';
import { EmptyState } from '../../ui/EmptyState';
import { Checkbox } from '../../ui/Field';
import { Progress } from '../../ui/Progress';
import { RemoveDialog } from '../../ui/RemoveDialog';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import type { SessionTabProps } from '../feature';
import { adminTexts } from './adminTexts';
import { api, type Recording } from './api';

const LOOK_AGAIN_MS = 5000;

export default function RecordingsTab({ session, congress }: SessionTabProps) {
  const t = adminTexts();
  const found = useResource(`recordings ${session.id}`, () => api.recordings(session.id));
  const making = found.value?.items.some((item) => !item.stopped_at || item.film?.state === 'making') ?? false;
  useReloadWhile(found, making, LOOK_AGAIN_MS);
  return (
    <ResourceView of={found}>
      {({ items, automatic }) => (
        <div class="stack">
          {session.state !== 'ended' && (
            <Automatic session={session.id} automatic={automatic} reload={found.reload} />
          )}
          {items.length === 0 ? (
            <Card>
              <EmptyState icon="record" title={t.empty}>
                {t.emptyText}
              </EmptyState>
            </Card>
          ) : (
            items.map((item) => (
              <RecordingCard key={item.id} item={item} zone={congress.time_zone} reload={found.reload} />
            ))
          )}
        </div>
      )}
    </ResourceView>
  );
}

interface AutomaticProps {
  session: string;
  automatic: boolean;
  reload: () => Promise<void>;
}

function Automatic({ session, automatic, reload }: AutomaticProps) {
  const t = adminTexts();
  const [chosen, choose] = useState(automatic);
  const set = async (value: boolean) => {
    choose(value);
    try {
      await api.setAutomatic(session, value);
      await reload();
    } catch (error) {
      choose(!value);
      toast.error(error);
    }
  };
  return (
    <Card>
      <Checkbox label={t.automatic} hint={t.automaticText} checked={chosen} onChange={set} />
    </Card>
  );
}

interface CardProps {
  item: Recording;
  zone: string;
  reload: () => Promise<void>;
}

function RecordingCard({ item, zone, reload }: CardProps) {
  const t = adminTexts();
  const [removing, remove] = useState(false);
  return (
    <Card title={t.began(formatDateTime(item.started_at, zone))}>
      <div class="stack">
        <p>
          {item.why ? <Badge>{t.why[item.why]}</Badge> : <Badge tone="bad">{t.running}</Badge>}
        </p>
        <People people={item.people} />
        {item.gaps.length > 0 && <Gaps gaps={item.gaps} zone={zone} />}
        {item.stopped_at && item.people.length > 0 && <Film item={item} reload={reload} />}
        {item.stopped_at && hasRole('organiser') && (
          <div class="row">
            <Button look="quiet" icon="trash" small onClick={() => remove(true)}>
              {t.remove}
            </Button>
          </div>
        )}
        {removing && (
          <RemoveDialog
            title={t.remove}
            text={t.removeText}
            remove={() => api.removeRecording(item.id)}
            reload={reload}
            onClose={() => remove(false)}
          />
        )}
      </div>
    </Card>
  );
}

function People({ people }: { people: Recording['people'] }) {
  const t = adminTexts();
  if (people.length === 0) return <p class="muted">{t.nobody}</p>;
  return (
    <div>
      <h3 class="recording-people">{t.people}</h3>
      <ul class="plain recording-people__list">
        {people.map((person) => (
          <li key={person.id}>
            <span>{person.name ?? t.erased}</span>{' '}
            <span class="number small muted">{formatClock(person.seconds)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Gaps({ gaps, zone }: { gaps: Recording['gaps']; zone: string }) {
  const t = adminTexts();
  return (
    <div>
      <h3 class="recording-people">{t.gaps}</h3>
      <p class="small muted">{t.gapsText}</p>
      <ul class="plain recording-people__list">
        {gaps.map((gap) => (
          <li key={gap.from}>{t.gap(formatTime(gap.from, zone), gap.seconds)}</li>
        ))}
      </ul>
    </div>
  );
}

function Film({ item, reload }: Omit<CardProps, 'zone'>) {
  const t = adminTexts();
  const { film } = item;
  const again = async () => {
    try {
      await api.makeFilm(item.id);
      await reload();
    } catch (error) {
      toast.error(error);
    }
  };
  if (!film || film.state === 'making')
    return (
      <div class="stack stack--tight">
        <Progress label={t.making} value={null} />
        <p class="muted small">{t.making}</p>
      </div>
    );
  if (film.state === 'failed')
    return (
      <p class="recording-mark">
        {t.failed}{' '}
        <Button small onClick={again}>
          {t.again}
        </Button>
      </p>
    );
  return (
    <div class="recording-mark">
      <DownloadButton href={api.filmPath(item.id)}>{t.download}</DownloadButton>
      <span class="number small muted">{t.size(formatBytes(film.bytes), formatClock(film.seconds))}</span>
    </div>
  );
}
