// The goal board of a congress. It reads itself again while it is looked at.
import { codeLabel, formatDateTime, formatNumber } from '../../i18n';
import { codes } from '../../state/codes';
import { hasRole } from '../../state/me';
import { AsTable, type Cell } from '../../ui/AsTable';
import { Banner } from '../../ui/Banner';
import { Card } from '../../ui/Card';
import { barsFile } from '../../ui/chartFile';
import { ResourceView } from '../../ui/ResourceView';
import type { CongressTabProps } from '../feature';
import type { Board, ProfileGoals } from './api';
import { Comparison } from './Comparison';
import { countCells, invitedOf, someInvited } from './counts';
import { DayChart } from './DayChart';
import { Missing } from './Missing';
import { Funnel, ProfileGoal } from './ProfileGoal';
import { byGap } from './pace';
import { Ranked } from './Ranked';
import { goalTexts } from './texts';
import { useBoard } from './useBoard';

export default function GoalsTab({ congress: { id, time_zone } }: CongressTabProps) {
  const found = useBoard(id);
  return (
    <ResourceView of={found} lines={4}>
      {(board) => <BoardView board={board} congress={id} zone={time_zone} />}
    </ResourceView>
  );
}

function BoardView({ board, congress, zone }: { board: Board; congress: string; zone: string }) {
  const t = goalTexts();
  const held = board.sessions_held > 0;
  const none = board.masked ? t.maskedNone : t.noRegistrations;
  const named = <T,>(rows: T[], label: (row: T) => string) => rows.map((row) => ({ ...row, label: label(row) }));
  return (
    <>
      {board.masked ? (
        <Banner title={t.maskedTitle}>{t.maskedText}</Banner>
      ) : (
        <Missing board={board} congress={congress} zone={zone} />
      )}
      <OnlyHcps board={board} />
      <Profiles board={board} congress={congress} zone={zone} />
      <div class="columns columns--even">
        <Ranked
          title={t.channels}
          what={t.channel}
          held={held}
          none={none}
          rows={named(board.channels, ({ channel }) => codeLabel(codes.value?.channel, channel))}
        />
        <Ranked
          title={t.regions}
          what={t.region}
          held={held}
          none={none}
          rows={named(board.regions, ({ region }) => codeLabel(codes.value?.region, region))}
        />
      </div>
      <Campaigns board={board} held={held} none={none} />
      <DayChart board={board} />
      {!board.masked && hasRole('organiser') && <Comparison board={board} congress={congress} />}
      <p class="faint small">{t.asOf(formatDateTime(board.as_of, zone))}</p>
    </>
  );
}

/** Where others registered, too, whom the board does not count. */
function OnlyHcps({ board: { others } }: { board: Board }) {
  const t = goalTexts();
  if (!others?.registered) return null;
  const [registered, attended] = [others.registered, others.attended].map((count) => (count === null ? t.masked : formatNumber(count)));
  return <p class="muted small">{t.onlyHcps(registered ?? '', attended ?? '')}</p>;
}

/** By registration link, where links were told apart. */
function Campaigns({ board: { campaigns }, held, none }: { board: Board; held: boolean; none: string }) {
  const t = goalTexts();
  if (campaigns.every(({ label }) => label === '')) return null;
  return <Ranked title={t.campaigns} what={t.campaign} held={held} none={none} rows={campaigns.map((campaign) => ({ ...campaign, label: campaignName(campaign, campaigns) }))} />;
}

/** The link's label, else its channel; with its channel where several have the label. */
function campaignName({ label, channel }: Board['campaigns'][number], all: Board['campaigns']): string {
  const name = codeLabel(codes.value?.channel, channel);
  if (label === '') return name;
  return all.filter((other) => other.label === label).length > 1 ? `${label} (${name})` : label;
}

function Profiles({ board, congress, zone }: { board: Board; congress: string; zone: string }) {
  const t = goalTexts();
  if (board.profiles.length === 0) return null;
  const held = board.sessions_held > 0;
  const profiles = byGap(board);
  return (
    <>
      <h2 class="visually-hidden">{t.profiles}</h2>
      <ul class="plain goal-board">
        {profiles.map((profile) => (
          <li key={profile.id}>
            <ProfileGoal profile={profile} board={board} congress={congress} zone={zone} />
          </li>
        ))}
        {board.no_profile.registered !== 0 && (
          <li>
            <Card level={3} title={t.noProfile}>
              <Funnel counts={board.no_profile} held={held} />
            </Card>
          </li>
        )}
      </ul>
      <AsTable name={t.figures} columns={tableColumns(board)} rows={tableRows(board)} chart={() => barsFile(t.registered, profileBars(profiles))} />
    </>
  );
}

const profileBars = (profiles: readonly ProfileGoals[]) =>
  profiles.map(({ name, registered, goal_registrations: goal }) => ({
    label: name,
    value: registered ?? 0,
    mark: goal,
    words: registered === null ? goalTexts().masked : `${formatNumber(registered)}${goal === null ? '' : ` / ${formatNumber(goal)}`}`,
  }));

function tableColumns(board: Board): string[] {
  const t = goalTexts();
  const goal = (label: string) => `${label} (${t.goal('').trim()})`;
  return [t.profile, t.universe, t.universeSource, ...(someInvited(board) ? [t.invited] : []), t.registered, goal(t.registered), t.attended, goal(t.attended), t.completed];
}

function tableRows(board: Board) {
  const t = goalTexts();
  const { profiles, no_profile, others, all, invitations } = board;
  const line = (name: string, c: Board['all'], invited: number | null, p?: ProfileGoals): Cell[] => {
    const [registered = null, attended = null, completed = null] = countCells(c);
    const goals = [p?.goal_registrations ?? null, p?.goal_attendees ?? null] as const;
    return [name, p?.universe ?? null, p?.universe_source ?? null, ...(someInvited(board) ? [invited] : []), registered, goals[0], attended, goals[1], completed];
  };
  return [
    ...profiles.map((p) => line(p.name, p, invitedOf(board, p.id)?.people ?? null, p)),
    line(t.noProfile, no_profile, null),
    line(others?.registered ? t.hcps : t.everybody, all, invitations?.people ?? null),
    ...(others?.registered ? [line(t.others, others, null)] : []),
  ];
}
