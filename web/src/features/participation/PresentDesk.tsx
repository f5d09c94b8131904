// Who is present, by target profile, for those who conduct the session.
import { formatNumber } from '../../i18n';
import { Bar } from '../../ui/Bar';
import { EmptyState } from '../../ui/EmptyState';
import type { ViewProps } from '../feature';
import { presentTexts } from './presentTexts';
import type { FiguresStore } from './store';

export function PresentDesk({ store, room }: ViewProps<FiguresStore>) {
  const t = presentTexts();
  const figures = store.figures.value;
  if (!figures || (figures.present === 0 && !room.people))
    return (
      <EmptyState icon="people" title={t.nobody}>
        {t.nobodyText}
      </EmptyState>
    );
  const rows = [
    { id: '', name: t.all, ...figures },
    ...figures.profiles,
    ...(figures.no_profile.registered > 0 && figures.profiles.length > 0
      ? [{ id: '-', name: t.noProfile, ...figures.no_profile }]
      : []),
  ];
  return (
    <ul class="plain audience">
      {rows.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </ul>
  );
}

interface RowProps {
  row: { name: string; present: number; attended: number; registered: number };
}

function Row({ row }: RowProps) {
  const t = presentTexts();
  const share = row.registered ? Math.min(1, row.present / row.registered) : 0;
  const figure = (label: string, value: number) => (
    <div>
      <dt>{label}</dt>
      <dd>{formatNumber(value)}</dd>
    </div>
  );
  return (
    <li class="audience__row">
      <p class="audience__name">{row.name}</p>
      <dl class="audience__figures number">
        {figure(t.present, row.present)}
        {figure(t.attended, row.attended)}
        {figure(t.registered, row.registered)}
      </dl>
      <Bar class="audience__bar" share={share} height={6} strong />
    </li>
  );
}
