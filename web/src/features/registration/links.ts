import { codeLabel } from '../../i18n';
import { codes } from '../../state/codes';
import type { RegistrationLink } from './api';

/** "Congress desk · Lyon". */
export function nameOf(link: RegistrationLink): string {
  const channel = codeLabel(codes.value?.channel, link.channel);
  return link.label ? `${channel} · ${link.label}` : channel;
}
