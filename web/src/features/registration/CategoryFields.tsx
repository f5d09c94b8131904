// What somebody registers as, and what is asked of them: in the registration form, and on one's own page.
import type { Category } from '../../net/types';
import { codeOptions } from '../../state/codes';
import { Input, Select } from '../../ui/Field';
import { SearchSelect } from '../../ui/SearchSelect';
import { isAffiliated, selfOptions } from './categories';
import { categoryTexts } from './categoryTexts';
import type { Person } from './form';
import { ProfileFields } from './ProfileFields';
import { registrationTexts } from './texts';

interface FieldsProps {
  draft: Person;
  change: (fields: Partial<Person>) => void;
  fault: (name: string) => string | null;
}

/** Only where there is something to choose. */
export function CategoryField({ draft, change, fault, categories }: FieldsProps & { categories: readonly Category[] }) {
  if (categories.length < 2) return null;
  return (
    <Select
      label={categoryTexts().as}
      placeholder={registrationTexts().choose}
      required
      value={draft.category}
      onChange={(category) => change({ category: category as Category | '' })}
      options={selfOptions(categories)}
      error={fault('category')}
    />
  );
}

export function CategoryFields(props: FieldsProps) {
  const { category } = props.draft;
  if (category === 'hcp') return <ProfileFields {...props} />;
  if (!isAffiliated(category)) return null;
  return (
    <div class="grid-2">
      {category === 'student' && <Studies {...props} />}
      <Input
        label={categoryTexts().affiliation[category]}
        name="affiliation"
        autocomplete="organization"
        maxLength={200}
        required
        value={props.draft.affiliation}
        onInput={(affiliation) => props.change({ affiliation })}
        error={props.fault('affiliation')}
      />
    </div>
  );
}

function Studies({ draft, change, fault }: FieldsProps) {
  return (
    <SearchSelect
      label={categoryTexts().studies}
      required
      value={draft.profession}
      onChange={(profession) => change({ profession })}
      options={codeOptions('profession')}
      error={fault('profession')}
    />
  );
}
