// Criteria in words: whom a profile matches.
import { type Criteria, type Criterion, MODES } from './api';
import { attributeName, codeName, type Things } from './criteria';
import { audienceTexts } from './texts';

interface SentenceProps {
  criteria: Criteria;
  /** The target lists and profiles that they name. */
  things: Things;
}

export function Sentence({ criteria, things }: SentenceProps) {
  const t = audienceTexts();
  const filled = MODES.filter((mode) => criteria[mode].length > 0);
  if (filled.length === 0) return <p class="muted">{t.everybody}</p>;
  const line = ({ attribute, codes: chosen }: Criterion) => (
    <span>
      <span class="criteria__attribute">{attributeName(attribute)}</span>
      {chosen.map((code) => codeName(attribute, code, things)).join(` ${t.or} `)}
    </span>
  );
  return (
    <dl class="criteria">
      {filled.map((mode) => (
        <div key={mode}>
          <dt>{t.mode[mode]}</dt>
          {criteria[mode].map((criterion, index) => (
            <dd key={index}>{line(criterion)}</dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
