// The QR code of a registration link, to be printed or put on a slide.
import { common } from '../../i18n/common';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { QrCode } from '../../ui/QrCode';
import { type Qr, qrOf } from '../../ui/qr';
import { ResourceView } from '../../ui/ResourceView';
import type { RegistrationLink } from './api';
import { nameOf } from './links';
import { linkTexts } from './staffTexts';

const PIXELS = 1200; // at least, of the picture

function svgOf({ side, path }: Qr): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side}mm" height="${side}mm">` +
    `<path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${path}"/></svg>`
  );
}

/** Whole pixels a module, so that nothing is blurred. */
function pngOf({ side, path }: Qr): Promise<Blob> {
  const module = Math.ceil(PIXELS / side);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side * module;
  const pen = canvas.getContext('2d');
  if (!pen) return Promise.reject(new Error('no canvas'));
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#000';
  pen.scale(module, module);
  pen.fill(new Path2D(path));
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
  );
}

function saveAs(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}

/** Letters, digits and hyphens. */
function fileName(...parts: string[]): string {
  const plain = parts.join(' ').normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
  return plain.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 80);
}

interface QrDialogProps {
  link: RegistrationLink;
  /** Of the congress. */
  title: string;
  onClose: () => void;
}

export function QrDialog({ link, title, onClose }: QrDialogProps) {
  const t = linkTexts();
  const found = useResource(link.url, () => qrOf(link.url));
  const qr = found.value;
  const name = fileName('QR', title, nameOf(link));
  const save = useAction(async (kind: 'svg' | 'png') => {
    if (!qr) return;
    const svg = () => new Blob([svgOf(qr)], { type: 'image/svg+xml' });
    saveAs(`${name}.${kind}`, kind === 'svg' ? svg() : await pngOf(qr));
  });
  const footer = (
    <>
      <Button icon="download" disabled={!qr} onClick={() => void save.run('svg')}>
        SVG
      </Button>
      <Button icon="download" look="primary" disabled={!qr} onClick={() => void save.run('png')}>
        PNG
      </Button>
    </>
  );
  return (
    <Dialog title={t.qr} onClose={onClose} footer={footer}>
      <div class="stack qr">
        <p class="muted">{nameOf(link)}</p>
        <ResourceView of={found} lines={5}>
          {(code) => <QrCode qr={code} label={common().named(t.qr, link.url)} />}
        </ResourceView>
        <p class="qr__url" translate={false}>
          {link.url}
        </p>
        <p class="muted small">{t.qrText}</p>
        {save.error !== null && <Banner tone="bad">{save.text()}</Banner>}
      </div>
    </Dialog>
  );
}
