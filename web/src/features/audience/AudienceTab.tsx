// The target profiles of a congress.
import { useEffect, useState } from 'preact/hooks';
import { formatCalendarDay, formatNumber, formatRate } from '../../i18n';
import { common } from '../../i18n/common';
import { hasRole } from '../../state/me';
import { loadAllCodes } from '../../state/ownCodes';
import { useReloadWhile, useResource } from '../../state/resource';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Menu } from '../../ui/Menu';
import { Meter } from '../../ui/Meter';
import { RemoveDialog } from '../../ui/RemoveDialog';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import type { CongressTabProps } from '../feature';
import { api, type TargetProfile } from './api';
import { COUNTS, RATES } from './GoalFields';
import { goalFieldTexts } from './goalTexts';
import { KeepDialog } from './KeepDialog';
import { LibraryDialog } from './LibraryDialog';
import { libraryTexts } from './libraryTexts';
import { ProfileEditor } from './ProfileEditor';
import { Sentence } from './Sentence';
import { audienceTexts } from './texts';
import { lackedSentence } from './UniverseFields';

const COUNTING_MS = 1500; // until a count is asked for again

type Doing =
  | { what: 'edit'; profile: TargetProfile | null }
  | { what: 'remove' | 'keep'; profile: TargetProfile }
  | { what: 'library' };

export default function AudienceTab({ congress: { id } }: CongressTabProps) {
  const found = useResource(`profiles ${id}`, async () => {
    const [list] = await Promise.all([api.profiles(id), loadAllCodes(true)]);
    return list.items;
  });
  const [doing, setDoing] = useState<Doing | null>(null);
  const counting = found.value?.some((profile) => profile.universe_counting) ?? false;
  useReloadWhile(found, counting && doing === null, COUNTING_MS); // an editor that is open is left in peace
  return (
    <ResourceView of={found}>
      {(profiles) => (
        <>
          <ProfileList congress={id} profiles={profiles} onDo={setDoing} />
          {doing && (
            <Dialogs congress={id} doing={doing} profiles={profiles} reload={found.reload} onClose={() => setDoing(null)} />
          )}
        </>
      )}
    </ResourceView>
  );
}

interface DialogsProps {
  congress: string;
  doing: Doing;
  profiles: TargetProfile[];
  reload: () => Promise<void>;
  onClose: () => void;
}

function Dialogs({ congress, doing, profiles, reload, onClose }: DialogsProps) {
  const t = audienceTexts();
  const done = (text: string) => {
    onClose();
    toast.good(text);
    void reload();
  };
  switch (doing.what) {
    case 'edit':
      return (
        <ProfileEditor
          congress={congress}
          profile={doing.profile}
          profiles={profiles}
          onClose={onClose}
          onDone={() => done(doing.profile ? common().saved : t.created)}
        />
      );
    case 'remove':
      return (
        <RemoveDialog
          title={t.remove}
          text={t.removeText(doing.profile.name)}
          remove={() => api.removeProfile(doing.profile.id)}
          reload={reload}
          onClose={onClose}
        />
      );
    case 'keep':
      return <KeepDialog profile={doing.profile} profiles={profiles} onClose={onClose} />;
    case 'library':
      return (
        <LibraryDialog
          congress={congress}
          profiles={profiles}
          onClose={onClose}
          onDone={(n) => done(libraryTexts().added(n))}
        />
      );
  }
}

interface ProfileListProps {
  congress: string;
  profiles: TargetProfile[];
  onDo: (doing: Doing) => void;
}

function ProfileList({ congress, profiles, onDo }: ProfileListProps) {
  const t = audienceTexts();
  const organiser = hasRole('organiser');
  const add = organiser ? (
    <div class="row">
      <Button icon="library" onClick={() => onDo({ what: 'library' })}>
        {libraryTexts().from}
      </Button>
      <Button look="primary" icon="add" onClick={() => onDo({ what: 'edit', profile: null })}>
        {t.add}
      </Button>
    </div>
  ) : null;
  if (profiles.length === 0)
    return (
      <Card>
        <EmptyState icon="target" title={t.empty} action={add}>
          {t.emptyText}
        </EmptyState>
      </Card>
    );
  return (
    <>
      <div class="row row--between">
        <p class="muted">{t.lead}</p>
        {add}
      </div>
      <ul class="plain profile-list">
        {profiles.map((profile) => (
          <li key={profile.id}>
            <ProfileCard
              congress={congress}
              profile={profile}
              profiles={profiles}
              {...(organiser ? { onDo: (what) => onDo({ what, profile }) } : {})}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

interface ProfileCardProps {
  congress: string;
  profile: TargetProfile;
  profiles: readonly TargetProfile[];
  onDo?: (what: 'edit' | 'keep' | 'remove') => void;
}

/** How many registrations the profile matches; null until it is known. Not asked unless `wanted`. */
function useMatches(congress: string, profile: TargetProfile, wanted: boolean): number | null {
  const [matches, setMatches] = useState<number | null>(null);
  useEffect(() => {
    if (!wanted) return;
    api.previewProfile(congress, profile.criteria, profile.id).then(
      (found) => setMatches(found.registered),
      () => undefined, // the card is shown without the count
    );
  }, [congress, JSON.stringify(profile.criteria)]);
  return matches;
}

function ProfileCard({ congress, profile, profiles, onDo }: ProfileCardProps) {
  const t = audienceTexts();
  const matches = useMatches(congress, profile, onDo !== undefined);
  const menu = onDo && (
    <Menu
      label={common().named(common().moreActions, profile.name)}
      items={[
        { label: t.edit, icon: 'edit', onClick: () => onDo('edit') },
        { label: libraryTexts().keep, icon: 'library', onClick: () => onDo('keep') },
        { label: t.remove, icon: 'trash', danger: true, onClick: () => onDo('remove') },
      ]}
    />
  );
  return (
    <Card title={profile.name} actions={menu}>
      <div class="stack">
        <Sentence criteria={profile.criteria} things={{ target_list: profile.target_lists, target_profile: profiles }} />
        <Goals profile={profile} matches={matches} />
        {matches !== null && profile.goal_registrations === null && (
          <p class="small muted number">{t.preview(matches)}</p>
        )}
      </div>
    </Card>
  );
}

/** How many there are in all, and why that is not known where somebody wants it counted; null: nobody does. */
function universeLine(profile: TargetProfile): string | null {
  const t = audienceTexts();
  const { universe, universe_source } = profile;
  if (profile.universe_counting) return t.counting;
  if (universe !== null) return t.universeSaid(formatNumber(universe), universe_source ?? '');
  if (profile.universe_from === 'given') return null;
  if (profile.universe_counted === 0) return t.countsNobody;
  const none = profile.universe_from === 'registry' && profile.universe_counted_at !== null;
  return lackedSentence(profile.universe_lacks) ?? (none ? t.noRegistry : t.notCounted);
}

/** What is wanted, never to be read as what is: each says "goal", and a meter shows both. */
function Goals({ profile, matches }: { profile: TargetProfile; matches: number | null }) {
  const t = audienceTexts();
  const g = goalFieldTexts();
  const { goal_registrations, goal_due, places, places_taken } = profile;
  const metered = goal_registrations !== null && matches !== null;
  const goals = [
    ...COUNTS.map((goal) => !(metered && goal === 'goal_registrations') && profile[goal] !== null && g.said[goal](profile[goal] ?? 0)),
    ...RATES.map((goal) => profile[goal] !== null && g.said[goal](formatRate(profile[goal] ?? 0))),
    goal_due !== null && g.dueSaid(formatCalendarDay(goal_due, { day: 'numeric', month: 'long' })),
    places !== null && t.placesOf(places_taken ?? 0, places),
    universeLine(profile),
  ].filter((goal) => typeof goal === 'string');
  if (goals.length === 0 && !metered) return <p class="faint small">{t.noGoals}</p>;
  return (
    <>
      {metered && <Meter label={g.name.goal_registrations} value={matches} goal={goal_registrations} />}
      {goals.length > 0 && (
        <ul class="plain goal-list muted small number">
          {goals.map((goal) => (
            <li key={goal}>{goal}</li>
          ))}
        </ul>
      )}
    </>
  );
}
