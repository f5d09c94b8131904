// What an HCP corrects in a dialog: the name, the profession.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { errorField, fieldText } from '../../i18n/errors';
import { ATTRIBUTES, type MyRegistration } from '../../net/types';
import { useAction } from '../../state/action';
import { codeOptions } from '../../state/codes';
import { Input } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { api, type MyProfile } from './api';
import { CategoryFields } from './CategoryFields';
import { categoryTexts } from './categoryTexts';
import { declared, type Person, type Profile, profileFaults } from './form';
import { myTexts } from './myTexts';
import { registrationTexts } from './texts';

interface NameDialogProps {
  mine: MyRegistration;
  onClose: () => void;
  onDone: (mine: MyRegistration) => void;
}

export function NameDialog({ mine, onClose, onDone }: NameDialogProps) {
  const t = registrationTexts();
  const [first_name, setFirst] = useState(mine.first_name);
  const [last_name, setLast] = useState(mine.last_name);
  const save = useAction(async () => {
    const name = { first_name: first_name.trim(), last_name: last_name.trim() };
    onDone(await api.changeMyName(name));
  });
  return (
    <FormDialog
      title={t.rename}
      action={save}
      fields={['first_name', 'last_name']}
      submit={common().save}
      onClose={onClose}
    >
      <p class="muted">{t.renameText}</p>
      <Input
        label={t.firstName}
        autocomplete="given-name"
        maxLength={100}
        required
        value={first_name}
        onInput={setFirst}
        error={save.field('first_name')}
      />
      <Input
        label={t.lastName}
        autocomplete="family-name"
        maxLength={100}
        required
        value={last_name}
        onInput={setLast}
        error={save.field('last_name')}
      />
    </FormDialog>
  );
}

interface ProfileDialogProps {
  profile: MyProfile;
  onClose: () => void;
  onDone: (profile: MyProfile) => void;
}

/** What was declared; a code that is not offered any more has to be chosen anew. */
function chosen({ declared: before, category, affiliation }: MyProfile): Person {
  const profession = before.profession ?? '';
  const values = ATTRIBUTES.map((list) => {
    const offered = codeOptions(list, list === 'specialty' ? { profession } : {});
    return [list, offered.some(({ value }) => value === before[list]) ? before[list] : ''];
  });
  return { ...(Object.fromEntries(values) as Profile), category, affiliation: affiliation ?? '' };
}

export function ProfileDialog({ profile, onClose, onDone }: ProfileDialogProps) {
  const t = registrationTexts();
  const [draft, setDraft] = useState(() => chosen(profile));
  const [tried, setTried] = useState(false);
  const wrong = profileFaults(draft);
  const save = useAction(async () => onDone(await api.changeMyProfile(declared(draft))));
  const submit = () => {
    setTried(true);
    if (Object.keys(wrong).length === 0) void save.run();
  };
  const fault = (name: string): string | null => {
    const found = wrong[name];
    if (tried && found) return t[found];
    return errorField(save.error) === name ? fieldText(save.error) : null;
  };
  return (
    <FormDialog
      title={profile.category === 'hcp' ? myTexts().profile : categoryTexts().self[profile.category]}
      wide
      action={save}
      fields={[...ATTRIBUTES, 'affiliation']}
      submit={common().save}
      onSubmit={submit}
      onClose={onClose}
    >
      <CategoryFields draft={draft} change={(fields) => setDraft({ ...draft, ...fields })} fault={fault} />
    </FormDialog>
  );
}
