// A session's programme on pages: talks with their times, speakers, abstracts, and who the speakers are.
import type { Language, Programme, Speaking } from '../net/types';
import { formatTime, unbroken } from '../i18n';
import { Verbatim } from './Verbatim';
import { People } from './People';
import { programmeTexts } from './programmeTexts';
import { timeAt } from './talkTimes';

interface ProgrammeListProps {
  programme: Programme;
  startsAt: string;
  zone: string;
  language: Language;
}

export function ProgrammeList({ programme, startsAt, zone, language }: ProgrammeListProps) {
  const t = programmeTexts();
  const { speakers, talks } = programme;
  if (speakers.length + talks.length === 0) return null;
  return (
    <section class="stack stack--tight" aria-label={t.title}>
      <People people={speakers} />
      <ol class="plain talks" lang={language}>
        {talks.map((talk) => (
          <li class="talk" key={talk.id}>
            <span class="talk__time number">{formatTime(timeAt(startsAt, talk.start_minute), zone)}</span>
            <div class="talk__what">
              <p class="talk__title">{unbroken(talk.title)}</p>
              <People people={talk.speakers} />
              {talk.abstract && <More title={t.abstract}>{talk.abstract}</More>}
            </div>
          </li>
        ))}
      </ol>
      <About people={[...speakers, ...talks.flatMap((talk) => talk.speakers)]} language={language} />
    </section>
  );
}

function More({ title, children }: { title: string; children: string }) {
  return (
    <details class="more">
      <summary>{title}</summary>
      <p class="muted small prewrap">{children}</p>
    </details>
  );
}

/** Each person with a biography once. */
function About({ people, language }: { people: readonly Speaking[]; language: Language }) {
  const known = new Map(people.map((person) => [`${person.name} ${person.biography}`, person]));
  const told = [...known.values()].filter(({ biography }) => biography);
  if (told.length === 0) return null;
  return (
    <details class="more">
      <summary>{programmeTexts().about}</summary>
      <dl class="stack stack--tight more__people">
        {told.map(({ name, biography }) => (
          <div key={name}>
            <dt>
              <Verbatim class="speaking__name">{name}</Verbatim>
            </dt>
            <dd class="muted small prewrap" lang={language}>
              {biography}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
