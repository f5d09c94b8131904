// The items of the staff pages' main navigation; the application provides them.
import { createContext } from 'preact';
import type { Role } from '../net/types';
import type { IconName } from './Icon';

export interface NavigationItem {
  readonly href: string;
  readonly label: () => string;
  readonly icon: IconName;
  /** The item is also marked as current on addresses that begin with this. */
  readonly also?: string;
  /** Who sees it; all staff where this is not given. */
  readonly roles?: readonly Role[];
}

/** The items of the main navigation. */
export const Navigation = createContext<readonly NavigationItem[]>([]);
