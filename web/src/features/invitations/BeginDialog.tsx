// A new round: of which list, of whom on it, and how.
import { useState } from 'preact/hooks';
import { useAction } from '../../state/action';
import { navigate } from '../../state/place';
import { useResource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { LinkButton } from '../../ui/Button';
import { RadioList, Select } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { api as audienceApi } from '../audience/api';
import { api, type Channel } from './api';
import { invitationTexts } from './texts';

const CHANNELS: readonly Channel[] = ['mail', 'crm'];

export function BeginDialog({ congress, onClose }: { congress: string; onClose: () => void }) {
  const t = invitationTexts();
  const [list, setList] = useState('');
  const [profile, setProfile] = useState('');
  const [channel, setChannel] = useState<Channel>('mail');
  const lists = useResource('target lists to invite', audienceApi.targetLists);
  const profiles = useResource(`profiles to invite ${congress}`, async () => (await audienceApi.profiles(congress)).items);
  const begin = useAction(async () => {
    const round = await api.begin(congress, { channel, target_list: list, ...(profile && { target_profile: profile }) });
    onClose();
    navigate(`/congresses/${congress}/invitations/${round.id}`);
  });
  const none = !lists.loading && (lists.value ?? []).length === 0;
  return (
    <FormDialog title={t.begin} action={begin} fields={['target_list', 'target_profile']} submit={t.create} onClose={onClose}>
      {none && (
        <Banner tone="info" action={<LinkButton href="/target-lists">{t.toLists}</LinkButton>}>
          {t.noLists}
        </Banner>
      )}
      <Select
        label={t.list}
        value={list}
        placeholder={t.choose}
        required
        disabled={lists.loading || none}
        options={(lists.value ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setList}
        error={begin.field('target_list')}
      />
      <Select
        label={t.part}
        value={profile}
        placeholder={t.whole}
        disabled={profiles.loading}
        options={(profiles.value ?? []).map(({ id, name }) => ({ value: id, label: t.partOf(name) }))}
        onChange={setProfile}
        error={begin.field('target_profile')}
      />
      <RadioList
        label={t.channelLabel}
        hint={t.beginHint}
        options={CHANNELS.map((value) => ({ value, label: t.channel[value] }))}
        value={channel}
        onChange={(value) => setChannel(value as Channel)}
      />
    </FormDialog>
  );
}
