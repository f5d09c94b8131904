// Asking and supporting questions, for HCPs.
import { useState } from 'preact/hooks';
import { useAction } from '../../state/action';
import { Badge, type BadgeTone } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { Checkbox, Textarea } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { toast } from '../../ui/Toast';
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

export function QuestionPanel({ store }: ViewProps<QuestionStore>) {
  const t = questionTexts();
  const shown = store.ranked.value.filter((q) => q.state === 'approved' || q.state === 'answered');
  return (
    <div class="stack stack--wide">
      <AskForm store={store} />
      <MyQuestions store={store} />
      <section class="stack stack--tight" aria-label={t.all}>
        <h3>{t.all}</h3>
        {shown.length === 0 ? (
          <EmptyState icon="message" title={t.none}>
            {t.noneText}
          </EmptyState>
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

function AskForm({ store }: { store: QuestionStore }) {
  const t = questionTexts();
  const [text, setText] = useState('');
  const [anonymous, setAnonymous] = useState(false);
  const left = MAX - [...text].length;
  const may = text.trim() !== '' && left >= 0;
  const ask = useAction(async () => {
    await store.ask(text.trim(), anonymous);
    setText('');
    toast.good(t.sent);
  });
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
        onInput={setText}
        onKeyDown={onKeyDown}
      />
      <Checkbox label={t.anonymous} checked={anonymous} onChange={setAnonymous} />
      <div class="row">
        <Button look="primary" icon="send" type="submit" busy={ask.busy} disabled={!may}>
          {t.send}
        </Button>
      </div>
    </form>
  );
}

function MyQuestions({ store }: { store: QuestionStore }) {
  const t = questionTexts();
  const mine = [...store.mine.value].reverse();
  if (mine.length === 0) return null;
  return (
    <section class="stack stack--tight" aria-label={t.mine}>
      <h3>{t.mine}</h3>
      <ul class="plain questions" aria-live="polite">
        {mine.map((question) => (
          <li class="question" key={question.id}>
            <p class="question__text">{question.text}</p>
            <Badge tone={tones[question.state]}>{t.state[question.state]}</Badge>
          </li>
        ))}
      </ul>
    </section>
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
          <span>{question.author ?? t.anonymousAuthor}</span>
          {question.state === 'answered' && <Badge tone="good">{t.state.answered}</Badge>}
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
