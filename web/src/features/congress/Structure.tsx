import { common } from '../../i18n/common';
import { useState } from 'preact/hooks';
import type { Named } from '../../net/types';
import { useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Input } from '../../ui/Field';
import { Form } from '../../ui/Form';
import type { CongressTabProps } from '../feature';
import { api } from './api';
import { congressTexts } from './texts';

/** Halls and tracks, which only congresses of several sessions need. */
export function Structure({ congress, reload }: CongressTabProps) {
  const t = congressTexts();
  return (
    <Card title={t.structure} text={t.structureText}>
      <div class="grid-2">
        <Names
          title={t.halls}
          button={t.addHall}
          items={congress.halls}
          add={(name) => api.addHall(congress.id, name)}
          reload={reload}
        />
        <Names
          title={t.tracks}
          button={t.addTrack}
          items={congress.tracks}
          add={(name) => api.addTrack(congress.id, name)}
          reload={reload}
        />
      </div>
    </Card>
  );
}

interface NamesProps {
  title: string;
  button: string;
  items: Named[];
  add: (name: string) => Promise<Named>;
  reload: () => Promise<void>;
}

function Names({ title, button, items, add, reload }: NamesProps) {
  const t = congressTexts();
  const [name, setName] = useState('');
  const save = useAction(async () => {
    await add(name.trim());
    setName('');
    await reload();
  });
  return (
    <Form class="stack" onSubmit={() => save.run()}>
      <h3>{title}</h3>
      <Known items={items} />
      <div class="option-line">
        <Input
          label={common().named(title, t.name)}
          hideLabel
          placeholder={t.name}
          value={name}
          onInput={setName}
          error={save.field('name') ?? save.text(['name'])}
          required
          maxLength={100}
        />
        <Button type="submit" icon="add" busy={save.busy}>
          <span class="visually-hidden">{button}</span>
        </Button>
      </div>
    </Form>
  );
}

function Known({ items }: { items: Named[] }) {
  if (items.length === 0) return <p class="faint small">{congressTexts().nothing}</p>;
  return (
    <ul class="plain row">
      {items.map((item) => (
        <li key={item.id} class="chip chip--plain">
          {item.name}
        </li>
      ))}
    </ul>
  );
}
