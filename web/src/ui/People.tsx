// Who is in a talk, or in a whole session, and as what.
import type { Speaking } from '../net/types';
import { Verbatim } from './Verbatim';
import { programmeTexts } from './programmeTexts';

export function People({ people }: { people: readonly Speaking[] }) {
  if (people.length === 0) return null;
  return (
    <ul class="plain speaking">
      {people.map((person, index) => (
        <Person key={index} person={person} />
      ))}
    </ul>
  );
}

function Person({ person: { name, affiliation, country, role } }: { person: Speaking }) {
  const from = [affiliation, country].filter(Boolean).join(', ');
  const as = role === 'speaker' ? '' : programmeTexts().role[role];
  return (
    <li>
      <Verbatim class="speaking__name">{name}</Verbatim>
      {as && <span class="speaking__role">{as}</span>}
      {from && <span class="muted">{from}</span>}
    </li>
  );
}
