// Puts a slide image together that comes in pieces, in order, between other frames (PROTOCOL.md).
import type { Decoded } from '../../net/decode';
import type { imageHeader } from './messages';

const MOST = 16 * 1024 * 1024; // bytes of one image; larger ones are fetched
type Header = Decoded<typeof imageHeader>;

export class Pieces {
  private of = '';
  private have = 0;
  private bytes = new Uint8Array(0);

  /** The whole image with its last piece, else null. One whose pieces stopped coming is given up for the next. */
  add({ deck, page, width, offset, total }: Header, piece: Uint8Array): Uint8Array<ArrayBuffer> | null {
    const of = `${deck}/${page}/${width}/${total}`;
    if (offset === 0 && total <= MOST) {
      this.of = of;
      this.have = 0;
      this.bytes = new Uint8Array(total);
    }
    if (of !== this.of || offset !== this.have || offset + piece.length > total) return null;
    this.bytes.set(piece, offset);
    this.have += piece.length;
    return this.have === total ? this.take() : null;
  }

  private take(): Uint8Array<ArrayBuffer> {
    const whole = this.bytes;
    this.of = '';
    this.bytes = new Uint8Array(0);
    return whole;
  }
}
