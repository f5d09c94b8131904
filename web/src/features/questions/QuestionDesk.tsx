// Moderating questions: what is to be read, what is shown, what is done.
import { useState } from 'preact/hooks';
import { formatTime } from '../../i18n';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { Segmented } from '../../ui/Field';
import { toast } from '../../ui/Toast';
import type { Question, QuestionState } from './messages';
import type { QuestionStore } from './store';
import { questionTexts } from './texts';

type Pile = 'waiting' | 'shown' | 'done';
const piles: Record<Pile, readonly QuestionState[]> = {
  waiting: ['asked'],
  shown: ['approved'],
  done: ['answered', 'dismissed'],
};
const verbs: Record<QuestionState, readonly ('approve' | 'answer' | 'dismiss')[]> = {
  asked: ['approve', 'answer', 'dismiss'],
  approved: ['answer', 'dismiss'],
  answered: [],
  dismissed: ['approve'],
};

interface QuestionDeskProps {
  store: QuestionStore;
  mayModerate: boolean;
  /** The congress' time zone. */
  zone: string;
}

export function QuestionDesk({ store, mayModerate, zone }: QuestionDeskProps) {
  const t = questionTexts();
  const of = (name: Pile) => store.ranked.value.filter((q) => piles[name].includes(q.state));
  const names = Object.keys(piles) as Pile[];
  // Who moderates has work in the first pile; who only reads begins where there is something.
  const filled = mayModerate ? undefined : names.find((name) => of(name).length > 0);
  const [chosen, setPile] = useState<Pile | null>(null);
  const pile = chosen ?? filled ?? 'waiting';
  const waiting = of('waiting').length;
  const questions = of(pile);
  return (
    <div class="stack">
      <Segmented
        label={t.title}
        hideLabel
        value={pile}
        onChange={(value) => setPile(value as Pile)}
        options={names.map((name) => ({ value: name, label: `${t.desk[name]} (${of(name).length})` }))}
      />
      <p class="visually-hidden" aria-live="polite">
        {waiting > 0 && t.fresh(waiting)}
      </p>
      {questions.length === 0 ? (
        <EmptyState icon="message" title={t.nothing[pile]} />
      ) : (
        <ul class="plain questions">
          {questions.map((question) => (
            <DeskQuestion key={question.id} question={question} store={store} mayModerate={mayModerate} zone={zone} />
          ))}
        </ul>
      )}
    </div>
  );
}

interface DeskQuestionProps extends QuestionDeskProps {
  question: Question;
}

function DeskQuestion({ question, store, mayModerate, zone }: DeskQuestionProps) {
  const t = questionTexts();
  const [busy, setBusy] = useState(false);
  const run = async (verb: 'approve' | 'answer' | 'dismiss') => {
    setBusy(true);
    await store.moderate(question.id, verb).catch(toast.error);
    setBusy(false);
  };
  return (
    <li class="question question--desk">
      <p class="faint small row">
        <strong>{question.author ?? t.anonymousAuthor}</strong>
        {question.anonymous && <Badge tone="warn">{t.nameHidden}</Badge>}
        <time dateTime={question.asked_at}>{formatTime(question.asked_at, zone)}</time>
        {question.votes > 0 && <Badge tone="accent">▲ {question.votes}</Badge>}
        {question.state === 'answered' && <Badge tone="good">{t.state.answered}</Badge>}
      </p>
      <p class="question__text">{question.text}</p>
      {mayModerate && verbs[question.state].length > 0 && (
        <div class="row">
          {verbs[question.state].map((verb, index) => (
            <Button
              key={verb}
              small
              look={index === 0 ? 'primary' : verb === 'dismiss' ? 'quiet' : 'secondary'}
              busy={busy}
              onClick={() => run(verb)}
            >
              {t[verb]}
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}
