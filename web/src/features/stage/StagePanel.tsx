// Who is on the stage, behind it and invited, and whose hands are up: hosts lead people on and off.
import type { ComponentChildren } from 'preact';
import { formatTime } from '../../i18n';
import { Button, IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Menu, type MenuItem } from '../../ui/Menu';
import { toast } from '../../ui/Toast';
import { Verbatim } from '../../ui/Verbatim';
import type { Room, ViewProps } from '../feature';
import type { Hand, StagePerson } from './messages';
import type { StageStore } from './store';
import { studioTexts } from './studioTexts';
import { stageTexts } from './texts';

type Command = Parameters<StageStore['call']>[0];

const run = (store: StageStore, command: Command, data: object) => void store.call(command, data).catch(toast.error);

export default function StagePanel({ store, session, room }: ViewProps<StageStore>) {
  const t = studioTexts();
  const props = { store, room };
  const invited = store.waiting.value;
  return (
    <div class="stack">
      <List title={t.hands} count={store.hands.value.length} empty={t.noHands}>
        {store.hands.value.map((hand) => (
          <HandRow key={hand.person} hand={hand} zone={session.congress.time_zone} {...props} />
        ))}
      </List>
      {invited.length > 0 && (
        <List title={t.invited} count={invited.length}>
          {invited.map((person) => (
            <InvitedRow key={person.id} person={person} {...props} />
          ))}
        </List>
      )}
      <List title={t.onStage} count={store.onStage.value.length} empty={t.nobody}>
        {store.onStage.value.map((person) => (
          <PersonRow key={person.id} person={person} {...props} />
        ))}
      </List>
      <List title={t.backstage} count={store.backstage.value.length} empty={t.noBackstage}>
        {store.backstage.value.map((person) => (
          <PersonRow key={person.id} person={person} {...props} />
        ))}
      </List>
    </div>
  );
}

interface ListProps {
  title: string;
  count: number;
  empty?: string;
  children: ComponentChildren;
}

function List({ title, count, empty, children }: ListProps) {
  return (
    <section class="cast-list" aria-label={title}>
      <h2 class="cast-list__title">
        {title} {count > 0 && <span class="number">{count}</span>}
      </h2>
      {count > 0 ? <ul class="plain cast-list__rows">{children}</ul> : <p class="muted small">{empty}</p>}
    </section>
  );
}

interface RowProps {
  store: StageStore;
  room: Room;
}

function HandRow({ store, room, hand, zone }: RowProps & { hand: Hand; zone: string }) {
  const t = studioTexts();
  const invite = (picture: boolean) => run(store, 'stage.invite', { person: hand.person, picture });
  const lower = () => run(store, 'hand.lower', { person: hand.person });
  return (
    <li class="cast-row">
      <Icon name="hand" />
      <p class="cast-row__name">
        <Verbatim>{hand.name}</Verbatim>
        <span class="faint small number">{t.raisedAt(formatTime(hand.at, zone))}</span>
      </p>
      {room.may.moderate && (
        <>
          <Button small onClick={() => invite(false)}>
            {t.invite}
          </Button>
          <Menu
            label={t.actions(hand.name)}
            items={[
              { label: t.invitePicture, icon: 'camera', onClick: () => invite(true) },
              { label: t.lowerHand, icon: 'arrowDown', onClick: lower },
            ]}
          />
        </>
      )}
    </li>
  );
}

function InvitedRow({ store, room, person }: RowProps & { person: StagePerson }) {
  const t = studioTexts();
  return (
    <li class="cast-row">
      <Icon name="clock" />
      <p class="cast-row__name">
        <Verbatim>{person.name}</Verbatim>
      </p>
      {room.may.conduct && (
        <IconButton icon="close" label={t.withdraw} onClick={() => run(store, 'stage.remove', { person: person.id })} />
      )}
    </li>
  );
}

/** What a host may do with somebody on the stage or behind it. */
function actionsOf(store: StageStore, person: StagePerson): MenuItem[] {
  const t = studioTexts();
  const { id, place, muted, camera_off, picture } = person;
  const on = place === 'stage';
  const large = store.spotlight.value === id;
  const act = (command: Command, data: object = {}) => () => run(store, command, { person: id, ...data });
  const spotlight = () => run(store, 'stage.spotlight', large ? {} : { person: id });
  const items: (MenuItem | false)[] = [
    on && { label: large ? t.unspotlight : t.spotlight, icon: 'spotlight', onClick: spotlight },
    !muted && { label: t.muteOther, icon: 'micOff', onClick: act('stage.mute', { muted: true }) },
    picture && !camera_off && { label: t.cameraOffOther, icon: 'cameraOff', onClick: act('stage.camera', { off: true }) },
    on && { label: t.takeBack, icon: 'backstage', onClick: act('stage.move', { place: 'backstage' }) },
    { label: on ? t.remove : t.removeBehind, icon: 'signOut', danger: true, onClick: act('stage.remove') },
  ];
  return items.filter((item) => item !== false);
}

function PersonRow({ store, room, person }: RowProps & { person: StagePerson }) {
  const t = studioTexts();
  const words = stageTexts();
  const { id, name, place, muted, screen, kind } = person;
  const large = store.spotlight.value === id;
  const facts = [
    id === store.me && words.you,
    kind === 'registration' && words.participant,
    screen && t.sharing,
    large && t.inSpotlight,
    store.streams.value.get(id)?.stream === null && words.lost,
  ].filter(Boolean);
  return (
    <li class="cast-row">
      <Icon name={muted ? 'micOff' : 'mic'} />
      <p class="cast-row__name">
        <Verbatim>{name}</Verbatim>
        <span class="faint small">{facts.join(', ')}</span>
        {muted && <span class="visually-hidden">{words.muted}</span>}
      </p>
      {room.may.conduct && (
        <>
          {place === 'backstage' && (
            <Button small look="primary" onClick={() => run(store, 'stage.move', { person: id, place: 'stage' })}>
              {t.bring}
            </Button>
          )}
          <Menu label={t.actions(name)} items={actionsOf(store, person)} />
        </>
      )}
    </li>
  );
}
