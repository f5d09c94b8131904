// Whom registration is for, where it is not for everybody.
import { Banner } from '../../ui/Banner';
import type { RegistrationPage } from './api';
import { policyTexts } from './policyTexts';

export function Reserved({ policy }: Pick<RegistrationPage, 'policy'>) {
  const t = policyTexts();
  if (policy === 'open') return null;
  return <Banner silent>{policy === 'matching' ? t.reservedMatching : t.reservedList}</Banner>;
}
