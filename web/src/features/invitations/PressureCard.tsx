// How many congresses an organisation invites somebody to at most, in how many days.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Input } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import { api, type Pressure } from './api';
import { invitationTexts } from './texts';

export function PressureCard() {
  const t = invitationTexts();
  const pressure = useResource('contact pressure', api.pressure);
  const [changing, setChanging] = useState(false);
  const change = (
    <Button icon="edit" onClick={() => setChanging(true)}>
      {t.change}
    </Button>
  );
  return (
    <Card title={t.pressure} actions={change}>
      <ResourceView of={pressure} lines={1}>
        {(value) => (
          <>
            <p>{t.pressureText(value.most, value.days)}</p>
            {changing && <PressureDialog stored={value} onSaved={pressure.set} onClose={() => setChanging(false)} />}
          </>
        )}
      </ResourceView>
    </Card>
  );
}

interface DialogProps {
  stored: Pressure;
  onSaved: (pressure: Pressure) => void;
  onClose: () => void;
}

function PressureDialog({ stored, onSaved, onClose }: DialogProps) {
  const t = invitationTexts();
  const [most, setMost] = useState(String(stored.most));
  const [days, setDays] = useState(String(stored.days));
  const save = useAction(async () => {
    onSaved(await api.setPressure({ most: Number(most), days: Number(days) }));
    onClose();
    toast.good(t.saved);
  });
  return (
    <FormDialog title={t.pressure} action={save} fields={['most', 'days']} submit={common().save} onClose={onClose}>
      <Input label={t.most} type="number" min={1} max={100} required value={most} onInput={setMost} error={save.field('most')} />
      <Input label={t.days} type="number" min={1} max={730} required value={days} onInput={setDays} error={save.field('days')} hint={t.pressureHint} />
    </FormDialog>
  );
}
