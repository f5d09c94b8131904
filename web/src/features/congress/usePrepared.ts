// What has been prepared for a congress or a session. It belongs to other features; their routes are asked.
import type { Session } from '../../net/types';
import { useResource } from '../../state/resource';
import { api as accountsApi } from '../accounts/api';
import { api as audienceApi } from '../audience/api';
import { api as pollsApi } from '../polls/api';
import { api as registrationApi, type RegistrationLink } from '../registration/api';
import { api as slidesApi } from '../slides/api';

export interface Prepared {
  /** Undefined until known, and for people who may not see them. */
  links: RegistrationLink[] | undefined;
  profiles: number;
  /** Whether the organisation has its privacy notice in both languages. */
  notice: boolean;
}

async function hasNotice(): Promise<boolean> {
  const { privacy_notice_fr, privacy_notice_en } = await accountsApi.organisation();
  return Boolean(privacy_notice_fr.trim() && privacy_notice_en.trim());
}

export function usePrepared(congress: string, organiser: boolean): Prepared {
  const links = useResource(`links ${congress}`, async () =>
    organiser ? (await registrationApi.links(congress)).items : null,
  );
  const profiles = useResource(
    `profiles ${congress}`,
    async () => (await audienceApi.profiles(congress)).items,
  );
  const notice = useResource(`notice ${congress}`, async () => !organiser || hasNotice());
  return {
    links: links.value ?? undefined,
    profiles: profiles.value?.length ?? 0,
    notice: notice.value ?? true,
  };
}

/** Each is undefined until it is known. */
export interface PreparedSession {
  /** Of the congress; only for organisers. */
  links: RegistrationLink[] | undefined;
  decks: number | undefined;
  polls: number | undefined;
}

export function usePreparedSession({ id, congress }: Session, organiser: boolean): PreparedSession {
  const links = useResource(`links ${congress.id}`, async () =>
    organiser ? (await registrationApi.links(congress.id)).items : null,
  );
  const decks = useResource(`decks ${id}`, async () => (await slidesApi.decks(id)).items.length);
  const polls = useResource(`polls ${id}`, async () => (await pollsApi.polls(id)).items.length);
  return {
    links: links.value ?? undefined,
    decks: decks.value ?? undefined,
    polls: polls.value ?? undefined,
  };
}
