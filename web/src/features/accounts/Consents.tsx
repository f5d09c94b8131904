// What HCPs consent to when they register, in versions.
import { useState } from 'preact/hooks';
import { formatDay } from '../../i18n';
import { common } from '../../i18n/common';
import type { ConsentKind } from '../../net/types';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { ErrorState } from '../../ui/ErrorState';
import { Textarea } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { Skeleton } from '../../ui/Progress';
import { api, type ConsentText } from './api';
import { organisationTexts } from './texts';

const KINDS: readonly ConsentKind[] = ['participation', 'contact'];

export function Consents() {
  const found = useResource('consents', api.consents);
  const [editing, setEditing] = useState<ConsentKind | null>(null);
  if (found.error !== null) return <ErrorState error={found.error} onRetry={found.reload} />;
  if (!found.value) return <Skeleton lines={4} />;
  const versions = (kind: ConsentKind) =>
    (found.value?.items ?? [])
      .filter((text) => text.kind === kind)
      .sort((a, b) => b.version - a.version);
  return (
    <>
      {KINDS.map((kind) => (
        <Consent key={kind} kind={kind} versions={versions(kind)} onEdit={() => setEditing(kind)} />
      ))}
      {editing && (
        <ConsentDialog
          kind={editing}
          present={versions(editing)[0]}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            void found.reload();
          }}
        />
      )}
    </>
  );
}

interface ConsentProps {
  kind: ConsentKind;
  versions: ConsentText[];
  onEdit: () => void;
}

function Consent({ kind, versions, onEdit }: ConsentProps) {
  const t = organisationTexts();
  return (
    <section class="consent">
      <div class="row row--between">
        <div>
          <h3>{t.kind[kind]}</h3>
          <p class="muted small">{t.kindText[kind]}</p>
        </div>
        <Button icon="edit" small onClick={onEdit}>
          {t.newVersion}
        </Button>
      </div>
      <Wording versions={versions} />
    </section>
  );
}

/** The newest version, and how many there were before it. */
function Wording({ versions }: { versions: ConsentText[] }) {
  const t = organisationTexts();
  const [present, ...older] = versions;
  if (!present) return <p class="faint">{t.noText}</p>;
  return (
    <>
      <div class="consent__texts">
        <Quote language="Français" lang="fr" text={present.text_fr} />
        <Quote language="English" lang="en" text={present.text_en} />
      </div>
      <p class="row small faint consent__version">
        <Badge tone="accent">{t.version(present.version)}</Badge>
        <span>{formatDay(present.created_at, null)}</span>
        {older.length > 0 && <span>{t.older(older.length)}</span>}
      </p>
    </>
  );
}

function Quote({ language, lang, text }: { language: string; lang: string; text: string }) {
  return (
    <div class="quote">
      <span class="quote__language">{language}</span>
      <span lang={lang}>{text}</span>
    </div>
  );
}

interface ConsentDialogProps {
  kind: ConsentKind;
  present: ConsentText | undefined;
  onClose: () => void;
  onDone: () => void;
}

function ConsentDialog({ kind, present, onClose, onDone }: ConsentDialogProps) {
  const t = organisationTexts();
  const [fr, setFr] = useState(present?.text_fr ?? '');
  const [en, setEn] = useState(present?.text_en ?? '');
  const save = useAction(async () => {
    await api.addConsent({ kind, text_fr: fr, text_en: en });
    onDone();
  });
  return (
    <FormDialog
      title={common().named(t.newVersion, t.kind[kind])}
      wide
      action={save}
      submit={t.publish}
      onClose={onClose}
    >
      <p class="muted">{t.newVersionText}</p>
      <Textarea label={t.privacyFr} value={fr} onInput={setFr} required maxLength={2000} />
      <Textarea label={t.privacyEn} value={en} onInput={setEn} required maxLength={2000} />
    </FormDialog>
  );
}
