import { Badge, type BadgeTone } from '../../ui/Badge';
import type { RoundState } from './api';
import { invitationTexts } from './texts';

const tones: Record<RoundState, BadgeTone> = {
  draft: 'neutral',
  sending: 'accent',
  sent: 'good',
  cancelled: 'warn',
  failed: 'bad',
};

export const RoundBadge = ({ state }: { state: RoundState }) => <Badge tone={tones[state]}>{invitationTexts().state[state]}</Badge>;
