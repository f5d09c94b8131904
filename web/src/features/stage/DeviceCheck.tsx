// Before somebody speaks, and while they do: which microphone and camera, whether they work, how one looks and
// sounds, and whether the network carries it.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Devices, Source, SourceName } from '../../media';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Select } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { common } from '../../i18n/common';
import { chime } from './chime';
import { formatNumber } from '../../i18n';
import { checkNetwork, measureUpload, type Upload, uploadOf, type Verdict } from './network';
import type { Studio } from './studio';
import { studioTexts } from './studioTexts';

const NONE = 'none';
const HEARD_METER = 0.25;
const QUIET_MS = 6_000;

interface DeviceCheckProps {
  studio: Studio;
  /** A camera may be used. */
  picture: boolean;
  /** The text of the button that goes on; not given: the person speaks already and only changes devices. */
  action?: string;
  onGo?: () => Promise<void>;
  onClose: () => void;
}

/** What there is to choose; names come when the person has allowed one. */
function useDevices(studio: Studio): Devices {
  const [devices, setDevices] = useState<Devices>({ microphones: [], cameras: [] });
  const { microphone, camera } = studio.state.value;
  const allowed = `${microphone.is} ${camera.is}`;
  useEffect(() => {
    const look = async () => {
      const { listDevices } = await import('../../media');
      setDevices(await listDevices());
    };
    look().catch(() => undefined);
    const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
    const changed = () => {
      void look();
      tryAgain(studio);
    };
    mediaDevices?.addEventListener('devicechange', changed);
    return () => mediaDevices?.removeEventListener('devicechange', changed);
  }, [allowed]);
  return devices;
}

/** What was not there may be now. */
function tryAgain(studio: Studio): void {
  for (const name of ['microphone', 'camera'] as const) {
    const { fault } = studio.state.peek()[name];
    if (fault === 'none' || fault === 'unplugged') void studio.use(name);
  }
}

/** Asks for both devices when the check opens; what was on for the check alone is let go with it. */
function useSources({ studio, picture }: DeviceCheckProps): void {
  useEffect(() => {
    if (studio.giving.value) return;
    let open = true;
    const camera = () => (open && picture ? studio.capture.turnOn('camera') : undefined);
    void studio.capture.turnOn('microphone').then(camera);
    return () => {
      open = false;
      studio.letGo();
    };
  }, []);
}

export function DeviceCheck(props: DeviceCheckProps) {
  const t = studioTexts();
  const { studio, picture, action, onGo, onClose } = props;
  useSources(props);
  const go = useAction(async () => {
    await onGo?.();
    onClose();
  });
  const footer = action ? (
    <>
      <Button onClick={onClose}>{common().cancel}</Button>
      <Button look="primary" icon="mic" busy={go.busy} disabled={!studio.support.publish} onClick={() => void go.run()}>
        {action}
      </Button>
    </>
  ) : (
    <Button look="primary" onClick={onClose}>
      {t.devicesDone}
    </Button>
  );
  return (
    <Dialog title={t.checkTitle} wide onClose={onClose} footer={footer}>
      {/* Choosing a device is nothing that could be lost. */}
      <div class="check-devices" onInput={(event) => event.stopPropagation()}>
        {!studio.support.publish && <Banner tone="bad">{t.noPublish}</Banner>}
        {go.text() && <Banner tone="bad">{go.text()}</Banner>}
        {picture && <Preview studio={studio} />}
        <div class="stack">
          {action && <p class="muted small">{t.checkHint}</p>}
          <Choices {...props} />
          <Sound />
          <Network studio={studio} />
        </div>
      </div>
    </Dialog>
  );
}

function Choices({ studio, picture }: DeviceCheckProps) {
  const t = studioTexts();
  const { microphones, cameras } = useDevices(studio);
  const { microphone, camera } = studio.state.value;
  // Before any was allowed they have neither names nor ids.
  const known = named(microphones.filter(({ id }) => id), t.microphone);
  const choose = (source: SourceName, id: string) =>
    void (id === NONE ? studio.useNone(source) : studio.use(source, id));
  return (
    <>
      <div class="stack stack--tight">
        <Select
          label={t.microphone}
          value={microphone.device?.id ?? ''}
          onChange={(id) => choose('microphone', id)}
          options={microphone.device ? known : [{ value: '', label: t.noMicrophone }, ...known]}
        />
        {microphone.is !== 'fault' && <Level studio={studio} />}
        <Fault name="microphone" source={microphone} studio={studio} />
      </div>
      {picture && (
        <div class="stack stack--tight">
          <Select
            label={t.camera}
            value={camera.is === 'on' || camera.is === 'asking' ? (camera.device?.id ?? '') : NONE}
            onChange={(id) => choose('camera', id)}
            options={[...named(cameras, t.camera), { value: NONE, label: t.noCamera }]}
          />
          <Fault name="camera" source={camera} studio={studio} />
        </div>
      )}
    </>
  );
}

const named = (devices: Devices['cameras'], word: string) =>
  devices.map(({ id, label }, index) => ({ value: id, label: label || `${word} ${index + 1}` }));

function Fault({ name, source, studio }: { name: 'microphone' | 'camera'; source: Source; studio: Studio }) {
  const t = studioTexts();
  if (source.is === 'asking') return <p class="muted small">{t.asking}</p>;
  if (source.is !== 'fault' || !source.fault) return null;
  return (
    <Banner
      tone="warn"
      action={
        <Button small icon="refresh" onClick={() => void studio.use(name)}>
          {common().retry}
        </Button>
      }
    >
      {t.faults[name][source.fault]}
    </Banner>
  );
}

/** Moves with the voice. What a screen reader says is whether anything was heard. */
function Level({ studio }: { studio: Studio }) {
  const t = studioTexts();
  const bar = useRef<HTMLDivElement>(null);
  const [heard, setHeard] = useState<'not yet' | 'yes' | 'no'>('not yet');
  const on = studio.state.value.microphone.is === 'on';
  useEffect(() => {
    if (!on) return;
    setHeard('not yet');
    const timer = setTimeout(() => setHeard((now) => (now === 'yes' ? now : 'no')), QUIET_MS);
    const stop = studio.capture.onLevel(({ meter }) => {
      bar.current?.style.setProperty('--level', String(meter));
      if (meter > HEARD_METER) setHeard('yes');
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [studio, on]);
  return (
    <div class="level-row">
      <div class="level" ref={bar} aria-hidden="true" />
      <p class="small" role="status">
        {on && (heard === 'yes' ? t.heard : heard === 'no' ? t.quiet : t.say)}
      </p>
    </div>
  );
}

function Preview({ studio }: { studio: Studio }) {
  const t = studioTexts();
  const { stream, is } = studio.state.value.camera;
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (ref.current) ref.current.srcObject = stream;
  }, [stream]);
  return (
    <div class="preview">
      <video ref={ref} muted playsInline autoplay hidden={is !== 'on'} aria-label={t.preview} />
      {is !== 'on' && (
        <p class="preview__off">
          <Icon name="cameraOff" size={28} />
          {is === 'asking' ? t.asking : t.cameraOffText}
        </p>
      )}
    </div>
  );
}

function Sound() {
  const t = studioTexts();
  return (
    <div class="check-line">
      <Icon name="headphones" />
      <p class="small">{t.headphones}</p>
      <Button small icon="volume" onClick={() => void chime().catch(() => undefined)}>
        {t.soundTest}
      </Button>
    </div>
  );
}

interface Measured {
  verdict: Verdict;
  /** kbit/s of what is sent; null: not known. */
  kbits: number | null;
}

/** One after the other: together each would be in the other's way. */
async function measure({ session, side }: Studio): Promise<Measured> {
  const { verdict, answerMs } = await checkNetwork();
  return { verdict, kbits: await measureUpload(session, side, answerMs) };
}

const MOST_KBITS = 20_000; // what so few bytes can tell

function rateText(kbits: number): string {
  const t = studioTexts();
  if (kbits >= MOST_KBITS) return t.moreThan(t.mbits(formatNumber(MOST_KBITS / 1000)));
  if (kbits < 1000) return t.kbits(formatNumber(Math.max(10, Math.round(kbits / 10) * 10)));
  return t.mbits(formatNumber(kbits / 1000, { maximumFractionDigits: 1 }));
}

function Network({ studio }: { studio: Studio }) {
  const t = studioTexts();
  const [measured, setMeasured] = useState<Measured | null>(null);
  useEffect(() => void measure(studio).then(setMeasured), []);
  const { verdict, kbits } = measured ?? { verdict: null, kbits: null };
  const upload: Upload | null = kbits === null ? null : uploadOf(kbits);
  const good = (verdict === 'good' || verdict === 'fair') && upload !== 'little';
  const shade = upload === 'little' ? 'poor' : (verdict ?? 'testing');
  return (
    <div class={`check-line check-line--${shade}`} role="status">
      <Icon name={good ? 'checkCircle' : verdict ? 'alert' : 'refresh'} />
      <p class="small">
        {t.network[verdict ?? 'testing']}
        {kbits !== null && upload && (
          <>
            <br />
            <span class="number">{t.upload[upload](rateText(kbits))}</span>
          </>
        )}
      </p>
    </div>
  );
}
