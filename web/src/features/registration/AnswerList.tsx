// Questions of the organiser's own with somebody's answers.
import { language } from '../../i18n';
import { type Answer, answerText, type AskedQuestion, labelOf } from './formQuestions';
import { questionTexts } from './questionTexts';

export function AnswerList({ items }: { items: { question: AskedQuestion; answer: Answer | null }[] }) {
  return (
    <dl class="answers">
      {items.map(({ question, answer }) => (
        <div key={question.key}>
          <dt>{labelOf(question, language.value)}</dt>
          <dd translate={question.kind !== 'text'}>
            {answer === null ? <span class="faint">{questionTexts().none}</span> : answerText(question, answer, language.value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
