// Where one is signed in: a list in which each other browser can be signed out.
import { formatDateTime } from '../../i18n';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import { api, type SignIn } from './api';
import { signInsTexts } from './texts';

export function SignIns() {
  const found = useResource('sign-ins', api.signIns);
  return (
    <ResourceView of={found} lines={2}>
      {(list) => (
        <ul class="credentials">
          {list.items.map((item) => (
            <Row key={item.id} item={item} onEnded={found.reload} />
          ))}
        </ul>
      )}
    </ResourceView>
  );
}

interface RowProps {
  item: SignIn;
  onEnded: () => Promise<void>;
}

function Row({ item, onEnded }: RowProps) {
  const t = signInsTexts();
  const end = useAction(async () => {
    await api.endSignIn(item.id);
    toast.good(t.ended);
    await onEnded();
  });
  return (
    <li class="credentials__row">
      <div>
        <p>
          {t.via[item.via]} {item.current && <Badge tone="good">{t.current}</Badge>}
        </p>
        <p class="muted small">
          {t.since(formatDateTime(item.created_at, null))} · {t.seen(formatDateTime(item.seen_at, null))}
        </p>
        {end.error !== null && <p class="field__error">{end.text()}</p>}
      </div>
      {!item.current && (
        <Button busy={end.busy} onClick={() => end.run()}>
          {t.end}
        </Button>
      )}
    </li>
  );
}
