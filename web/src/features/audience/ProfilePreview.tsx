// How many registrations criteria match, counted by the server while they are typed; and how many people a change gains
// and loses.
import { Icon } from '../../ui/Icon';
import { api, type Criteria } from './api';
import { useAsked } from './asked';
import { complete } from './criteria';
import { audienceTexts } from './texts';

interface PreviewProps {
  congress: string;
  criteria: Criteria;
  /** The stored profile; undefined for a new one. */
  profile: string | undefined;
}

export function Preview({ congress, criteria, profile }: PreviewProps) {
  const t = audienceTexts();
  const key = JSON.stringify([congress, profile, criteria]);
  const answer = useAsked(key, complete(criteria), () => api.previewProfile(congress, criteria, profile));
  const problem = answer && 'problem' in answer ? answer.problem : null;
  const counts = answer && 'found' in answer ? answer.found : null;
  const changes = profile !== undefined && counts !== null && counts.gained + counts.lost > 0;
  return (
    <div class={`matches number${problem ? ' matches--problem' : ''}`} role="status">
      <Icon name={problem ? 'alert' : 'people'} size={18} />
      <p>
        {problem ?? (counts ? t.preview(counts.registered) : t.previewing)}
        {changes && (
          <span class="matches__change">
            {counts.gained > 0 && <span class="matches__gained">{t.gained(counts.gained)}</span>}
            {counts.lost > 0 && <span class="matches__lost">{t.lost(counts.lost)}</span>}
          </span>
        )}
      </p>
    </div>
  );
}
