// What organisers may change of a congress.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import type { CongressFields } from '../../net/types';
import { useAction } from '../../state/action';
import { hasRole } from '../../state/me';
import { useUnsaved } from '../../state/unsaved';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Form } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import type { CongressTabProps } from '../feature';
import { api } from './api';
import { CONGRESS_FIELDS, CongressFieldset } from './CongressForm';
import { CopyDialog } from './CopyDialog';
import { Structure } from './Structure';
import { congressTexts } from './texts';

export default function CongressSettings(props: CongressTabProps) {
  return (
    <div class="columns">
      <Details {...props} />
      <div class="stack stack--wide">
        <Structure {...props} />
        {hasRole('organiser') && <Copy {...props} />}
      </div>
    </div>
  );
}

const fieldsOf = ({ title, description, language, time_zone }: CongressFields): CongressFields => ({
  title,
  description,
  language,
  time_zone,
});

function Details({ congress, reload }: CongressTabProps) {
  const t = congressTexts();
  const c = common();
  const [fields, setFields] = useState(() => fieldsOf(congress));
  const changed = JSON.stringify(fields) !== JSON.stringify(fieldsOf(congress));
  useUnsaved(changed);
  const save = useAction(async () => {
    setFields(fieldsOf(await api.changeCongress(congress.id, fields)));
    toast.good(c.saved);
    await reload();
  });
  const button = (
    <Button type="submit" look="primary" busy={save.busy} disabled={!changed}>
      {c.save}
    </Button>
  );
  return (
    <Card title={t.details}>
      <Form onSubmit={() => save.run()} error={save.text(CONGRESS_FIELDS)} footer={button}>
        <CongressFieldset fields={fields} onChange={setFields} action={save} />
      </Form>
    </Card>
  );
}

function Copy({ congress }: CongressTabProps) {
  const t = congressTexts().copy;
  const [open, setOpen] = useState(false);
  return (
    <Card title={t.title} text={t.text}>
      <Button icon="copy" onClick={() => setOpen(true)}>
        {t.open}
      </Button>
      {open && <CopyDialog congress={congress} onClose={() => setOpen(false)} />}
    </Card>
  );
}
