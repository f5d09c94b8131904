// What the register of health professionals said of a registration.
import { formatDate } from '../../i18n';
import { Badge, type BadgeTone } from '../../ui/Badge';
import type { Registration, Verdict } from './api';
import { registryTexts } from './registryTexts';

const tones: Record<Verdict, BadgeTone> = { verified: 'good', differs: 'warn', unknown: 'neutral' };

export function RegistryMark({ row }: { row: Registration }) {
  const t = registryTexts();
  const { registry, rpps_shared } = row;
  return (
    <>
      {registry && (
        <span class="table__second">
          <Badge tone={tones[registry.verdict]}>{t[registry.verdict]}</Badge> {said(registry)}
        </span>
      )}
      {rpps_shared && (
        <span class="table__second">
          <Badge tone="info">{t.shared}</Badge>
        </span>
      )}
    </>
  );
}

/** What differs, else the date of the register. */
function said({ verdict, differs, data_at }: NonNullable<Registration['registry']>): string {
  const t = registryTexts();
  if (verdict === 'differs') return differs.map((one) => t[one]).join(', ');
  return t.of(formatDate(data_at, 'Europe/Paris', { dateStyle: 'medium' }));
}
