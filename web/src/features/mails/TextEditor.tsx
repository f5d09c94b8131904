// The text of a kind of mail in one language, written beside the mail that it makes.
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { refusalText } from '../../i18n/errors';
import { useAction } from '../../state/action';
import { useUnsaved } from '../../state/unsaved';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { Input, Textarea } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import { api, type MailLanguage, type MailText, type Placeholder, type Written } from './api';
import { MailPreview } from './MailPreview';
import { mailsTexts } from './texts';

interface EditorProps {
  congress: string;
  text: MailText;
  language: MailLanguage;
  readOnly: boolean;
  onSaved: (texts: MailText[]) => void;
}

export function TextEditor({ congress, text: { kind, placeholders, texts }, language, readOnly, onSaved }: EditorProps) {
  const t = mailsTexts();
  const stored = texts[language];
  const [subject, setSubject] = useState(stored.subject);
  const [body, setBody] = useState(stored.body);
  const [resetting, setResetting] = useState(false);
  const written: Written = { kind, language, subject, body };
  const changed = subject !== stored.subject || body !== stored.body;
  useUnsaved(changed);
  const save = useAction(async () => {
    onSaved((await api.save(written)).texts);
    toast.good(t.saved);
  });
  const reset = async () => {
    onSaved((await api.reset(kind, language)).texts);
    toast.good(t.resetDone);
  };
  return (
    <Card title={t[language]} actions={<State own={stored.own} changed={changed} />}>
      <div class="mail-editor">
        <Form
          onSubmit={() => void save.run()}
          error={save.error === null ? null : refusalText(save.error)}
          footer={
            !readOnly && (
              <>
                {stored.own && (
                  <Button look="quiet" onClick={() => setResetting(true)}>
                    {t.reset}
                  </Button>
                )}
                <TestButton congress={congress} written={written} />
                <Button look="primary" type="submit" busy={save.busy} disabled={!changed}>
                  {t.save}
                </Button>
              </>
            )
          }
        >
          <Words language={language} subject={subject} body={body} setSubject={setSubject} setBody={setBody} placeholders={placeholders} readOnly={readOnly} />
        </Form>
        <MailPreview congress={congress} written={written} />
      </div>
      {resetting && (
        <ConfirmDialog title={t.resetTitle} text={t.resetText} action={t.reset} onConfirm={reset} onClose={() => setResetting(false)} />
      )}
    </Card>
  );
}

function State({ own, changed }: { own: boolean; changed: boolean }) {
  const t = mailsTexts();
  return (
    <>
      {changed && <Badge tone="warn">{t.unsaved}</Badge>}
      <Badge tone={own ? 'accent' : 'neutral'}>{own ? t.own : t.house}</Badge>
    </>
  );
}

function TestButton({ congress, written }: { congress: string; written: Written }) {
  const t = mailsTexts();
  const test = useAction(async () => {
    try {
      await api.test(congress, written);
      toast.good(t.tested);
    } catch (error) {
      toast.bad(refusalText(error));
    }
  });
  return (
    <Button icon="mail" busy={test.busy} onClick={() => void test.run()}>
      {t.test}
    </Button>
  );
}

interface WordsProps {
  language: MailLanguage;
  subject: string;
  body: string;
  setSubject: (subject: string) => void;
  setBody: (body: string) => void;
  placeholders: readonly Placeholder[];
  readOnly: boolean;
}

function Words({ language, subject, body, setSubject, setBody, placeholders, readOnly }: WordsProps) {
  const t = mailsTexts();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What is written, not the labels, is in that language.
    for (const field of box.current?.querySelectorAll<HTMLElement>('input, textarea') ?? []) field.lang = language;
  }, [language]);
  return (
    <div class="stack" ref={box}>
      <Input label={t.subject} value={subject} onInput={setSubject} required maxLength={200} disabled={readOnly} />
      <Textarea label={t.body} hint={t.bodyHint} value={body} onInput={setBody} rows={9} required maxLength={4000} disabled={readOnly} />
      {!readOnly && (
        <div class="row" role="group" aria-label={t.insert}>
          <span class="muted small">{t.insert}</span>
          {placeholders.map((one) => (
            <Button key={one} small icon="add" onClick={() => setBody(inserted(box, body, `{${one}}`))}>
              {t.holds[one]}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

/** The body with the placeholder where the caret is, which then stands behind it. */
function inserted(box: RefObject<HTMLDivElement | null>, body: string, placeholder: string): string {
  const area = box.current?.querySelector('textarea');
  const at = area?.selectionStart ?? body.length;
  const end = area?.selectionEnd ?? at;
  if (area)
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(at + placeholder.length, at + placeholder.length);
    });
  return body.slice(0, at) + placeholder + body.slice(end);
}
