// What the register of health professionals said of a registration.
import { formatDate } from '../../i18n';
import { Badge, type BadgeTone } from '../../ui/Badge';
import type { Registration, Verdict } from './api';
import { providerTexts } from './providerTexts';
import { registryTexts } from './registryTexts';

const tones: Record<Verdict, BadgeTone> = { verified: 'good', differs: 'warn', unknown: 'neutral' };

export function RegistryMark({ row }: { row: Registration }) {
  const t = registryTexts();
  const { registry, provider, rpps_shared } = row;
  return (
    <>
      {registry && (
        <span class="table__second">
          <Badge tone={tones[registry.verdict]}>{t[registry.verdict]}</Badge> {said(registry)}
        </span>
      )}
      {provider && <ProviderMark {...provider} />}
      {rpps_shared && (
        <span class="table__second">
          <Badge tone="info">{t.shared}</Badge>
        </span>
      )}
    </>
  );
}

function ProviderMark({ provider, verdict, differs, at }: NonNullable<Registration['provider']>) {
  const t = providerTexts();
  const said = verdict === 'verified' ? t.on(provider, formatDate(at, 'Europe/Paris', { dateStyle: 'medium' })) : t.in(provider, differs.map((one) => t[one]).join(', '));
  return (
    <span class="table__second">
      <Badge tone={tones[verdict]}>{verdict === 'verified' ? t.mark : t.markDiffers}</Badge> {said}
    </span>
  );
}

/** What differs, else the date of the register. */
function said({ verdict, differs, data_at }: NonNullable<Registration['registry']>): string {
  const t = registryTexts();
  if (verdict === 'differs') return differs.map((one) => t[one]).join(', ');
  return t.of(formatDate(data_at, 'Europe/Paris', { dateStyle: 'medium' }));
}
