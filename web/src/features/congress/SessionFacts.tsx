// What a session is, to be read.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatLongDay, formatMinutes, formatNumber, formatPercent, formatTime } from '../../i18n';
import { formatTimeIn } from '../../i18n/zone';
import { common } from '../../i18n/common';
import type { Named } from '../../net/types';
import { hasRole } from '../../state/me';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import type { SessionTabProps } from '../feature';
import { EndDialog } from './EndDialog';
import { overviewTexts } from './overviewTexts';
import { sessionTexts } from './texts';

export function SessionFacts(props: SessionTabProps) {
  const t = sessionTexts();
  const { session, congress } = props;
  const { description, language, listen_at, capacity, completion_threshold: threshold = 0.75 } = session;
  return (
    <Card title={t.details}>
      <div class="stack">
        {description && (
          <p class="prewrap" lang={language}>
            {description}
          </p>
        )}
        <dl class="facts">
          <Times {...props} />
          <Fact label={t.listen}>{listen_at || <span class="faint">{common().notKnown}</span>}</Fact>
          <Fact label={t.capacity}>{overviewTexts().seats(formatNumber(capacity), capacity)}</Fact>
          <Fact label={t.threshold}>{overviewTexts().ofLive(formatPercent(threshold))}</Fact>
          <Fact label={t.language}>{common().languages[language]}</Fact>
          <Place label={t.hall} among={congress.halls.length > 1 ? congress.halls : []} id={session.hall} />
          <Place label={t.track} among={congress.tracks} id={session.track} />
        </dl>
      </div>
    </Card>
  );
}

export function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="facts__line">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Place({ label, among, id }: { label: string; among: Named[]; id: string | null }) {
  const found = among.find((place) => place.id === id);
  return found ? <Fact label={label}>{found.name}</Fact> : null;
}

function Times(props: SessionTabProps) {
  const t = sessionTexts();
  const { session, congress } = props;
  const { starts_at: start, planned_minutes: minutes } = session;
  const zone = congress.time_zone;
  const end = new Date(Date.parse(start) + minutes * 60_000);
  return (
    <>
      <Fact label={t.when}>
        {formatLongDay(start, zone)}
        <br />
        <span class="number">
          {formatTime(start, zone)} – {formatTimeIn(end, zone)}
        </span>
      </Fact>
      <Fact label={t.length}>{formatMinutes(minutes)}</Fact>
      {session.live_at && session.ended_at && (
        <Held {...props} live={session.live_at} end={session.ended_at} />
      )}
    </>
  );
}

/** When it really took place; organisers may correct the end. */
function Held({ session, congress, reload, live, end }: SessionTabProps & { live: string; end: string }) {
  const t = overviewTexts();
  const [asking, setAsking] = useState(false);
  const range = session.end_range;
  const zone = congress.time_zone;
  const corrected = range && range.until.slice(0, 19) !== end.slice(0, 19);
  return (
    <Fact label={t.held}>
      <span class="number">
        {formatTime(live, zone)} – {formatTime(end, zone)}
      </span>
      {corrected && <p class="muted small">{t.wasCorrected(formatTime(range.until, zone))}</p>}
      {range && hasRole('organiser') && (
        <p class="facts__do">
          <Button small icon="edit" onClick={() => setAsking(true)}>
            {t.correctEnd}
          </Button>
        </p>
      )}
      {range && asking && (
        <EndDialog id={session.id} live={live} end={end} range={range} zone={zone} reload={reload} onClose={() => setAsking(false)} />
      )}
    </Fact>
  );
}
