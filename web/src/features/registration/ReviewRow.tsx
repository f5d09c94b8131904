// One person of the review queue: what they declared, what is striking about it, and what can be decided.
import { codeLabel, formatDate, language } from '../../i18n';
import { codes } from '../../state/codes';
import { Badge, type BadgeTone } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Verbatim } from '../../ui/Verbatim';
import type { Decision, Reviewed, ReviewFlag } from './api';
import { categoryTexts } from './categoryTexts';
import { pressedInRow } from './ReviewKeys';
import { decisionsOf, looks } from './ReviewTools';
import { providerTexts } from './providerTexts';
import { registryTexts } from './registryTexts';
import { reviewTexts } from './reviewTexts';

export const fullName = ({ first_name, last_name }: { first_name: string; last_name: string }) => `${first_name} ${last_name}`;

interface RowProps {
  row: Reviewed;
  zone: string;
  selected: boolean;
  onSelect: (on: boolean) => void;
  onDecide: (decision: Decision) => void;
  onKey: (decision: Decision) => void;
}

export function ReviewRow({ row, zone, selected, onSelect, onDecide, onKey }: RowProps) {
  const t = reviewTexts();
  const name = fullName(row);
  const decisions = decisionsOf(row);
  return (
    <li class={`review${selected ? ' review--selected' : ''}`} data-review={row.id} onKeyDown={(event) => pressedInRow(event, decisions, onKey)}>
      <input
        type="checkbox"
        class="check__box"
        aria-label={t.select(name)}
        checked={selected}
        onChange={(event) => onSelect(event.currentTarget.checked)}
      />
      <div class="review__about">
        <Who row={row} />
        <Answered row={row} />
        <Flags row={row} />
        <Twins row={row} />
        <Notes row={row} zone={zone} />
      </div>
      <div class="review__acts">
        {decisions.map((decision) => (
          <Button key={decision} small look={looks[decision]} onClick={() => onDecide(decision)}>
            {t.short[decision]}
            <span>
              <span class="visually-hidden"> ({name})</span>
            </span>
          </Button>
        ))}
      </div>
    </li>
  );
}

const label = (list: 'profession' | 'specialty' | 'practice_setting' | 'region', code: string | null) =>
  code && codeLabel(codes.value?.[list], code);

function Who({ row }: { row: Reviewed }) {
  const facts = [
    row.affiliation,
    label('profession', row.profession),
    label('specialty', row.specialty),
    label('practice_setting', row.practice_setting),
    label('region', row.region),
  ];
  const reached = [row.email, row.rpps && reviewTexts().rpps(row.rpps)];
  return (
    <div>
      <p>
        <strong>
          <Verbatim>{fullName(row)}</Verbatim>
        </strong>{' '}
        {row.category !== 'hcp' && <Badge tone="info">{categoryTexts().one[row.category]}</Badge>}
      </p>
      <p class="small review__wrap">
        <Verbatim>{reached.filter(Boolean).join(' · ')}</Verbatim>
      </p>
      <p class="muted small">{facts.filter(Boolean).join(' · ')}</p>
    </div>
  );
}

function Answered({ row: { answers } }: { row: Reviewed }) {
  if (answers.length === 0) return null;
  const french = language.value === 'fr';
  return (
    <dl class="small review__answers">
      {answers.map(({ key, label_fr, label_en, text_fr, text_en }) => (
        <div key={key}>
          <dt>{french ? label_fr : label_en}</dt>
          <dd translate={false}>{french ? text_fr : text_en}</dd>
        </div>
      ))}
    </dl>
  );
}

const tones: Record<ReviewFlag, BadgeTone> = { industry: 'warn', same_rpps: 'bad', same_name: 'warn', registry: 'warn', declined_before: 'bad' };

function Flags({ row }: { row: Reviewed }) {
  if (row.flags.length === 0 && row.registry?.verdict !== 'verified' && !row.provider) return null;
  return (
    <div class="badges">
      {row.flags.map((flag) => (
        <Badge key={flag} tone={tones[flag]}>
          {flag === 'registry' ? registrySays(row) : reviewTexts().flag[flag]}
        </Badge>
      ))}
      {row.provider && <Badge tone={row.provider.verdict === 'verified' ? 'good' : 'warn'}>{providerSays(row.provider)}</Badge>}
      {row.registry?.verdict === 'verified' && <Badge tone="good">{registryTexts().filter.verified}</Badge>}
    </div>
  );
}

function providerSays({ provider, verdict, differs }: NonNullable<Reviewed['provider']>): string {
  const t = providerTexts();
  return verdict === 'verified' ? t.marked(provider) : t.markedDiffers(provider, differs.map((one) => t[one]).join(', '));
}

function registrySays({ registry }: Reviewed): string {
  const t = registryTexts();
  if (!registry || registry.verdict !== 'differs') return t.filter.unknown;
  return `${t.filter.differs} (${registry.differs.map((one) => t[one]).join(', ')})`;
}

function Twins({ row }: { row: Reviewed }) {
  const t = reviewTexts();
  if (row.twins.length === 0) return null;
  return (
    <div class="small">
      <p class="muted">{t.twin}</p>
      <ul class="plain">
        {row.twins.map((twin) => (
          <li key={twin.id} class="review__wrap">
            <Verbatim>
              {fullName(twin)} · {twin.email}
              {twin.rpps && ` · ${t.rpps(twin.rpps)}`}
            </Verbatim>{' '}
            ({t.twinState[twin.state]})
          </li>
        ))}
      </ul>
    </div>
  );
}

function Notes({ row: { state, review }, zone }: { row: Reviewed; zone: string }) {
  const t = reviewTexts();
  const day = (at: string) => formatDate(at, zone, { dateStyle: 'medium' });
  const when = (at: string) => (review.by ? t.by(day(at), review.by) : day(at));
  if (state === 'declined' && review.decided_at) {
    const aside = [when(review.decided_at), review.reason && t.reasons[review.reason]].filter(Boolean).join(' · ');
    return <Note what={t.wasDeclined} aside={aside} words={review.message} />;
  }
  if (!review.proof_asked_at) return <p class="faint small">{t.since(day(review.since))}</p>;
  return <Note what={t.proof_asked} aside={when(review.proof_asked_at)} words={review.proof_message} />;
}

/** What was decided, and what the person was told. */
function Note({ what, aside, words }: { what: string; aside: string; words: string | null }) {
  return (
    <div class="review__note small">
      <p>
        <Badge tone="info">{what}</Badge> {aside}
      </p>
      {words && (
        <p class="muted prewrap" translate={false}>
          {words}
        </p>
      )}
    </div>
  );
}
