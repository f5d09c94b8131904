// Who is present, by target profile.
import { formatNumber } from '../../i18n';
import type { Figures } from '../../net/types';
import { EmptyState } from '../../ui/EmptyState';
import { hostTexts } from './texts';

export function Audience({ figures, people }: { figures: Figures | null; people: number | null }) {
  const t = hostTexts();
  if (!figures || (figures.present === 0 && !people))
    return (
      <EmptyState icon="people" title={t.nobody}>
        {t.nobodyText}
      </EmptyState>
    );
  const rows = [{ id: '', name: t.all, ...figures }, ...figures.profiles];
  return (
    <ul class="plain audience">
      {rows.map((row) => (
        <li class="audience__row" key={row.id}>
          <p class="audience__name">{row.name}</p>
          <dl class="audience__figures number">
            <div>
              <dt>{t.present}</dt>
              <dd>{formatNumber(row.present)}</dd>
            </div>
            <div>
              <dt>{t.attended}</dt>
              <dd>{formatNumber(row.attended)}</dd>
            </div>
            <div>
              <dt>{t.registered}</dt>
              <dd>{formatNumber(row.registered)}</dd>
            </div>
          </dl>
          <svg class="audience__bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="result__track" width="100" height="6" rx="2" />
            <rect
              class="result__fill result__fill--best"
              width={row.registered ? Math.min(100, (row.present / row.registered) * 100) : 0}
              height="6"
              rx="2"
            />
          </svg>
        </li>
      ))}
    </ul>
  );
}
