// Asking and supporting questions, for HCPs.
import { useRef, useState } from 'preact/hooks';
import { useAction } from '../../state/action';
import { Badge, type BadgeTone } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Checkbox, Textarea } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { toast } from '../../ui/Toast';
import { type Drafts, useDraft } from '../../state/drafts';
import type { ViewProps } from '../feature';
import type { Question, QuestionState } from './messages';
import type { QuestionStore } from './store';
import { questionTexts } from './texts';

const MAX = 1000;
const tones: Record<QuestionState, BadgeTone> = {
  asked: 'neutral',
  approved: 'accent',
  answered: 'good',
  dismissed: 'neutral',
};

export function QuestionPanel({ store, room }: ViewProps<QuestionStore>) {
  const t = questionTexts();
  const shown = store.ranked.value.filter(
    (q) => (q.state === 'approved' || q.state === 'answered') && !store.isMine(q.id),
  );
  const none = store.mine.value.length > 0 ? t.noOther : t.none;
  return (
    <div class="stack stack--wide">
      <AskForm store={store} drafts={room.drafts} />
      <MyQuestions store={store} />
      <section class="stack stack--tight" aria-label={t.all}>
        <h2 class="panel-title">{t.all}</h2>
        {shown.length === 0 ? (
          <p class="muted">{none}</p>
        ) : (
          <ul class="plain questions">
            {shown.map((question) => (
              <ShownQuestion key={question.id} question={question} store={store} />
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

interface AskFormProps {
  store: QuestionStore;
  drafts: Drafts;
}

function AskForm({ store, drafts }: AskFormProps) {
  const t = questionTexts();
  const [text, setText] = useDraft<string>(drafts, 'questions.text', '');
  const [anonymous, setAnonymous] = useDraft<boolean>(drafts, 'questions.anonymous', false);
  const [sent, setSent] = useState(false);
  const left = MAX - [...text].length;
  const may = text.trim() !== '' && left >= 0;
  const ask = useAction(async () => {
    await store.ask(text.trim(), anonymous);
    setText('');
    setAnonymous(false);
    setSent(true);
    status.current?.focus();
  });
  const status = useRef<HTMLParagraphElement>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    if (may) void ask.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };
  return (
    <form class="stack stack--tight" onSubmit={submit}>
      <Textarea
        label={t.ask}
        hint={left < 200 ? t.left(left) : t.hint}
        error={ask.text()}
        rows={3}
        value={text}
        onInput={(next) => {
          setText(next);
          setSent(false);
        }}
        onKeyDown={onKeyDown}
      />
      <Checkbox label={t.anonymous} checked={anonymous} onChange={setAnonymous} />
      <div class="row">
        <Button look="primary" icon="send" type="submit" busy={ask.busy} disabled={!may}>
          {t.send}
        </Button>
        <p class="question__sent small" role="status" tabIndex={-1} ref={status}>
          {sent && t.sent}
        </p>
      </div>
    </form>
  );
}

function MyQuestions({ store }: { store: QuestionStore }) {
  const t = questionTexts();
  if (store.mine.value.length === 0) return null;
  return (
    <section class="stack stack--tight" aria-label={t.mine}>
      <h2 class="panel-title">{t.mine}</h2>
      <MyList store={store} />
    </section>
  );
}

/** The person's own questions, newest first, with what became of them. */
export function MyList({ store }: { store: QuestionStore }) {
  const t = questionTexts();
  return (
    <ul class="plain questions">
      {[...store.mine.value].reverse().map((question) => (
        <li class="question question--desk" key={question.id}>
          <p class="question__text">{question.text}</p>
          <p class="row row--facts small">
            <Badge tone={tones[question.state]}>{t.state[question.state]}</Badge>
            {question.id === store.staged.value?.id && <Badge tone="live">{t.staged}</Badge>}
            {question.votes > 0 && <span class="faint number">{t.votes(question.votes)}</span>}
          </p>
        </li>
      ))}
    </ul>
  );
}

function ShownQuestion({ question, store }: { question: Question; store: QuestionStore }) {
  const t = questionTexts();
  const voted = store.voted.value.has(question.id);
  const closed = question.state !== 'approved' || store.isMine(question.id);
  return (
    <li class="question">
      <div class="question__body">
        <p class="question__text">{question.text || t.erased}</p>
        <p class="faint small row">
          <span translate={!question.author}>{question.author ?? t.anonymousAuthor}</span>
          {question.state === 'answered' && <Badge tone="good">{t.state.answered}</Badge>}
          {question.id === store.staged.value?.id && <Badge tone="live">{t.staged}</Badge>}
        </p>
      </div>
      <button
        type="button"
        class="support number"
        aria-pressed={voted}
        aria-label={voted ? t.voted(question.votes) : t.vote(question.votes)}
        disabled={closed || voted}
        onClick={() => store.vote(question.id).catch(toast.error)}
      >
        <Icon name="arrowUp" size={16} />
        <span>{question.votes}</span>
      </button>
    </li>
  );
}
