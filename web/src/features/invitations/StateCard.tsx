// How far a round is, and what can be done about it.
import { useState } from 'preact/hooks';
import { formatDateTime, formatNumber, language } from '../../i18n';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { DownloadButton } from '../../ui/DownloadButton';
import { Progress } from '../../ui/Progress';
import { api, type Round } from './api';
import type { RoundProps } from './round';
import { roundTexts } from './roundTexts';
import { invitationTexts } from './texts';

export function StateCard({ round, set }: RoundProps) {
  const t = roundTexts();
  return (
    <Card title={t.states[round.state]} actions={<Actions round={round} set={set} />}>
      <div class="stack stack--tight">
        <p class="number" role="status">
          {said(round)}
        </p>
        {round.state === 'sending' && <Progress label={t.progress} value={round.people ? round.invited / round.people : null} />}
        {round.state === 'failed' && <Banner tone="warn">{t.failedText}</Banner>}
        {round.channel === 'crm' && round.state === 'sent' && <p class="muted small">{t.crmText}</p>}
        {round.overrule && <p class="muted small">{t.overruled(round.overrule)}</p>}
        <div class="row">
          <LinkButton icon="people" href={`/congresses/${round.congress}/invitations`}>
            {invitationTexts().people}
          </LinkButton>
        </div>
      </div>
    </Card>
  );
}

function said(round: Round): string {
  const t = roundTexts();
  const { started_at, people, invited } = round;
  const when = started_at ? ` · ${formatDateTime(started_at, null)}` : '';
  if (people === null) return t.gathering + when;
  return invitationTexts().of(t.people(invited), formatNumber(people)) + when;
}

function Actions({ round, set }: { round: Round; set: (round: Round) => void }) {
  const t = roundTexts();
  const [stopping, setStopping] = useState(false);
  const resume = useAction(async () => set(await api.send(round.id, null)));
  const dialect = language.value === 'fr' ? 'excel-fr' : 'excel-en';
  return (
    <>
      {round.channel === 'crm' && round.state === 'sent' && <DownloadButton href={api.linksPath(round.id, dialect)}>{t.download}</DownloadButton>}
      {round.state === 'failed' && (
        <Button look="primary" busy={resume.busy} onClick={() => void resume.run()}>
          {t.resume}
        </Button>
      )}
      {(round.state === 'sending' || round.state === 'failed') && (
        <Button look="danger" onClick={() => setStopping(true)}>
          {t.stop}
        </Button>
      )}
      {stopping && (
        <ConfirmDialog
          title={t.stop}
          text={t.stopText}
          action={t.stop}
          keep={t.keep}
          danger
          onClose={() => setStopping(false)}
          onConfirm={async () => set(await api.cancel(round.id))}
        />
      )}
    </>
  );
}
