// Says whether the room is connected, and when it tries to connect again.
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { second } from '../../state/clock';
import type { Connection } from '../../net/socket';
import { liveTexts } from './texts';

export function ConnectionChip({ connection }: { connection: Connection }) {
  const t = liveTexts();
  const online = connection.is === 'online';
  return (
    <span class={`connection${online ? ' connection--online' : ''}`}>{online ? t.online : t.connecting}</span>
  );
}

/** Screen readers hear of it from the announcer: a countdown would be read every second. */
export function ConnectionBanner({ connection }: { connection: Connection }) {
  const t = liveTexts();
  if (connection.is === 'closed')
    return (
      <Banner
        tone="bad"
        action={
          <Button icon="refresh" onClick={() => location.reload()}>
            {t.reload}
          </Button>
        }
      >
        {t.ended[connection.why]}
      </Banner>
    );
  if (connection.is !== 'waiting') return null;
  if (connection.at === null)
    return (
      <Banner tone="warn" silent>
        {t.offline}
      </Banner>
    );
  void second.value; // count down with the clock
  const left = Math.ceil((connection.at - Date.now()) / 1000);
  return (
    <Banner tone="warn" silent>
      {t.waiting(Math.max(0, left))}
    </Banner>
  );
}
