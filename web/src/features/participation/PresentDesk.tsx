// Who is present, by target profile, for those who conduct the session. Others than HCPs are left out, and the first row says so.
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
  const { profiles, no_profile, others } = figures;
  const rows = [
    { id: '', name: others.registered ? t.hcps : t.all, ...figures },
    ...profiles,
    ...(profiles[0] && no_profile.registered ? [{ id: '-', name: t.noProfile, ...no_profile }] : []),
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
  return (
    <li class="audience__row">
      <p class="audience__name">{row.name}</p>
      <dl class="audience__figures number">
        {(['present', 'attended', 'registered'] as const).map((key) => (
          <div key={key}>
            <dt>{t[key]}</dt>
            <dd>{formatNumber(row[key])}</dd>
          </div>
        ))}
      </dl>
      <Bar class="audience__bar" share={share} height={6} strong />
    </li>
  );
}
