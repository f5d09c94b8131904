import type { StaffMe } from '../../net/types';
import { Dialog } from '../../ui/Dialog';
import { factorTexts } from './factorTexts';
import { RecoveryCodes } from './RecoveryCodes';

interface ShownCodesProps {
  who: StaffMe;
  codes: string[];
  onDone: () => void;
}

/** New recovery codes in a dialog; closing it is having kept them, since they are in force. */
export function ShownCodes({ who, codes, onDone }: ShownCodesProps) {
  return (
    <Dialog key="codes" title={factorTexts().codesTitle} onClose={onDone}>
      <RecoveryCodes
        codes={codes}
        organisation={who.organisation.name}
        email={who.account.email ?? ''}
        onDone={onDone}
      />
    </Dialog>
  );
}
