// Who is there for all of a session: chairs, moderators.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { FormDialog } from '../../ui/FormDialog';
import { adminTexts } from './adminTexts';
import type { Appearance, Written } from './api';
import { People } from '../../ui/People';
import { PeopleFields, type PeopleFieldsProps } from './PeopleFields';
import { named } from './TalkList';

interface WholeProps extends Pick<PeopleFieldsProps, 'onNew'> {
  written: Written;
  mayEdit: boolean;
  onSave: (speakers: Appearance[]) => Promise<void>;
}

export function Whole(props: WholeProps) {
  const t = adminTexts();
  const { written, mayEdit } = props;
  const [editing, setEditing] = useState(false);
  const shown = named(written.programme.speakers, written.people);
  const edit = mayEdit && (
    <Button icon="edit" onClick={() => setEditing(true)}>
      {common().edit}
    </Button>
  );
  return (
    <Card title={t.whole} text={t.wholeText} actions={edit}>
      {shown.length === 0 ? <p class="muted">{t.wholeNone}</p> : <People people={shown} />}
      {editing && <Editor {...props} onClose={() => setEditing(false)} />}
    </Card>
  );
}

function Editor({ written, onNew, onSave, onClose }: WholeProps & { onClose: () => void }) {
  const t = adminTexts();
  const [speakers, setSpeakers] = useState<readonly Appearance[]>(written.programme.speakers);
  const save = useAction(async () => {
    await onSave([...speakers]);
    onClose();
  });
  return (
    <FormDialog title={t.whole} action={save} submit={common().save} onClose={onClose}>
      <PeopleFields people={written.people} value={speakers} role="chair" onChange={setSpeakers} onNew={onNew} />
    </FormDialog>
  );
}
