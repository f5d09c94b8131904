// How many people there are of each code, the most first.
import { formatNumber } from '../../i18n';
import { Bar } from '../../ui/Bar';
import type { Breakdown } from './api';
import { listTexts } from './texts';

const MOST = 8;

interface BarsProps {
  parts: Breakdown;
  people: number;
  label: (code: string) => string;
}

/** The first few codes, what the others come to, and of whom it is not known. */
function lines({ parts, label }: BarsProps): { name: string; people: number; rest: boolean }[] {
  const t = listTexts();
  const said = parts.filter((part) => part.code !== null);
  const shown = said.length > MOST ? said.slice(0, MOST - 1) : said;
  const others = said.slice(shown.length);
  const unsaid = parts.find((part) => part.code === null);
  const sum = others.reduce((n, part) => n + part.people, 0);
  return [
    ...shown.map((part) => ({ name: label(part.code ?? ''), people: part.people, rest: false })),
    ...(sum ? [{ name: t.others(formatNumber(others.length)), people: sum, rest: true }] : []),
    ...(unsaid ? [{ name: t.unsaid, people: unsaid.people, rest: true }] : []),
  ];
}

export function Bars(props: BarsProps) {
  return (
    <dl class="list-bars">
      {lines(props).map(({ name, people, rest }) => (
        <div key={name} class={`list-bars__row${rest ? ' faint' : ''}`}>
          <dt>{name}</dt>
          <dd>
            <Bar class="list-bars__bar" share={props.people ? people / props.people : 0} height={8} />
            <span class="number">{formatNumber(people)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
