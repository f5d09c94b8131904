// The people of the target list in which a profile is counted, by name: who is registered for the congress, and who is not yet.
import { formatNumber } from '../../i18n';
import { useResource } from '../../state/resource';
import { AppShell } from '../../ui/AppShell';
import { LinkButton } from '../../ui/Button';
import { Card, Figure, Figures } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import NotFound from '../../ui/NotFound';
import { ResourceView } from '../../ui/ResourceView';
import { api as congressApi } from '../congress/api';
import type { PageProps } from '../feature';
import { type ListedCounts, STANDINGS } from './api';
import { notReached } from './OnList';
import { People } from './People';
import { peopleTexts } from './peopleTexts';
import { useBoard } from './useBoard';
import { goalsWords } from './words';

export default function PeoplePage({ params }: PageProps) {
  const { congress = '', profile = '' } = params;
  return <TargetPeople key={`${congress} ${profile}`} congress={congress} profile={profile} />;
}

function TargetPeople({ congress, profile: id }: { congress: string; profile: string }) {
  const t = peopleTexts();
  const board = useBoard(congress);
  const about = useResource(`congress ${congress}`, () => congressApi.congress(congress));
  const profile = board.value?.profiles.find((one) => one.id === id);
  if (board.value && !profile) return <NotFound />;
  const list = profile?.target_list;
  return (
    <AppShell
      title={profile ? t.title(profile.name) : t.people}
      subtitle={list && notReached(list)}
      crumbs={[
        ...(about.value ? [{ label: about.value.title, href: `/congresses/${congress}` }] : []),
        { label: goalsWords().title, href: `/congresses/${congress}/goals` },
      ]}
    >
      <ResourceView of={board} lines={4}>
        {() => (list ? <Content profile={id} list={list} /> : <NoList congress={congress} />)}
      </ResourceView>
    </AppShell>
  );
}

function NoList({ congress }: { congress: string }) {
  const t = peopleTexts();
  return (
    <Card>
      <EmptyState
        icon="list"
        title={t.noList}
        action={<LinkButton href={`/congresses/${congress}/audience`}>{t.toProfiles}</LinkButton>}
      >
        {t.noListText}
      </EmptyState>
    </Card>
  );
}

function Content({ profile, list }: { profile: string; list: ListedCounts }) {
  const t = peopleTexts();
  return (
    <>
      <Figures>
        {STANDINGS.map((state) => (
          <Figure key={state} label={t.states[state]} value={formatNumber(list[state])} note={t.notes[state]} />
        ))}
      </Figures>
      <People profile={profile} list={list} />
      <p class="faint small">{t.counted}</p>
    </>
  );
}
