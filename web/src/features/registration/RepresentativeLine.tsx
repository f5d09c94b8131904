// Below a link: the representative who sees who comes by it.
import { formatDate } from '../../i18n';
import { Icon } from '../../ui/Icon';
import type { Representative } from './api';
import { representativeTexts } from './representativeTexts';

export function RepresentativeLine({ of: { name, seen_at, ended_at } }: { of: Representative }) {
  const t = representativeTexts();
  const seen = seen_at ? t.seen(formatDate(seen_at, null, { dateStyle: 'medium' })) : t.neverSeen;
  return (
    <p class="link-row__person muted small">
      <Icon name={ended_at ? 'lock' : 'eye'} size={16} />
      <span>{ended_at ? t.seesNoMore(name) : `${t.sees(name)} · ${seen}`}</span>
    </p>
  );
}
