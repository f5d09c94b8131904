// A QR code as a picture, dark on white in every theme, because not every reader takes the other way round.
import type { Qr } from './qr';

/** `label`: what it is for. Whoever does not see it needs the same as text beside it. */
export function QrCode({ qr: { side, path }, label }: { qr: Qr; label: string }) {
  return (
    <svg class="qr-code" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
