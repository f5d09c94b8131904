// What is amiss in a programme: said, never refused.
import { Banner } from '../../ui/Banner';
import { adminTexts } from './adminTexts';
import type { Warning, Written } from './api';

export function Warnings({ written: { programme, people } }: { written: Written }) {
  const t = adminTexts();
  const title = (id: string) => programme.talks.find((talk) => talk.id === id)?.title ?? '';
  const name = (id: string) => people.find((speaker) => speaker.id === id)?.name ?? '';
  const sentence = (warning: Warning) => {
    if (warning.kind === 'overrun') return t.overrun(title(warning.talk));
    if (warning.kind === 'overlap') return t.overlap(title(warning.other), title(warning.talk));
    return t.twice(name(warning.speaker), warning.elsewhere);
  };
  const sentences = [...new Set(programme.warnings.map(sentence))];
  if (sentences.length === 0) return null;
  return (
    <Banner tone="warn" title={t.warnings}>
      <ul>
        {sentences.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Banner>
  );
}
