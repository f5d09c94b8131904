// The colour of an organisation on its own pages. The product's accent is replaced by it, made darker in
// the light and lighter in the dark until what is written in it or on it can be read (WCAG 1.4.3, 4.5:1).
import { computed, effect, signal } from '@preact/signals';
import { theme } from '../state/theme';

type Rgb = readonly [number, number, number];

const READABLE = 4.6;
const SHADES = {
  light: { surface: '#ffffff', toward: '#000000', on: '#ffffff' },
  dark: { surface: '#141d1b', toward: '#ffffff', on: '#04201d' },
} as const;

const parse = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
const write = (rgb: Rgb) => `#${rgb.map((v) => Math.round(v).toString(16).padStart(2, '0')).join('')}`;
const mix = (a: Rgb, b: Rgb, share: number): Rgb => a.map((v, i) => v + ((b[i] ?? 0) - v) * share) as unknown as Rgb;

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(parse(one)), luminance(parse(other))].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The nearest colour toward black or white that is readable beside all of these. */
function readable(colour: Rgb, toward: Rgb, beside: readonly string[]): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const tried = mix(colour, toward, share);
    if (beside.every((other) => contrast(write(tried), other) >= READABLE)) return tried;
  }
  return toward;
}

/** The accent tokens of ui/tokens.css in a colour. */
export function accentTokens(hex: string, shade: keyof typeof SHADES): Record<string, string> {
  const { surface, toward, on } = SHADES[shade];
  const colour = parse(hex), end = parse(toward);
  const soft = write(mix(parse(surface), colour, 0.13));
  const accent = readable(colour, end, [on, surface]);
  const ink = readable(accent, end, [soft, surface]);
  return {
    '--accent': write(accent),
    '--accent-hover': write(mix(accent, end, 0.18)),
    '--accent-soft': soft,
    '--accent-ink': write(ink),
    '--on-accent': on,
    '--bar': write(accent),
  };
}

/** The colour of the page that is shown; null: the product's. */
export const brand = signal<string | null>(null);

if (typeof document !== 'undefined') {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const systemDark = signal(system.matches);
  system.addEventListener('change', () => (systemDark.value = system.matches));
  const dark = computed(() => (theme.value === 'system' ? systemDark.value : theme.value === 'dark'));
  effect(() => {
    const { style } = document.documentElement;
    const tokens = accentTokens(brand.value ?? '#000000', dark.value ? 'dark' : 'light');
    for (const [name, value] of Object.entries(tokens))
      if (brand.value) style.setProperty(name, value);
      else style.removeProperty(name);
  });
}
