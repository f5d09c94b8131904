// The organiser's own questions on the registration form: their order, who is asked, and how the form looks.
import { useState } from 'preact/hooks';
import { formatNumber, language } from '../../i18n';
import { common } from '../../i18n/common';
import { ApiError } from '../../net/api';
import type { Language } from '../../net/types';
import { useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Button, IconButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Segmented } from '../../ui/Field';
import { Menu, type MenuItem } from '../../ui/Menu';
import { RemoveDialog } from '../../ui/RemoveDialog';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import type { CongressTabProps } from '../feature';
import { api } from './api';
import { editorTexts } from './editorTexts';
import { type FormQuestion, type FormQuestions, labelOf, MOST_ASKED, MOST_KEPT, offered, toWritten, type Typed } from './formQuestions';
import { QuestionDialog } from './QuestionDialog';
import { QuestionFields } from './QuestionFields';

export default function FormTab({ congress }: CongressTabProps) {
  const found = useResource(`form questions ${congress.id}`, () => api.formQuestions(congress.id));
  return <ResourceView of={found}>{(form) => <Editor congress={congress.id} form={form} set={found.set} reload={found.reload} />}</ResourceView>;
}

interface EditorProps {
  congress: string;
  form: FormQuestions;
  set: (form: FormQuestions) => void;
  reload: () => Promise<void>;
}

type Doing = { what: 'edit'; question: FormQuestion | null } | { what: 'remove'; question: FormQuestion };

/** Saves the questions as a whole; those that somebody else changed meanwhile are shown instead. */
function useSave({ congress, form, set, reload }: EditorProps) {
  const [busy, setBusy] = useState(false);
  const save = async (questions: readonly FormQuestion[]) => {
    try {
      set(await api.setFormQuestions(congress, form.version, questions.map(toWritten)));
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'form.changed')) throw error;
      await reload();
      toast.error(editorTexts().changed);
    }
  };
  const quick = async (questions: readonly FormQuestion[]) => {
    setBusy(true);
    try {
      await save(questions);
    } catch (error) {
      toast.error(error);
    } finally {
      setBusy(false);
    }
  };
  return { busy, save, quick };
}

const replaced = (all: readonly FormQuestion[], by: FormQuestion) =>
  all.some(({ key }) => key === by.key) ? all.map((one) => (one.key === by.key ? by : one)) : [...all, by];

function moved(all: readonly FormQuestion[], index: number, by: -1 | 1): FormQuestion[] {
  const order = [...all];
  order.splice(index + by, 0, ...order.splice(index, 1));
  return order;
}

function Editor(props: EditorProps) {
  const { form } = props;
  const { questions } = form;
  const [doing, setDoing] = useState<Doing | null>(null);
  const { busy, save, quick } = useSave(props);
  const close = () => setDoing(null);
  const keep = async (question: FormQuestion) => {
    await save(replaced(questions, question));
    close();
    toast.good(common().saved);
  };
  return (
    <>
      <Questions form={form} busy={busy} onDo={setDoing} onMove={(index, by) => void quick(moved(questions, index, by))} onHide={(q) => void quick(replaced(questions, { ...q, hidden: !q.hidden }))} />
      {questions.some(({ hidden }) => !hidden) && <Preview questions={questions} />}
      {doing?.what === 'edit' && <QuestionDialog form={form} question={doing.question} onSave={keep} onClose={close} />}
      {doing?.what === 'remove' && (
        <RemoveDialog
          title={editorTexts().removeTitle}
          text={editorTexts().removeText(labelOf(doing.question, language.value))}
          remove={() => save(questions.filter(({ key }) => key !== doing.question.key))}
          reload={async () => {}}
          onClose={close}
        />
      )}
    </>
  );
}

interface QuestionsProps {
  form: FormQuestions;
  busy: boolean;
  onDo: (doing: Doing) => void;
  onMove: (index: number, by: -1 | 1) => void;
  onHide: (question: FormQuestion) => void;
}

function Questions(props: QuestionsProps) {
  const { form, onDo } = props;
  const t = editorTexts();
  const { questions } = form;
  const full = questions.filter(({ hidden }) => !hidden).length >= MOST_ASKED || questions.length >= MOST_KEPT;
  const add = !full && (
    <Button look="primary" icon="add" onClick={() => onDo({ what: 'edit', question: null })}>
      {t.add}
    </Button>
  );
  if (questions.length === 0)
    return (
      <Card>
        <EmptyState icon="list" title={t.empty} action={add}>
          {t.emptyText}
        </EmptyState>
      </Card>
    );
  return (
    <Card title={t.title} text={full ? t.full : t.lead} actions={add} flush>
      <ol class="plain form-questions">
        {questions.map((question, index) => (
          <li key={question.key} class="form-question">
            <About question={question} profiles={form.profiles} />
            <Acts {...props} question={question} index={index} last={questions.length - 1} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function kindText({ kind, several, options = [], max_length = 0, minimum, maximum, whole }: FormQuestion): string {
  const t = editorTexts();
  const number = (value: number | null | undefined) => (typeof value === 'number' ? formatNumber(value) : '');
  if (kind === 'text') return t.textUpTo(max_length);
  if (kind === 'number') return t.numberOf(whole ?? false, number(minimum), number(maximum));
  const shown = options.filter(({ hidden }) => !hidden).length;
  return several ? t.severalOf(shown) : t.oneOf(shown);
}

function About({ question, profiles }: { question: FormQuestion; profiles: FormQuestions['profiles'] }) {
  const t = editorTexts();
  const { required, hidden, limited, answers = 0 } = question;
  const names = profiles.filter(({ id }) => question.profiles.includes(id)).map(({ name }) => name);
  return (
    <div class="form-question__about">
      <p class={hidden ? 'muted' : 'form-question__label'}>{labelOf(question, language.value)}</p>
      <p class="muted small">
        {kindText(question)}
        {answers > 0 && ` · ${t.answers(answers)}`}
      </p>
      {(required || hidden || limited) && (
        <p class="badges">
          {hidden && <Badge tone="warn">{t.isHidden}</Badge>}
          {required && <Badge tone="accent">{t.isRequired}</Badge>}
          {limited && <Badge tone={names.length > 0 ? 'info' : 'warn'}>{names.length > 0 ? t.only(names.join(', ')) : t.nobody}</Badge>}
        </p>
      )}
    </div>
  );
}

type ActsProps = QuestionsProps & { question: FormQuestion; index: number; last: number };

function Acts({ question, index, last, busy, onDo, onMove, onHide }: ActsProps) {
  const t = editorTexts();
  const label = labelOf(question, language.value);
  const items: MenuItem[] = [
    { label: common().edit, icon: 'edit', onClick: () => onDo({ what: 'edit', question }) },
    { label: question.hidden ? t.show : t.hide, icon: question.hidden ? 'eye' : 'minus', onClick: () => onHide(question) },
  ];
  if (!question.answers) items.push({ label: common().remove, icon: 'trash', danger: true, onClick: () => onDo({ what: 'remove', question }) });
  return (
    <div class="form-question__acts">
      <IconButton icon="arrowUp" label={t.up(label)} disabled={index === 0 || busy} onClick={() => onMove(index, -1)} />
      <IconButton icon="arrowDown" label={t.down(label)} disabled={index === last || busy} onClick={() => onMove(index, 1)} />
      <Menu label={common().named(common().moreActions, label)} items={items} />
    </div>
  );
}

function Preview({ questions }: { questions: readonly FormQuestion[] }) {
  const t = editorTexts();
  const [shown, setShown] = useState<Language>(language.value);
  const [typed, setTyped] = useState<Typed>({});
  const switcher = (
    <Segmented
      label={t.previewAs}
      hideLabel
      value={shown}
      onChange={(value) => setShown(value as Language)}
      options={[
        { value: 'fr', label: 'Français' },
        { value: 'en', label: 'English' },
      ]}
    />
  );
  return (
    <Card title={t.preview} text={t.previewText} actions={switcher}>
      <div lang={shown} class="form-preview">
        <QuestionFields questions={questions.filter(({ hidden }) => !hidden).map(offered)} language={shown} typed={typed} onChange={setTyped} fault={() => null} />
      </div>
    </Card>
  );
}
