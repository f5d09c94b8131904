// What has been prepared for a congress. It belongs to other features; their routes are asked.
import { useResource } from '../../state/resource';
import { api as accountsApi } from '../accounts/api';
import { api as audienceApi } from '../audience/api';
import { api as registrationApi } from '../registration/api';

export interface Prepared {
  /** Registrations over all links; undefined until known, and for people who may not see them. */
  registered: number | undefined;
  links: number;
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
    registered: links.value?.reduce((sum, link) => sum + link.registered, 0),
    links: links.value?.length ?? 0,
    profiles: profiles.value?.length ?? 0,
    notice: notice.value ?? true,
  };
}
