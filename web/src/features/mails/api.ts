// The REST routes of a congress's mails.
import { get, post, put } from '../../net/api';

export const KINDS = ['confirm', 'welcome', 'waiting', 'promoted', 'reminder', 'changed', 'session_cancelled', 'cancelled', 'thanks', 'missed'] as const;
export type Kind = (typeof KINDS)[number];
export type Placeholder = 'first_name' | 'last_name' | 'congress' | 'organisation' | 'contact' | 'session' | 'date' | 'when';
export type MailLanguage = 'fr' | 'en';

export interface Settings {
  remind_day: boolean;
  remind_hour: boolean;
  remind_minutes: boolean;
  thanks: boolean;
  missed: boolean;
  gather_minutes: number;
}

export interface Words {
  subject: string;
  body: string;
}

export interface Text extends Words {
  /** The organisation's; else the house's. */
  own: boolean;
  changed_at: string | null;
  house: Words;
}

export interface MailText {
  kind: Kind;
  placeholders: Placeholder[];
  texts: Record<MailLanguage, Text>;
}

export interface Planned {
  kind: 'day' | 'hour' | 'minutes' | 'farewell' | 'changes';
  due_at: string;
  sessions: string[];
  people: number;
}

export interface Mails {
  settings: Settings;
  texts: MailText[];
  planned: Planned[];
  may_write: boolean;
}

export type Block =
  | { paragraph: string }
  | { facts: { label: string; value: string }[] }
  | { action: string }
  | { link: string }
  | { end: string };

export interface Preview {
  subject: string;
  from: string;
  accent: string;
  blocks: Block[];
}

export interface Written extends Words {
  kind: Kind;
  language: MailLanguage;
}

export const api = {
  mails: (congress: string) => get<Mails>(`/api/congresses/${congress}/mails`),
  set: (congress: string, settings: Settings) => put<Mails>(`/api/congresses/${congress}/mails`, settings),
  preview: (congress: string, written: Written) => post<Preview>(`/api/congresses/${congress}/mails/preview`, written),
  test: (congress: string, written: Written) => post<void>(`/api/congresses/${congress}/mails/test`, written),
  save: (written: Written) => put<{ texts: MailText[] }>('/api/mail-texts', written),
  reset: (kind: Kind, language: MailLanguage) => post<{ texts: MailText[] }>('/api/mail-texts/reset', { kind, language }),
};
