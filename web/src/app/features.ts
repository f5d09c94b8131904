// Every feature of the product. Tabs, panels and navigation appear in this order.
import { accounts } from '../features/accounts';
import { audience } from '../features/audience';
import { audit } from '../features/audit';
import { congress } from '../features/congress';
import type { Feature } from '../features/feature';
import { goals } from '../features/goals';
import { guestSpeakers } from '../features/guest_speakers';
import { invitations } from '../features/invitations';
import { lists } from '../features/lists';
import { mails } from '../features/mails';
import { participation } from '../features/participation';
import { polls } from '../features/polls';
import { presence } from '../features/presence';
import { programme } from '../features/programme';
import { questions } from '../features/questions';
import { recording } from '../features/recording';
import { registration } from '../features/registration';
import { representatives } from '../features/representatives';
import { sessions } from '../features/sessions';
import { slides } from '../features/slides';
import { stage } from '../features/stage';

export const features: readonly Feature[] = [
  congress,
  goals,
  audience,
  lists,
  registration,
  invitations,
  mails,
  sessions,
  presence,
  recording,
  stage,
  programme,
  slides,
  questions,
  polls,
  participation,
  accounts,
  audit,
  representatives,
  guestSpeakers,
];
