// The talks of a session as those who write them see them.
import type { ComponentChildren } from 'preact';
import { formatMinutes, formatTime, unbroken } from '../../i18n';
import { common } from '../../i18n/common';
import type { Session } from '../../net/types';
import { Button, IconButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Menu } from '../../ui/Menu';
import { adminTexts } from './adminTexts';
import type { Appearance, Doing, Speaker, Written, WrittenTalk } from './api';
import { People } from '../../ui/People';
import { timeAt } from '../../ui/talkTimes';

const MOST = 40;

/** As pages show them. */
export const named = (appearances: readonly Appearance[], people: readonly Speaker[]) =>
  appearances.flatMap(({ speaker, role }) => {
    const found = people.find(({ id }) => id === speaker);
    return found ? [{ ...found, role }] : [];
  });

interface TalkListProps {
  session: Session;
  written: Written;
  mayEdit: boolean;
  busy: boolean;
  onAdd: () => void;
  onDo: (doing: Doing) => void;
  onMove: (index: number, by: -1 | 1) => void;
}

export function TalkList({ session, written, mayEdit, busy, onAdd, onDo, onMove }: TalkListProps) {
  const t = adminTexts();
  const { talks } = written.programme;
  const add = mayEdit && talks.length < MOST && (
    <Button look="primary" icon="add" onClick={onAdd}>
      {t.add}
    </Button>
  );
  if (talks.length === 0)
    return (
      <Card>
        <EmptyState icon="list" title={t.empty} action={add}>
          {t.emptyText}
        </EmptyState>
      </Card>
    );
  return (
    <Card title={t.talks} actions={add}>
      <ol class="plain talks">
        {talks.map((talk, index) => (
          <Talk key={talk.id} talk={talk} session={session} people={written.people}>
            {mayEdit && (
              <Actions talk={talk} first={index === 0} last={index === talks.length - 1} busy={busy} onMove={(by) => onMove(index, by)} onDo={onDo} />
            )}
          </Talk>
        ))}
      </ol>
    </Card>
  );
}

interface TalkProps {
  talk: WrittenTalk;
  session: Session;
  people: readonly Speaker[];
  children: ComponentChildren;
}

function Talk({ talk, session, people, children }: TalkProps) {
  const at = timeAt(session.starts_at, talk.start_minute);
  return (
    <li class="talk talk--written">
      <span class="talk__time number">
        {formatTime(at, session.congress.time_zone)}
        <span class="talk__length muted">{formatMinutes(talk.minutes)}</span>
      </span>
      <div class="talk__what" lang={session.language}>
        <p class="talk__title">{unbroken(talk.title)}</p>
        <People people={named(talk.speakers, people)} />
      </div>
      <div class="talk__actions">{children}</div>
    </li>
  );
}

interface ActionsProps {
  talk: WrittenTalk;
  first: boolean;
  last: boolean;
  busy: boolean;
  onMove: (by: -1 | 1) => void;
  onDo: (doing: Doing) => void;
}

function Actions({ talk, first, last, busy, onMove, onDo }: ActionsProps) {
  const t = adminTexts();
  return (
    <>
      <IconButton icon="arrowUp" label={t.up(talk.title)} disabled={first || busy} onClick={() => onMove(-1)} />
      <IconButton icon="arrowDown" label={t.down(talk.title)} disabled={last || busy} onClick={() => onMove(1)} />
      <Menu
        label={common().named(common().moreActions, talk.title)}
        items={[
          { label: t.edit, icon: 'edit', onClick: () => onDo({ what: 'edit', talk, fresh: false }) },
          { label: t.remove, icon: 'trash', danger: true, onClick: () => onDo({ what: 'remove', talk }) },
        ]}
      />
    </>
  );
}
