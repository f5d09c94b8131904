// Writing the programme of a session: talks in their order, who gives them, and what is amiss.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { ApiError } from '../../net/api';
import { hasRole } from '../../state/me';
import { useResource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { RemoveDialog } from '../../ui/RemoveDialog';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import type { SessionTabProps } from '../feature';
import { adminTexts } from './adminTexts';
import { api, type Doing, type ProgrammeBody, type SpeakerFields, type Written, type WrittenTalk } from './api';
import { Speakers } from './Speakers';
import { TalkEditor } from './TalkEditor';
import { TalkList } from './TalkList';
import { Warnings } from './Warnings';
import { exchanged, inOrder } from '../../ui/talkTimes';
import { Whole } from './Whole';

export default function ProgrammeTab(props: SessionTabProps) {
  const { session } = props;
  const found = useResource<Written>(`programme ${session.id}`, async () => {
    const [programme, people] = await Promise.all([api.programme(session.id), api.speakers(session.congress.id)]);
    return { programme, people: people.items };
  });
  return (
    <ResourceView of={found}>
      {(written) => <Writing {...props} written={written} set={found.set} reloadAll={found.reload} />}
    </ResourceView>
  );
}

type WritingProps = SessionTabProps & { written: Written; set: (written: Written) => void; reloadAll: () => Promise<void> };

/** What can be done to a programme; each change sends all of it. */
function useWriting({ session, written, set, reloadAll }: WritingProps) {
  const { programme, people } = written;
  const [busy, setBusy] = useState(false);
  const write = async (change: Partial<Omit<ProgrammeBody, 'version'>>) => {
    const { version, talks, speakers } = { ...programme, ...change };
    setBusy(true);
    try {
      const body = { version, talks: inOrder(talks), speakers };
      set({ people: await currentPeople(), programme: await api.writeProgramme(session.id, body) });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'programme.changed') await reloadAll();
      throw error;
    } finally {
      setBusy(false);
    }
  };
  const currentPeople = async () => (await api.speakers(session.congress.id)).items;
  const put = (talk: WrittenTalk) => write({ talks: [...programme.talks.filter(({ id }) => id !== talk.id), talk] });
  const remove = (talk: WrittenTalk) => write({ talks: programme.talks.filter(({ id }) => id !== talk.id) });
  const move = (index: number, by: -1 | 1) => write({ talks: exchanged(programme.talks, index, by) }).catch(toast.error);
  const addSpeaker = async (fields: Partial<SpeakerFields>) => {
    const added = await api.addSpeaker(session.id, fields);
    set({ programme, people: [...people, added] });
    return added;
  };
  return { busy, write, put, remove, move, addSpeaker };
}

const afterLast = (talks: readonly WrittenTalk[]) =>
  Math.min(1440, Math.max(0, ...talks.map(({ start_minute, minutes }) => start_minute + minutes)));

function Writing(props: WritingProps) {
  const { session, congress, written, reloadAll } = props;
  const { programme, people } = written;
  const t = adminTexts();
  const mayEdit = hasRole('organiser', 'host');
  const writing = useWriting(props);
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  const add = () =>
    setDoing({
      what: 'edit',
      fresh: true,
      talk: { id: crypto.randomUUID(), title: '', abstract: '', start_minute: afterLast(programme.talks), minutes: 20, speakers: [] },
    });
  return (
    <>
      <p class="muted">{t.lead}</p>
      {session.state === 'draft' && <Banner silent>{t.draft}</Banner>}
      <Warnings written={written} />
      <TalkList session={session} written={written} mayEdit={mayEdit} busy={writing.busy} onAdd={add} onDo={setDoing} onMove={writing.move} />
      <Whole written={written} mayEdit={mayEdit} onNew={writing.addSpeaker} onSave={(speakers) => writing.write({ speakers })} />
      <Speakers congress={congress.id} people={people} mayEdit={mayEdit} onNew={writing.addSpeaker} reload={reloadAll} />
      {doing?.what === 'edit' && (
        <TalkEditor
          session={session}
          talk={doing.talk}
          fresh={doing.fresh}
          people={people}
          onNew={writing.addSpeaker}
          onClose={close}
          onSave={async (talk) => {
            await writing.put(talk);
            toast.good(common().saved);
            close();
          }}
        />
      )}
      {doing?.what === 'remove' && (
        <RemoveDialog title={t.remove} text={t.removeText(doing.talk.title)} remove={() => writing.remove(doing.talk)} reload={async () => {}} onClose={close} />
      )}
    </>
  );
}
