// What an import shows while the server works on it, and when that is over.
import { useRef } from 'preact/hooks';
import { codeText } from '../../i18n/errors';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Icon } from '../../ui/Icon';
import { Progress } from '../../ui/Progress';
import { api, type TargetListImport } from './api';
import { importTexts } from './importTexts';
import { StepHead, type StepProps } from './Steps';

const SAID_EACH = 4; // a screen reader hears of each quarter

function useQuarters(share: number, text: string): string {
  const said = useRef({ quarter: -1, text: '' });
  const quarter = Math.floor(share * SAID_EACH);
  if (quarter !== said.current.quarter) said.current = { quarter, text };
  return said.current.text;
}

export function Working({ import: value }: Pick<StepProps, 'import'>) {
  const t = importTexts();
  const storing = value.state === 'storing';
  const all = value.checked >= value.lines;
  const share = value.lines ? value.checked / value.lines : 0;
  const text = storing ? t.storing : all ? t.matching : t.checked(value.checked, value.lines);
  const heard = useQuarters(storing ? 2 : share, text);
  return (
    <>
      <StepHead title={storing ? t.storing : t.checking} text={storing ? t.storingText : t.checkingText} />
      <Card>
        <div class="stack">
          {!storing && <span class="number">{text}</span>}
          <span class="visually-hidden" role="status">
            {heard}
          </span>
          <Progress label={text} value={storing || all ? null : share} />
        </div>
      </Card>
    </>
  );
}

export function DoneStep({ list, import: value }: { list: string; import: TargetListImport }) {
  const t = importTexts();
  const { added = 0, changed = 0, refused = 0 } = value.counts ?? {};
  return (
    <Card>
      <div class="import-done">
        <span class="import-done__mark">
          <Icon name="check" size={28} />
        </span>
        <StepHead title={t.done(added)} />
        <p class="muted">
          {[changed > 0 && t.doneChanged(changed), refused > 0 && t.doneRefused(refused), t.erased]
            .filter(Boolean)
            .join(' ')}
        </p>
        <div class="row">
          <LinkButton look="primary" href={`/target-lists/${list}`}>
            {t.open}
          </LinkButton>
          <LinkButton href={`/target-lists/${list}/imports/new`}>{t.again}</LinkButton>
        </div>
      </div>
    </Card>
  );
}

export function FailedStep({ list, import: value, onChange }: StepProps) {
  const t = importTexts();
  const again = useAction(async () => {
    const fields = value.columns.map(({ field }) => field);
    onChange(await api.map(list.id, value.id, { fields, duplicates: value.duplicates ?? 'keep' }));
  });
  const error = again.text();
  return (
    <>
      <StepHead title={t.failed} text={t.failedText} />
      <Banner tone="bad">{error ?? codeText(value.error ?? 'other')}</Banner>
      <div class="import-actions">
        <Button look="primary" icon="refresh" busy={again.busy} onClick={() => void again.run()}>
          {t.check}
        </Button>
      </div>
    </>
  );
}
