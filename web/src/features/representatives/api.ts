// The page of a representative (server/features/representatives/openapi.yaml). What organisers do is in the tab of links.
import { post } from '../../net/api';
import type { Language, Organiser } from '../../net/types';

export interface Person {
  first_name: string;
  last_name: string;
  registered_at: string;
  attended: boolean;
  completed: boolean;
}

export interface Page {
  organisation: Organiser;
  name: string;
  language: Language;
  congress: { title: string; language: Language; time_zone: string };
  /** The link that they give to others. */
  url: string;
  /** False: nobody can register by it now. */
  open: boolean;
  sessions_held: number;
  /** Also of people who were erased, whom `people` has no more. */
  registered: number;
  attended: number;
  completed: number;
  people: Person[];
}

export const api = { page: (token: string) => post<Page>('/api/representative', { token }) };
