// The organisation's library of target profiles: what is chosen is copied into the congress. Here it is tidied up, too.
import { useId, useState } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { common } from '../../i18n/common';
import { refusalText } from '../../i18n/errors';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { Button, IconButton } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { Checkbox, Input } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { FormDialog } from '../../ui/FormDialog';
import { Icon } from '../../ui/Icon';
import { RemoveDialog } from '../../ui/RemoveDialog';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import { api, type LibraryProfile, type TargetProfile } from './api';
import { below, removedLists, searched } from './library';
import { libraryTexts } from './libraryTexts';
import { Sentence } from './Sentence';
import { audienceTexts } from './texts';

const MANY = 6; // from here on they are searched

type Tidying = { what: 'rename' | 'remove'; profile: LibraryProfile };

interface LibraryDialogProps {
  congress: string;
  /** All of the congress. */
  profiles: readonly TargetProfile[];
  onClose: () => void;
  onDone: (added: number) => void;
}

export function LibraryDialog({ congress, profiles, onClose, onDone }: LibraryDialogProps) {
  const t = libraryTexts();
  const form = useId();
  const found = useResource(`library ${congress}`, async () => (await api.library(congress)).items);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [nothing, setNothing] = useState(false); // it was submitted with nothing chosen
  const [tidying, setTidying] = useState<Tidying | null>(null);
  const wanted = chosen.filter((id) => found.value?.some((profile) => profile.id === id));
  const add = useAction(async () => onDone((await api.addFromLibrary(congress, wanted)).items.length));
  const choose = (id: string, on: boolean) => setChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  const submit = () => {
    setNothing(wanted.length === 0);
    if (wanted.length > 0) void add.run();
  };
  // Beside the buttons, as the list is longer than the dialog.
  const fault = nothing && wanted.length === 0 ? t.chooseOne : add.error !== null ? refusalText(add.error) : null;
  const footer = (
    <>
      {fault && (
        <div class="library__fault">
          <Banner tone="bad">{fault}</Banner>
        </div>
      )}
      {wanted.length > 0 && <p class="muted small number library__count">{t.chosen(wanted.length)}</p>}
      <Button onClick={onClose}>{common().cancel}</Button>
      {found.value && found.value.length > 0 && (
        <Button type="submit" form={form} look="primary" busy={add.busy}>
          {t.submit}
        </Button>
      )}
    </>
  );
  return (
    <>
      <Dialog title={t.from} wide onClose={onClose} footer={footer}>
        <Form id={form} onSubmit={submit}>
          <ResourceView of={found}>
            {(library) => (
              <Choice library={library} chosen={chosen} onChoose={choose} profiles={profiles} onTidy={setTidying} />
            )}
          </ResourceView>
        </Form>
      </Dialog>
      {tidying && <Tidy {...tidying} reload={found.reload} onClose={() => setTidying(null)} />}
    </>
  );
}

interface ChoiceProps {
  library: readonly LibraryProfile[];
  profiles: readonly TargetProfile[];
  chosen: readonly string[];
  onChoose: (id: string, on: boolean) => void;
  onTidy: (tidying: Tidying) => void;
}

function Choice({ library, profiles, chosen, onChoose, onTidy }: ChoiceProps) {
  const t = libraryTexts();
  const [typed, setTyped] = useState('');
  const shown = searched(library, typed);
  if (library.length === 0)
    return (
      <EmptyState icon="library" title={t.empty}>
        {t.emptyText}
      </EmptyState>
    );
  return (
    <div class="stack">
      <p class="muted">{t.lead}</p>
      {library.length >= MANY && (
        <Input label={t.search} type="search" value={typed} onInput={setTyped} autocomplete="off" />
      )}
      <p class={typed ? 'muted small number' : 'visually-hidden'} role="status">
        {shown.length > 0 ? t.found(shown.length) : t.nothing}
      </p>
      <ul class="plain library">
        {shown.map((profile) => (
          <li key={profile.id} class="library__profile">
            <Kept
              profile={profile}
              library={library}
              nameThere={profiles.some(({ name }) => name === profile.name)}
              chosen={chosen.includes(profile.id)}
              onChoose={(on) => onChoose(profile.id, on)}
              onTidy={(what) => onTidy({ what, profile })}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface KeptProps {
  profile: LibraryProfile;
  library: readonly LibraryProfile[];
  nameThere: boolean;
  chosen: boolean;
  onChoose: (on: boolean) => void;
  onTidy: (what: Tidying['what']) => void;
}

function Kept({ profile, library, nameThere, chosen, onChoose, onTidy }: KeptProps) {
  const t = libraryTexts();
  const removed = removedLists(profile, library);
  const others = below(profile, library).map(({ name }) => name);
  const notes = [
    universeLine(profile),
    others.length > 0 && t.comesWith(others.join(', ')),
    nameThere && t.nameThere,
  ].filter((note) => typeof note === 'string');
  return (
    <>
      <div class="library__head">
        <Checkbox
          label={<strong>{profile.name}</strong>}
          checked={chosen && removed.length === 0}
          disabled={removed.length > 0}
          onChange={onChoose}
        />
        <div class="library__tools">
          <IconButton icon="edit" label={common().named(t.rename, profile.name)} onClick={() => onTidy('rename')} />
          <IconButton icon="trash" label={common().named(t.remove, profile.name)} onClick={() => onTidy('remove')} />
        </div>
      </div>
      <div class="library__text stack stack--tight">
        <Sentence criteria={profile.criteria} things={{ target_list: profile.target_lists, target_profile: library }} />
        {notes.map((note) => (
          <p key={note} class="muted small">
            {note}
          </p>
        ))}
        {removed.length > 0 && (
          <p class="library__removed small">
            <Icon name="alert" size={16} />
            <span>{t.removedLists(removed.length, removed.join(', '))}</span>
          </p>
        )}
      </div>
    </>
  );
}

/** Where the number of all these HCPs comes from; null: nobody said. */
function universeLine({ universe, universe_source, universe_from, universe_list, target_lists }: LibraryProfile): string | null {
  const t = audienceTexts();
  if (universe_from === 'registry') return common().named(t.universe, t.fromRegistry);
  const list = target_lists.find(({ id }) => id === universe_list);
  if (list) return common().named(t.universe, t.fromList(list.name));
  return universe === null ? null : t.universeSaid(formatNumber(universe), universe_source ?? '');
}

interface TidyProps extends Tidying {
  reload: () => Promise<void>;
  onClose: () => void;
}

function Tidy({ what, profile, reload, onClose }: TidyProps) {
  const t = libraryTexts();
  if (what === 'rename') return <Rename profile={profile} reload={reload} onClose={onClose} />;
  return (
    <RemoveDialog
      title={t.remove}
      text={t.removeText(profile.name)}
      remove={() => api.removeKept(profile.id)}
      reload={reload}
      onClose={onClose}
    />
  );
}

function Rename({ profile, reload, onClose }: Omit<TidyProps, 'what'>) {
  const [name, setName] = useState(profile.name);
  const save = useAction(async () => {
    await api.renameKept(profile.id, name);
    await reload();
    toast.good(common().saved);
    onClose();
  });
  return (
    <FormDialog
      title={libraryTexts().renameTitle}
      action={save}
      fields={['name']}
      submit={common().save}
      onClose={onClose}
    >
      <Input
        label={audienceTexts().name}
        value={name}
        onInput={setName}
        error={save.field('name')}
        required
        maxLength={100}
      />
    </FormDialog>
  );
}
