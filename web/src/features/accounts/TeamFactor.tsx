// Whether the organisation wants a second factor of everybody in the team.
import { useState } from 'preact/hooks';
import { useResource } from '../../state/resource';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import { api } from './api';
import { factorTexts } from './factorTexts';

export function TeamFactor() {
  const t = factorTexts();
  const found = useResource('organisation', api.organisation);
  const [asking, setAsking] = useState(false);
  return (
    <Card title={t.team} text={t.teamLead}>
      <ResourceView of={found} lines={1}>
        {({ second_factor_required: required }) => (
          <div class="credentials__row">
            <p>{required ? t.required : t.notRequired}</p>
            <Button onClick={() => setAsking(true)}>{required ? t.unrequire : t.require}</Button>
            {asking && (
              <ConfirmDialog
                title={required ? t.unrequire : t.require}
                text={required ? t.unrequireText : t.requireText}
                action={required ? t.unrequire : t.require}
                onClose={() => setAsking(false)}
                onConfirm={async () => {
                  found.set(await api.requireFactor(!required));
                  toast.good(t.saved);
                }}
              />
            )}
          </div>
        )}
      </ResourceView>
    </Card>
  );
}
