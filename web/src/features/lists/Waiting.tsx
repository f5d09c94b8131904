// Imports that are not stored yet, each with the way back to where it is.
import { formatDateTime } from '../../i18n';
import { Badge } from '../../ui/Badge';
import { LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import type { TargetList } from './api';
import { importTexts } from './importTexts';

/** `named`: with the lists they are for. */
export function Waiting({ lists, named }: { lists: readonly TargetList[]; named?: boolean }) {
  const t = importTexts();
  const waiting = lists.flatMap((list) => list.imports.map((each) => ({ list, each })));
  if (waiting.length === 0) return null;
  return (
    <Card title={t.waiting} text={t.waitingText} flush>
      <ul class="plain import-waiting">
        {waiting.map(({ list, each }) => (
          <li key={each.id}>
            <div>
              <span class="row row--facts">
                <strong translate={false}>{named ? list.name : each.file_name}</strong>
                <Badge tone={each.state === 'failed' ? 'bad' : 'accent'}>{t.state[each.state]}</Badge>
              </span>
              <span class="table__second" translate={false}>
                {named && `${each.file_name} · `}
                {t.since(formatDateTime(each.created_at, null))}
              </span>
            </div>
            <LinkButton href={`/target-lists/${list.id}/imports/${each.id}`}>
              <span>{t.resume}</span> <span class="visually-hidden">{each.file_name}</span>
            </LinkButton>
          </li>
        ))}
      </ul>
    </Card>
  );
}
