// What somebody is by profession: in the registration form, and on one's own page.
import { useMemo } from 'preact/hooks';
import { language } from '../../i18n';
import { common } from '../../i18n/common';
import type { Attribute } from '../../net/types';
import { codeOptions, codes, loadCountries } from '../../state/codes';
import { Select } from '../../ui/Field';
import { SearchSelect } from '../../ui/SearchSelect';
import { PHYSICIAN, type Profile } from './form';
import { registrationTexts } from './texts';

interface ProfileProps {
  draft: Profile;
  change: (fields: Partial<Profile>) => void;
  fault: (name: string) => string | null;
}

export function ProfileFields({ draft, change, fault }: ProfileProps) {
  const specialties = codeOptions('specialty', { profession: draft.profession });
  const fields = { draft, change, fault };
  return (
    <div class="grid-2">
      <CodeSelect list="profession" {...fields} />
      {specialties.length > 0 && (
        <CodeSelect list="specialty" {...fields} optional={draft.profession !== PHYSICIAN} />
      )}
      <CodeSelect list="practice_setting" {...fields} />
      <CodeSelect list="region" {...fields} />
      <AgeBand {...fields} />
    </div>
  );
}

function CodeSelect(props: ProfileProps & { list: Attribute; optional?: boolean }) {
  const { list, optional = false, draft, change, fault } = props;
  const { profession } = draft;
  const options = useMemo(
    () => codeOptions(list, list === 'specialty' ? { profession } : {}),
    [codes.value, language.value, list, profession],
  );
  return (
    <SearchSelect
      label={common().attribute[list]}
      required={!optional}
      optional={optional}
      value={draft[list]}
      onChange={(value) => change(list === 'profession' ? withProfession(draft, value) : { [list]: value })}
      options={options}
      error={fault(list)}
      {...(list === 'region' ? { onFocus: countries } : {})}
    />
  );
}

/** Asked for where somebody chooses; without them the regions can still be chosen, and the next time asks again. */
const countries = () => void loadCountries().catch(() => {});

/** Another profession keeps the specialty only where it has it, too. */
function withProfession({ specialty }: Profile, profession: string): Partial<Profile> {
  const keeps = codeOptions('specialty', { profession }).some(({ value }) => value === specialty);
  return { profession, specialty: keeps ? specialty : '' };
}

function AgeBand({ draft, change, fault }: ProfileProps) {
  return (
    <Select
      label={common().attribute.age_band}
      placeholder={registrationTexts().choose}
      required
      value={draft.age_band}
      onChange={(age_band) => change({ age_band })}
      options={codeOptions('age_band')}
      error={fault('age_band')}
    />
  );
}
