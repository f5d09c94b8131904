// Everybody whom a congress's programme may name: what is shown of them, and removing them.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { DownloadButton } from '../../ui/DownloadButton';
import { Input, Textarea } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { Menu } from '../../ui/Menu';
import { RemoveDialog } from '../../ui/RemoveDialog';
import { adminTexts } from './adminTexts';
import { api, type Speaker, type SpeakerFields } from './api';

interface SpeakersProps {
  congress: string;
  people: readonly Speaker[];
  mayEdit: boolean;
  onNew: (fields: Partial<SpeakerFields>) => Promise<Speaker>;
  reload: () => Promise<void>;
}

type Doing = { what: 'add' } | { what: 'edit' | 'remove'; speaker: Speaker };
const nobody: SpeakerFields = { name: '', affiliation: '', country: '', biography: '' };

export function Speakers({ congress, people, mayEdit, onNew, reload }: SpeakersProps) {
  const t = adminTexts();
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  const saved = async () => {
    await reload();
    close();
  };
  const actions = (
    <>
      {people.length > 0 && <DownloadButton href={api.speakersPath(congress)}>{t.export}</DownloadButton>}
      {mayEdit && (
        <Button icon="add" onClick={() => setDoing({ what: 'add' })}>
          {t.newPerson}
        </Button>
      )}
    </>
  );
  return (
    <Card title={t.all} text={t.allText} actions={actions}>
      {people.length === 0 && <p class="muted">{t.allNone}</p>}
      <ul class="plain talks">
        {people.map((speaker) => (
          <SpeakerRow key={speaker.id} speaker={speaker} mayEdit={mayEdit} onDo={(what) => setDoing({ what, speaker })} />
        ))}
      </ul>
      {doing?.what === 'add' && (
        <SpeakerEditor title={t.newPerson} speaker={nobody} onClose={close} onSave={(fields) => onNew(fields).then(saved)} />
      )}
      {doing?.what === 'edit' && (
        <SpeakerEditor
          title={t.editSpeaker}
          speaker={doing.speaker}
          onClose={close}
          onSave={(fields) => api.changeSpeaker(doing.speaker.id, fields).then(saved)}
        />
      )}
      {doing?.what === 'remove' && (
        <RemoveDialog
          title={t.removeSpeaker}
          text={t.removeSpeakerText(doing.speaker.name)}
          remove={() => api.removeSpeaker(doing.speaker.id)}
          reload={reload}
          onClose={close}
        />
      )}
    </Card>
  );
}

interface SpeakerRowProps {
  speaker: Speaker;
  mayEdit: boolean;
  onDo: (what: 'edit' | 'remove') => void;
}

function SpeakerRow({ speaker: { name, affiliation, country }, mayEdit, onDo }: SpeakerRowProps) {
  const t = adminTexts();
  return (
    <li class="speaker-row">
      <div class="speaker-row__who">
        <strong translate={false}>{name}</strong>
        <span class="muted small">{[affiliation, country].filter(Boolean).join(', ')}</span>
      </div>
      {mayEdit && (
        <Menu
          label={common().named(common().moreActions, name)}
          items={[
            { label: t.editSpeaker, icon: 'edit', onClick: () => onDo('edit') },
            { label: t.removeSpeaker, icon: 'trash', danger: true, onClick: () => onDo('remove') },
          ]}
        />
      )}
    </li>
  );
}

interface SpeakerEditorProps {
  title: string;
  speaker: SpeakerFields;
  onSave: (fields: SpeakerFields) => Promise<void>;
  onClose: () => void;
}

function SpeakerEditor({ title, speaker, onSave, onClose }: SpeakerEditorProps) {
  const t = adminTexts();
  const [name, setName] = useState(speaker.name);
  const [affiliation, setAffiliation] = useState(speaker.affiliation);
  const [country, setCountry] = useState(speaker.country);
  const [biography, setBiography] = useState(speaker.biography);
  const save = useAction(() => onSave({ name: name.trim(), affiliation, country, biography }));
  return (
    <FormDialog title={title} action={save} submit={common().save} onClose={onClose}>
      <Input label={t.name} hint={t.nameHint} value={name} onInput={setName} required maxLength={120} />
      <Input label={t.affiliation} optional value={affiliation} onInput={setAffiliation} maxLength={200} />
      <Input label={t.country} optional value={country} onInput={setCountry} maxLength={60} />
      <Textarea label={t.biography} hint={t.biographyHint} optional rows={4} value={biography} onInput={setBiography} maxLength={1500} />
    </FormDialog>
  );
}
