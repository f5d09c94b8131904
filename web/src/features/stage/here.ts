// What this page hears of the stage and what it gives to it; null until it does (opening.ts).
import { signal } from '@preact/signals';
import type { Listening } from './listening';
import type { Studio } from './studio';

export const listening = signal<Listening | null>(null);
export const studio = signal<Studio | null>(null);
