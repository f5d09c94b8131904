// A round of invitations: written, checked, sent, and how far it is.
import { useEffect, useState } from 'preact/hooks';
import { navigate } from '../../state/place';
import { type Resource, useResource } from '../../state/resource';
import { AppShell } from '../../ui/AppShell';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { ResourceView } from '../../ui/ResourceView';
import { api as congressApi } from '../congress/api';
import type { PageProps } from '../feature';
import { api, type Round } from './api';
import { AudienceCard } from './AudienceCard';
import type { RoundProps } from './round';
import { RoundBadge } from './RoundBadge';
import { roundTexts } from './roundTexts';
import { StateCard } from './StateCard';
import { invitationTexts } from './texts';
import { TextsCard } from './TextsCard';
import { invitationsWords } from './words';

const LOOK_AGAIN_MS = 2000;

export default function RoundPage({ params }: PageProps) {
  const { congress = '', round = '' } = params;
  return <OneRound key={round} congress={congress} id={round} />;
}

/** While it is sent it is looked at again and again. */
function useRound(id: string): Resource<Round> {
  const round = useResource(`invitation round ${id}`, () => api.round(id));
  const sending = round.value?.state === 'sending';
  useEffect(() => {
    if (!sending) return;
    const timer = setInterval(() => void round.reload(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [sending, id]);
  return round;
}

function OneRound({ congress, id }: { congress: string; id: string }) {
  const about = useResource(`congress ${congress}`, () => congressApi.congress(congress));
  const round = useRound(id);
  const value = round.value;
  return (
    <AppShell
      title={value ? value.target_list.name : invitationsWords().title}
      subtitle={value && <About round={value} />}
      crumbs={[
        ...(about.value ? [{ label: about.value.title, href: `/congresses/${congress}` }] : []),
        { label: invitationsWords().title, href: `/congresses/${congress}/invitations` },
      ]}
      actions={value?.state === 'draft' && <Remove round={value} />}
    >
      <ResourceView of={round} lines={4}>
        {(found) => <Content round={found} set={round.set} reload={round.reload} />}
      </ResourceView>
    </AppShell>
  );
}

function About({ round }: { round: Round }) {
  const t = invitationTexts();
  return (
    <span class="row row--facts">
      <RoundBadge state={round.state} />
      <span>{[t.channelShort[round.channel], round.target_profile && t.partOf(round.target_profile.name)].filter(Boolean).join(' · ')}</span>
    </span>
  );
}

function Content(props: RoundProps) {
  const { round } = props;
  return (
    <div class="stack">
      {round.state !== 'draft' && <StateCard {...props} />}
      {round.channel === 'mail' && <TextsCard {...props} />}
      {round.state === 'draft' && <AudienceCard {...props} />}
    </div>
  );
}

function Remove({ round }: { round: Round }) {
  const t = roundTexts();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button look="quiet" icon="trash" onClick={() => setAsking(true)}>
        {t.remove}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t.remove}
          text={t.removeText}
          action={t.remove}
          danger
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await api.remove(round.id);
            navigate(`/congresses/${round.congress}/invitations`);
          }}
        />
      )}
    </>
  );
}
