// QR codes (ISO/IEC 18004), made here: what they hold is sent nowhere. The library is loaded when one is
// shown. A test has another library read them.

/** Modules of light around the code, which readers need. */
export const MARGIN = 4;

export interface Qr {
  /** Modules of a side, with the margin. */
  side: number;
  /** The dark modules as an SVG path, a unit each, inside the margin. */
  path: string;
}

interface Modules {
  size: number;
  get: (x: number, y: number) => boolean;
}

/** A rectangle for each run of a row. */
export function qrPath({ size, get }: Modules): string {
  let path = '';
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const begin = x;
      while (x < size && get(x, y)) x++;
      if (x > begin) path += `M${begin + MARGIN} ${y + MARGIN}h${x - begin}v1h${begin - x}z`;
    }
  return path;
}

/** `text`: ASCII, as addresses are; not all readers agree on more. A seventh of the code may be covered. */
export async function qrOf(text: string): Promise<Qr> {
  const { correction, generate } = await import('lean-qr');
  const code = generate(text, { minCorrectionLevel: correction.M });
  return { side: code.size + 2 * MARGIN, path: qrPath(code) };
}
