// A talk: title, abstract, when, and by whom.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { formatTime } from '../../i18n';
import { useAction } from '../../state/action';
import { Input, Textarea } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import type { SessionTabProps } from '../feature';
import { adminTexts } from './adminTexts';
import type { WrittenTalk } from './api';
import { PeopleFields, type PeopleFieldsProps } from './PeopleFields';
import { timeAt } from '../../ui/talkTimes';

interface TalkEditorProps extends Pick<SessionTabProps, 'session'>, Pick<PeopleFieldsProps, 'people' | 'onNew'> {
  talk: WrittenTalk;
  fresh: boolean;
  onSave: (talk: WrittenTalk) => Promise<void>;
  onClose: () => void;
}

export function TalkEditor({ session, talk, fresh, people, onNew, onSave, onClose }: TalkEditorProps) {
  const t = adminTexts();
  const [title, setTitle] = useState(talk.title);
  const [abstract, setAbstract] = useState(talk.abstract);
  const [start, setStart] = useState(String(talk.start_minute));
  const [minutes, setMinutes] = useState(String(talk.minutes));
  const [speakers, setSpeakers] = useState(talk.speakers);
  const save = useAction(() =>
    onSave({ id: talk.id, title: title.trim(), abstract, start_minute: Number(start), minutes: Number(minutes), speakers }),
  );
  const at = formatTime(timeAt(session.starts_at, Number(start) || 0), session.congress.time_zone);
  return (
    <FormDialog title={fresh ? t.add : t.edit} action={save} submit={fresh ? common().create : common().save} onClose={onClose}>
      <Input label={t.talkTitle} value={title} onInput={setTitle} required maxLength={200} />
      <Input
        label={t.start}
        hint={t.startHint(at)}
        type="number"
        unit={t.minutes}
        min={0}
        max={1440}
        value={start}
        onInput={setStart}
        required
      />
      <Input label={t.length} type="number" unit={t.minutes} min={1} max={600} value={minutes} onInput={setMinutes} required />
      <PeopleFields people={people} value={speakers} role="speaker" onChange={setSpeakers} onNew={onNew} />
      <Textarea label={t.abstract} optional rows={4} value={abstract} onInput={setAbstract} maxLength={2000} />
    </FormDialog>
  );
}
