// What is missing, in words: the first thing an organiser reads.
import { formatNumber, formatRate } from '../../i18n';
import { LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Icon } from '../../ui/Icon';
import type { Board, ProfileGoals } from './api';
import { dueDay } from './counts';
import { type Gap, gaps, isCount, partsOf, standing } from './pace';
import { goalTexts } from './texts';

const SHOWN = 5;

export function Missing({ board, congress, zone }: { board: Board; congress: string; zone: string }) {
  const t = goalTexts();
  if (board.profiles.length === 0)
    return (
      <Card>
        <EmptyState
          icon="target"
          title={t.noProfiles}
          action={<LinkButton look="primary" href={`/congresses/${congress}/audience`}>{t.define}</LinkButton>}
        >
          {t.noProfilesText}
        </EmptyState>
      </Card>
    );
  const found = gaps(board);
  if (found.length === 0)
    return <NothingMissing missed={board.profiles.filter((profile) => standing(profile, board) === 'missed')} />;
  return (
    <Card title={t.missing}>
      <ul class="plain missing">
        {found.slice(0, SHOWN).map((gap) => (
          <li key={gap.profile.id}>
            <Icon name="target" size={18} />
            <MissingLine gap={gap} day={dueDay(gap.profile, board, zone)} />
          </li>
        ))}
      </ul>
      {found.length > SHOWN && <p class="small faint">{t.more(found.length - SHOWN)}</p>}
    </Card>
  );
}

/** Nothing that still can come: all is reached so far, or it is over and some goals were missed. */
function NothingMissing({ missed }: { missed: readonly ProfileGoals[] }) {
  const t = goalTexts();
  return (
    <Card title={missed.length ? t.missedGoals(missed.length) : t.nothingMissing}>
      <p class="muted">{missed.length ? t.missedGoalsText(missed.map(({ name }) => name).join(', ')) : t.nothingMissingText}</p>
    </Card>
  );
}

function MissingLine({ gap, day }: { gap: Gap; day: string }) {
  return (
    <p>
      <strong>{gap.profile.name}</strong>
      <span class="missing__count">{missingWords(gap, day)}</span>
    </p>
  );
}

function missingWords({ profile, measure, missing }: Gap, day: string): string {
  const t = goalTexts();
  if (measure === 'registrations') return `${t.registrations(missing)} ${t.by(day)}`;
  if (isCount(measure)) return t[measure](missing);
  const [part, whole] = partsOf(profile, measure);
  const goal = t.goal(formatRate(profile[`goal_${measure}`] ?? 0));
  if (whole === null) return t.rateUnknown(t.rates[measure], goal);
  return t.rateShort(t.rates[measure], formatRate(whole ? (part ?? 0) / whole : 0), `${formatNumber(part ?? 0)}/${formatNumber(whole)}`, goal);
}
