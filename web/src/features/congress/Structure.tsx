import { useState } from 'preact/hooks';
import { api } from '../../net/api';
import type { Congress, Named } from '../../net/types';
import { useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Input } from '../../ui/Field';
import { congressTexts } from './texts';

/** Rooms and tracks, which only congresses of several sessions need. */
export function Structure({
  congress,
  reload,
}: {
  congress: Congress;
  reload: () => Promise<void>;
}) {
  const t = congressTexts();
  return (
    <Card title={t.structure} text={t.structureText}>
      <div class="grid-2">
        <Names
          title={t.rooms}
          button={t.addRoom}
          items={congress.rooms}
          add={(name) => api.addRoom(congress.id, name)}
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
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save.run();
      }}
    >
      <h3>{title}</h3>
      {items.length > 0 ? (
        <ul class="plain row">
          {items.map((item) => (
            <li key={item.id} class="chip chip--plain">
              {item.name}
            </li>
          ))}
        </ul>
      ) : (
        <p class="faint small">{t.nothing}</p>
      )}
      <div class="option-line">
        <Input
          label={`${title}: ${t.name}`}
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
    </form>
  );
}
