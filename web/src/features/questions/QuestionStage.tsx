// The question that is being answered, below the slide, or over it on the whole screen.
import { Icon } from '../../ui/Icon';
import type { ViewProps } from '../feature';
import type { QuestionStore } from './store';
import { questionTexts } from './texts';

export function QuestionStage({ store }: ViewProps<QuestionStore>) {
  const t = questionTexts();
  const question = store.staged.value;
  if (!question) return null;
  return (
    <section class="question-stage" aria-label={t.answering}>
      <Icon name="message" size={22} />
      <div>
        <p class="question-stage__text">{question.text}</p>
        <p class="small" translate={!question.author}>
          {question.author ?? t.anonymousAuthor}
        </p>
      </div>
    </section>
  );
}
