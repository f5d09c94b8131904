// Says whether the room is connected, when it tries to connect again, and what the network refuses.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Verbatim } from '../../ui/Verbatim';
import { second } from '../../state/clock';
import type { Connection } from '../../net/connection';
import { liveTexts } from './texts';

export function ConnectionChip({ connection }: { connection: Connection }) {
  const t = liveTexts();
  const online = connection.is === 'online';
  if (connection.is === 'closed') return null; // the banner says why
  return (
    <span class={`connection${online ? ' connection--online' : ''}`}>{online ? t.online : t.connecting}</span>
  );
}

interface BannerProps {
  connection: Connection;
  /** What to do when the sign-in has ended, where that is not to open a personal link. */
  signedOut?: ComponentChildren;
}

/** Screen readers hear of it from the announcer: a countdown would be read every second. */
export function ConnectionBanner({ connection, signedOut }: BannerProps) {
  const t = liveTexts();
  if (connection.is === 'closed' && connection.why === 'signed-out' && signedOut) return <>{signedOut}</>;
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
  if (connection.is === 'online' && connection.carried) return <RefusedBanner />;
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
      <span>{left > 0 ? t.waiting : t.trying}</span>{' '}
      {left > 0 && <Verbatim class="number nowrap">{`${left} s`}</Verbatim>}
    </Banner>
  );
}

const read = signal(false);

/** Everything works all the same: it is told once, with what to ask of whom. */
function RefusedBanner() {
  const t = liveTexts();
  if (read.value) return null;
  const { hostname, port } = location;
  return (
    <Banner
      title={t.refused}
      action={
        <Button small onClick={() => (read.value = true)}>
          {t.refusedRead}
        </Button>
      }
    >
      <p>{t.refusedText}</p>
      <p>{t.refusedAsk(hostname, port || '443')}</p>
    </Banner>
  );
}
