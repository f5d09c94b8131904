// Moderating questions: what is to be read, what is shown, what is done.
import { useState } from 'preact/hooks';
import { codeLabel, formatTime } from '../../i18n';
import { codes } from '../../state/codes';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { Segmented } from '../../ui/Field';
import { toast } from '../../ui/Toast';
import type { ViewProps } from '../feature';
import type { Asker } from './api';
import type { Question, QuestionState } from './messages';
import type { QuestionStore, QuestionVerb } from './store';
import { deskTexts } from './deskTexts';
import { useAskers } from './useAskers';

type Pile = 'waiting' | 'shown' | 'done';
const piles: Record<Pile, readonly QuestionState[]> = {
  waiting: ['asked'],
  shown: ['approved'],
  done: ['answered', 'dismissed'],
};
const verbs: Record<QuestionState, readonly QuestionVerb[]> = {
  asked: ['approve', 'answer', 'dismiss'],
  approved: ['answer', 'dismiss'],
  answered: [],
  dismissed: ['approve'],
};

export function QuestionDesk({ store, session, room }: ViewProps<QuestionStore>) {
  const t = deskTexts();
  const mayModerate = room.may.moderate;
  const of = (name: Pile) => store.ranked.value.filter((q) => piles[name].includes(q.state));
  const names = Object.keys(piles) as Pile[];
  // A moderator begins with what is to be read; a reader with the first pile that is not empty.
  const filled = mayModerate ? undefined : names.find((name) => of(name).length > 0);
  const [chosen, setPile] = useState<Pile | null>(null);
  const pile = chosen ?? filled ?? 'waiting';
  const questions = of(pile);
  const askers = useAskers(session.id, store.ranked.value, mayModerate);
  return (
    <div class="stack">
      <Segmented
        label={t.title}
        hideLabel
        value={pile}
        onChange={(value) => setPile(value as Pile)}
        options={names.map((name) => ({
          value: name,
          label: `${t.desk[name]} (${of(name).length})`,
        }))}
      />
      {questions.length === 0 && <EmptyState icon="message" title={t.nothing[pile]} />}
      {questions.length > 0 && (
        <ul class="plain questions">
          {questions.map((question) => (
            <li class="question question--desk" key={question.id}>
              <Facts question={question} store={store} zone={session.congress.time_zone} />
              <Profile asker={askers.get(question.id)} />
              <p class="question__text">{question.text || t.erased}</p>
              {mayModerate && <Verbs question={question} store={store} />}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Facts({ question, store, zone }: VerbsProps & { zone: string }) {
  const t = deskTexts();
  return (
    <p class="faint small row">
      <strong translate={!question.author}>{question.author ?? t.anonymousAuthor}</strong>
      {question.anonymous && <Badge tone="warn">{t.nameHidden}</Badge>}
      <time dateTime={question.asked_at}>{formatTime(question.asked_at, zone)}</time>
      {question.votes > 0 && <Badge tone="accent">▲ {question.votes}</Badge>}
      {question.state === 'answered' && <Badge tone="good">{t.answered}</Badge>}
      {question.id === store.staged.value?.id && <Badge tone="live">{t.staged}</Badge>}
    </p>
  );
}

/** What the person is who asked, where that is known. */
function Profile({ asker }: { asker: Asker | undefined }) {
  if (!asker) return null;
  const { profession, specialty, profiles } = asker;
  const lists = codes.value;
  const what = [codeLabel(lists?.profession, profession), specialty && codeLabel(lists?.specialty, specialty)];
  return (
    <p class="small row row--facts question__asker">
      <span class="muted">{what.filter(Boolean).join(' · ')}</span>
      {profiles.map((name) => (
        <Badge key={name} tone="accent">
          {name}
        </Badge>
      ))}
    </p>
  );
}

interface VerbsProps {
  question: Question;
  store: QuestionStore;
}

function Verbs({ question, store }: VerbsProps) {
  const t = deskTexts();
  const [busy, setBusy] = useState(false);
  const possible = verbs[question.state];
  const staged = question.id === store.staged.value?.id;
  const mayStage = question.state === 'approved' && question.text !== '';
  const run = async (command: Promise<unknown>) => {
    setBusy(true);
    await command.catch(toast.error);
    setBusy(false);
  };
  if (possible.length === 0) return null;
  // What comes next stands out: answered after it was on the screen, else on the screen.
  const first = mayStage && !staged ? null : possible[0];
  return (
    <div class="row">
      {mayStage && (
        <Button
          small
          look={staged ? 'secondary' : 'primary'}
          icon="screen"
          busy={busy}
          onClick={() => run(store.putOnScreen(question.id, !staged))}
        >
          {staged ? t.unstage : t.stage}
        </Button>
      )}
      {possible.map((verb) => (
        <Button
          key={verb}
          small
          look={verb === first ? 'primary' : verb === 'dismiss' ? 'quiet' : 'secondary'}
          busy={busy}
          onClick={() => run(store.moderate(question.id, verb))}
        >
          {t[verb]}
        </Button>
      ))}
    </div>
  );
}
