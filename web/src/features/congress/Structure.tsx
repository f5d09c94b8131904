// Rooms and tracks, which only congresses of several sessions need: all of them are written at once, in their order.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { ApiError } from '../../net/api';
import { TRACK_COLOURS, type Congress, type Named, type Track, type TrackColour } from '../../net/types';
import { useAction } from '../../state/action';
import { Button, IconButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Input, Select } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { FormDialog } from '../../ui/FormDialog';
import { Menu, type MenuItem } from '../../ui/Menu';
import { toast } from '../../ui/Toast';
import type { CongressTabProps } from '../feature';
import { api } from './api';
import { structureTexts } from './structureTexts';

type Division = Named & { colour?: TrackColour };
type Which = 'halls' | 'tracks';

/** Writes one of the lists; the other stays. */
function useWriting({ congress, reload }: CongressTabProps) {
  return async (which: Which, items: Division[]) => {
    const { halls, tracks, structure_version: version } = congress;
    try {
      await api.writeStructure(congress.id, { version, halls, tracks, [which]: items });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'structure.changed') await reload();
      throw error;
    }
    await reload();
  };
}

export function Structure(props: CongressTabProps) {
  const t = structureTexts();
  const write = useWriting(props);
  return (
    <Card title={t.structure} text={t.structureText}>
      <div class="stack stack--wide">
        <Divisions which="halls" congress={props.congress} write={write} />
        <Divisions which="tracks" congress={props.congress} write={write} />
      </div>
    </Card>
  );
}

interface DivisionsProps {
  which: Which;
  congress: Congress;
  write: (which: Which, items: Division[]) => Promise<void>;
}

const usedIn = (congress: Congress, id: string) => congress.sessions.filter(({ hall, track }) => hall === id || track === id).length;

function Divisions({ which, congress, write }: DivisionsProps) {
  const t = structureTexts();
  const items: Division[] = congress[which];
  const [editing, setEditing] = useState<Division | null>(null);
  const put = (next: Division[]) => write(which, next).catch(toast.error);
  const move = (index: number, by: -1 | 1) => {
    const next = [...items];
    next.splice(index + by, 0, ...next.splice(index, 1));
    void put(next);
  };
  const remove = (gone: Division): MenuItem => ({
    label: t.remove,
    icon: 'trash',
    danger: true,
    onClick: () => void put(items.filter(({ id }) => id !== gone.id)),
  });
  return (
    <section class="stack stack--tight" aria-labelledby={`structure-${which}`}>
      <h3 id={`structure-${which}`}>{t[which]}</h3>
      {items.length === 0 && <p class="faint small">{t.nothing}</p>}
      <ol class="plain divisions">
        {items.map((item, index) => (
          <Row key={item.id} item={item} first={index === 0} last={index === items.length - 1} used={usedIn(congress, item.id)} onMove={(by) => move(index, by)}>
            <Menu
              label={common().named(common().moreActions, item.name)}
              items={[
                { label: t.edit, icon: 'edit', onClick: () => setEditing(item) },
                ...(usedIn(congress, item.id) > 0 ? [] : [remove(item)]),
              ]}
            />
          </Row>
        ))}
      </ol>
      <Adding which={which} add={(name) => write(which, [...items, fresh(which, name, items)])} />
      {editing && (
        <Editor
          item={editing}
          onSave={(changed) => write(which, items.map((item) => (item.id === changed.id ? changed : item)))}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  );
}

interface RowProps {
  item: Division;
  first: boolean;
  last: boolean;
  used: number;
  onMove: (by: -1 | 1) => void;
  children: ComponentChildren;
}

function Row({ item, first, last, used, onMove, children }: RowProps) {
  const t = structureTexts();
  return (
    <li class="division">
      {item.colour && <span class={`track-mark track-mark--${item.colour}`} />}
      <span class="division__name">{item.name}</span>
      <span class="muted small number">{t.sessions(used)}</span>
      <IconButton icon="arrowUp" label={t.up(item.name)} disabled={first} onClick={() => onMove(-1)} />
      <IconButton icon="arrowDown" label={t.down(item.name)} disabled={last} onClick={() => onMove(1)} />
      {children}
    </li>
  );
}

/** A new one; tracks take the colours in turn. */
function fresh(which: Which, name: string, items: Division[]): Division {
  const id = crypto.randomUUID();
  if (which === 'halls') return { id, name };
  const free = TRACK_COLOURS.find((colour) => !items.some((item) => item.colour === colour));
  return { id, name, colour: free ?? TRACK_COLOURS[items.length % TRACK_COLOURS.length] ?? 'teal' };
}

function Adding({ which, add }: { which: Which; add: (name: string) => Promise<void> }) {
  const t = structureTexts();
  const [name, setName] = useState('');
  const save = useAction(async () => {
    await add(name.trim());
    setName('');
  });
  const label = which === 'halls' ? t.addHall : t.addTrack;
  return (
    <Form onSubmit={() => save.run()}>
      <div class="option-line">
        <Input label={label} hideLabel placeholder={label} value={name} onInput={setName} error={save.text()} required maxLength={100} />
        <Button type="submit" icon="add" busy={save.busy}>
          <span class="visually-hidden">{label}</span>
        </Button>
      </div>
    </Form>
  );
}

function Editor({ item, onSave, onClose }: { item: Division; onSave: (item: Division) => Promise<void>; onClose: () => void }) {
  const t = structureTexts();
  const [changed, setChanged] = useState(item);
  const save = useAction(async () => {
    await onSave({ ...changed, name: changed.name.trim() });
    onClose();
  });
  return (
    <FormDialog title={t.edit} action={save} submit={common().save} onClose={onClose}>
      <Input label={t.name} value={changed.name} onInput={(name) => setChanged({ ...changed, name })} required maxLength={100} autoFocus />
      {changed.colour && (
        <Select
          label={t.colour}
          value={changed.colour}
          options={TRACK_COLOURS.map((value) => ({ value, label: t.colours[value] }))}
          onChange={(colour) => setChanged({ ...changed, colour: colour as Track['colour'] })}
        />
      )}
    </FormDialog>
  );
}
