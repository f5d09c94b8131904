// How many registrations criteria match, counted by the server while they are typed, one question at a time; and how many
// people a change gains and loses.
import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '../../i18n/errors';
import { ApiError } from '../../net/api';
import { Icon } from '../../ui/Icon';
import { api, type Criteria, type ProfilePreview } from './api';
import { complete } from './criteria';
import { audienceTexts } from './texts';

const AFTER_MS = 350;

type Answer = { counts: ProfilePreview } | { problem: string };

/** The sentence of a refusal, with the names that it is about. */
export function refusal(error: unknown): string {
  const names = error instanceof ApiError ? error.reason : null;
  return names ? `${errorText(error)} (${names})` : errorText(error);
}

/** null: being counted. Criteria that are not complete keep the last answer. */
function useCounts(congress: string, criteria: Criteria, profile: string | undefined): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const latest = useRef('');
  const asking = useRef<Promise<void>>(Promise.resolve());
  const text = JSON.stringify(criteria);
  useEffect(() => {
    if (!complete(criteria)) return;
    latest.current = text;
    setAnswer(null);
    const ask = async () => {
      if (latest.current !== text) return;
      const found = await api.previewProfile(congress, criteria, profile).then(
        (counts) => ({ counts }),
        (error: unknown) => ({ problem: refusal(error) }),
      );
      if (latest.current === text) setAnswer(found);
    };
    const timer = setTimeout(() => (asking.current = asking.current.then(ask)), AFTER_MS);
    return () => clearTimeout(timer);
  }, [congress, profile, text]);
  useEffect(() => () => void (latest.current = ''), []);
  return answer;
}

interface PreviewProps {
  congress: string;
  criteria: Criteria;
  /** The stored profile; undefined for a new one. */
  profile: string | undefined;
}

export function Preview({ congress, criteria, profile }: PreviewProps) {
  const t = audienceTexts();
  const answer = useCounts(congress, criteria, profile);
  const problem = answer && 'problem' in answer ? answer.problem : null;
  const counts = answer && 'counts' in answer ? answer.counts : null;
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
