import { useEffect, useState } from 'preact/hooks';
import { codeLabel, formatNumber, formatRate } from '../../i18n';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import { type Criterion, MODES, type TargetProfile } from '../../net/types';
import { codes, loadCodes } from '../../state/codes';
import { hasRole } from '../../state/me';
import { useResource } from '../../state/resource';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Menu } from '../../ui/Menu';
import { Skeleton } from '../../ui/Progress';
import { toast } from '../../ui/Toast';
import { ProfileEditor } from './ProfileEditor';
import { audienceTexts } from './texts';

type Doing =
  { what: 'edit'; profile: TargetProfile | null } | { what: 'remove'; profile: TargetProfile };

export function AudienceTab({ congress }: { congress: string }) {
  const t = audienceTexts();
  const found = useResource(`profiles ${congress}`, async () => {
    const [list] = await Promise.all([api.profiles(congress), loadCodes()]);
    return list.items;
  });
  const [doing, setDoing] = useState<Doing | null>(null);
  const organiser = hasRole('organiser');
  const add = organiser ? (
    <Button look="primary" icon="add" onClick={() => setDoing({ what: 'edit', profile: null })}>
      {t.add}
    </Button>
  ) : null;
  const close = () => setDoing(null);
  if (found.error !== null) return <ErrorState error={found.error} onRetry={found.reload} />;
  if (!found.value) return <Skeleton lines={3} tall />;
  return (
    <>
      {found.value.length === 0 ? (
        <Card>
          <EmptyState icon="target" title={t.empty} action={add}>
            {t.emptyText}
          </EmptyState>
        </Card>
      ) : (
        <>
          <div class="row row--between">
            <p class="muted">{t.lead}</p>
            {add}
          </div>
          <ul class="plain profile-list">
            {found.value.map((profile) => (
              <li key={profile.id}>
                <ProfileCard
                  congress={congress}
                  profile={profile}
                  {...(organiser ? { onDo: (what) => setDoing({ what, profile }) } : {})}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {doing?.what === 'edit' && (
        <ProfileEditor
          congress={congress}
          profile={doing.profile}
          onClose={close}
          onDone={() => {
            close();
            toast.good(doing.profile ? common().saved : t.created);
            void found.reload();
          }}
        />
      )}
      {doing?.what === 'remove' && (
        <ConfirmDialog
          title={t.remove}
          text={t.removeText(doing.profile.name)}
          action={common().remove}
          danger
          onClose={close}
          onConfirm={async () => {
            await api.removeProfile(doing.profile.id);
            await found.reload();
          }}
        />
      )}
    </>
  );
}

interface ProfileCardProps {
  congress: string;
  profile: TargetProfile;
  onDo?: (what: 'edit' | 'remove') => void;
}

function ProfileCard({ congress, profile, onDo }: ProfileCardProps) {
  const t = audienceTexts();
  const c = common();
  const [matches, setMatches] = useState<number | null>(null);
  useEffect(() => {
    if (!onDo) return;
    api.previewProfile(congress, profile.criteria).then(
      (found) => setMatches(found.registered),
      () => undefined, // the card stands without the count
    );
  }, [profile]);
  const menu = onDo && (
    <Menu
      label={`${c.moreActions}: ${profile.name}`}
      items={[
        { label: t.edit, icon: 'edit', onClick: () => onDo('edit') },
        { label: t.remove, icon: 'trash', danger: true, onClick: () => onDo('remove') },
      ]}
    />
  );
  return (
    <Card title={profile.name} actions={menu}>
      <div class="stack">
        <Sentence profile={profile} />
        <Goals profile={profile} />
        {matches !== null && <p class="small muted number">{t.preview(matches)}</p>}
      </div>
    </Card>
  );
}

function Sentence({ profile }: { profile: TargetProfile }) {
  const t = audienceTexts();
  const c = common();
  const filled = MODES.filter((mode) => profile.criteria[mode].length > 0);
  if (filled.length === 0) return <p class="muted">{t.everybody}</p>;
  const line = ({ attribute, codes: chosen }: Criterion) => (
    <span>
      <span class="criteria__attribute">{c.attribute[attribute]}</span>
      {chosen.map((code) => codeLabel(codes.value?.[attribute], code)).join(` ${t.or} `)}
    </span>
  );
  return (
    <dl class="criteria">
      {filled.map((mode) => (
        <div key={mode}>
          <dt>{t.mode[mode]}</dt>
          {profile.criteria[mode].map((criterion, index) => (
            <dd key={index}>{line(criterion)}</dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

function Goals({ profile }: { profile: TargetProfile }) {
  const t = audienceTexts();
  const { goal_registrations, goal_attendees, goal_participation_rate, universe } = profile;
  const goals = [
    goal_registrations !== null && t.goal.registrations(goal_registrations),
    goal_attendees !== null && t.goal.attendees(goal_attendees),
    goal_participation_rate !== null && t.goal.rate(formatRate(goal_participation_rate)),
    universe !== null && t.goal.universe(formatNumber(universe)),
  ].filter((goal) => goal !== false);
  if (goals.length === 0) return <p class="faint small">{t.noGoals}</p>;
  return (
    <ul class="plain badges">
      {goals.map((goal) => (
        <li key={goal} class="badge badge--accent number">
          {goal}
        </li>
      ))}
    </ul>
  );
}
