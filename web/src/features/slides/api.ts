// Decks of slides as those who prepare a session handle them (server/features/slides/openapi.yaml).
import { get, query, remove, upload } from '../../net/api';
import type { List } from '../../net/types';

interface PageImage {
  width: number;
  height: number;
  bytes: number;
}

export interface DeckPage {
  page: number;
  state: 'ready' | 'failed';
  shown: boolean;
  width: number | null;
  height: number | null;
  text: string;
  text_cut: boolean;
  error?: string | null;
  warnings?: string[];
  images: PageImage[];
}

export interface Deck {
  id: string;
  file_name: string;
  page_count: number | null;
  pages: DeckPage[];
  state: 'rendering' | 'ready' | 'failed';
  error: string | null;
  created_at: string;
  bytes: number;
}

/** What all decks of the organisation take of the disk, and may take; null: no bound. */
export interface Storage {
  used: number;
  quota: number | null;
}

interface Decks extends List<Deck> {
  storage: Storage;
}

export const api = {
  decks: (session: string) => get<Decks>(`/api/sessions/${session}/decks`),
  uploadDeck: (
    session: string,
    file: File,
    progress: (share: number) => void,
    stop?: AbortSignal,
  ) =>
    upload<Deck>(
      `/api/sessions/${session}/decks${query({ file_name: file.name })}`,
      file,
      'application/pdf',
      progress,
      stop,
    ),
  removeDeck: (id: string) => remove(`/api/decks/${id}`),
};
