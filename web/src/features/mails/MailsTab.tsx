// The mails of a congress: what is sent by itself, what is planned next, and what each kind says.
import { useResource } from '../../state/resource';
import { ResourceView } from '../../ui/ResourceView';
import type { CongressTabProps } from '../feature';
import { api } from './api';
import { Planned } from './Planned';
import { SettingsCard } from './SettingsCard';
import { TextsCard } from './TextsCard';

export default function MailsTab({ congress }: CongressTabProps) {
  const found = useResource(`mails ${congress.id}`, () => api.mails(congress.id));
  return (
    <ResourceView of={found}>
      {(mails) => (
        <>
          <SettingsCard congress={congress.id} stored={mails.settings} onSaved={found.set} />
          <Planned planned={mails.planned} zone={congress.time_zone} />
          <TextsCard congress={congress.id} texts={mails.texts} />
        </>
      )}
    </ResourceView>
  );
}
