// One kind of mail: its text in both languages, each beside the mail as people get it.
import { useResource } from '../../state/resource';
import { AppShell } from '../../ui/AppShell';
import { Banner } from '../../ui/Banner';
import NotFound from '../../ui/NotFound';
import { ResourceView } from '../../ui/ResourceView';
import { api as congressApi } from '../congress/api';
import type { PageProps } from '../feature';
import { api, KINDS, type Kind, type Mails, type MailText } from './api';
import { kindTexts } from './kindTexts';
import { TextEditor } from './TextEditor';
import { mailsTexts } from './texts';
import { mailsWords } from './words';

export default function TextPage({ params }: PageProps) {
  const { congress = '', kind = '' } = params;
  const known = KINDS.find((one) => one === kind);
  return known ? <KindPage key={`${congress} ${kind}`} congress={congress} kind={known} /> : <NotFound />;
}

function KindPage({ congress, kind }: { congress: string; kind: Kind }) {
  const t = mailsTexts();
  const found = useResource(`mails ${congress}`, () => api.mails(congress));
  const about = useResource(`congress ${congress}`, () => congressApi.congress(congress));
  return (
    <AppShell
      title={kindTexts()[kind]}
      subtitle={t.when[kind]}
      crumbs={[
        ...(about.value ? [{ label: about.value.title, href: `/congresses/${congress}` }] : []),
        { label: mailsWords().title, href: `/congresses/${congress}/mails` },
      ]}
    >
      <ResourceView of={found} lines={6}>
        {(mails) => (
          <Editors congress={congress} kind={kind} mails={mails} onSaved={(texts) => found.set({ ...mails, texts })} />
        )}
      </ResourceView>
    </AppShell>
  );
}

interface EditorsProps {
  congress: string;
  kind: Kind;
  mails: Mails;
  onSaved: (texts: MailText[]) => void;
}

function Editors({ congress, kind, mails, onSaved }: EditorsProps) {
  const t = mailsTexts();
  const text = mails.texts.find((one) => one.kind === kind);
  if (!text) return <NotFound />;
  return (
    <>
      {!mails.may_write && <Banner tone="info">{t.readOnly}</Banner>}
      {kind === 'changed' && <Banner tone="info">{t.changedHint}</Banner>}
      {(['fr', 'en'] as const).map((language) => (
        <TextEditor
          key={`${language} ${text.texts[language].changed_at}`}
          congress={congress}
          text={text}
          language={language}
          readOnly={!mails.may_write}
          onSaved={onSaved}
        />
      ))}
    </>
  );
}
