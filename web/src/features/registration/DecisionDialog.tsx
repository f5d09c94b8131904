// Asks before a decision about people in review, carries it out for one after the other, and says what became of each.
import { useRef, useState } from 'preact/hooks';
import { refusalText } from '../../i18n/errors';
import { common } from '../../i18n/common';
import { ApiError } from '../../net/api';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Select, Textarea } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { Progress } from '../../ui/Progress';
import { toast } from '../../ui/Toast';
import { Verbatim } from '../../ui/Verbatim';
import { api, type Decision, DECLINE_REASONS, type DeclineReason, type Reviewed, type ReviewWish } from './api';
import { fullName } from './ReviewRow';
import { reviewTexts } from './reviewTexts';

const NAMES = 5;
const MESSAGE_MAX = 2000;

interface Outcome {
  done: number;
  waits: number;
  failed: { row: Reviewed; why: string }[];
}
const nothing: Outcome = { done: 0, waits: 0, failed: [] };
const tried = ({ done, failed }: Outcome) => done + failed.length;

interface DialogProps {
  decision: Decision;
  rows: Reviewed[];
  onClose: () => void;
  /** Something was done, or is no longer as it was shown. */
  onDone: () => Promise<void>;
}

export function DecisionDialog({ decision, rows, onClose, onDone }: DialogProps) {
  const t = reviewTexts();
  const [phase, setPhase] = useState<'ask' | 'work' | 'result'>('ask');
  const [outcome, setOutcome] = useState(nothing);
  const stopped = useRef(false);
  const run = async (wish: ReviewWish) => {
    setPhase('work');
    const all = await decideAll(rows, wish, setOutcome, stopped);
    if (all.done === rows.length) {
      toast.good([t.done[decision](all.done), all.waits && t.waits(all.waits)].filter(Boolean).join(' · '));
      await onDone();
    } else {
      setPhase('result');
    }
  };
  const stop = () => {
    stopped.current = true;
  };
  if (phase === 'ask' || (phase === 'work' && rows.length === 1))
    return <Ask decision={decision} rows={rows} busy={phase === 'work'} onClose={onClose} onSubmit={(wish) => void run(wish)} />;
  if (phase === 'work') return <Work outcome={outcome} all={rows.length} onStop={stop} />;
  return <Result decision={decision} outcome={outcome} all={rows.length} onClose={() => void onDone()} />;
}

/** One request for each, in their order; what fails does not hold up the others. */
async function decideAll(rows: Reviewed[], wish: ReviewWish, tell: (outcome: Outcome) => void, stopped: { current: boolean }): Promise<Outcome> {
  let all = nothing;
  for (const row of rows) {
    if (stopped.current) break;
    try {
      const { state } = await api.decide(row.id, row.review.version, wish);
      all = { ...all, done: all.done + 1, waits: all.waits + (state === 'waiting' ? 1 : 0) };
    } catch (error) {
      all = { ...all, failed: [...all.failed, { row, why: whyOf(error) }] };
    }
    tell(all);
  }
  return all;
}

const whyOf = (error: unknown) =>
  error instanceof ApiError && error.code === 'registration.full' ? reviewTexts().noPlace : refusalText(error);

interface AskProps {
  decision: Decision;
  rows: Reviewed[];
  busy: boolean;
  onClose: () => void;
  onSubmit: (wish: ReviewWish) => void;
}

function Ask({ decision, rows, busy, onClose, onSubmit }: AskProps) {
  const t = reviewTexts();
  const [reason, setReason] = useState('');
  const [message, setMessage] = useState(decision === 'ask_proof' ? t.proof[rows[0]?.language ?? 'fr'] : '');
  const words = message.trim();
  const submit = () => {
    if (decision === 'approve') onSubmit({ decision });
    else if (decision === 'ask_proof') onSubmit({ decision, message: words });
    else onSubmit({ decision, reason: reason as DeclineReason, ...(words && { message: words }) });
  };
  const footer = (
    <>
      <Button onClick={onClose}>{common().cancel}</Button>
      <Button type="submit" form="decision" busy={busy} look={decision === 'decline' ? 'danger' : 'primary'}>
        {t.verb[decision]}
      </Button>
    </>
  );
  return (
    <Dialog title={t.ask[decision](rows.length)} onClose={onClose} footer={footer}>
      <Form id="decision" onSubmit={submit} error={null}>
        <div class="stack stack--tight">
          <Names rows={rows} />
          <p class="muted">{t.what[decision]}</p>
        </div>
        {decision === 'decline' && <Reason value={reason} onChange={setReason} />}
        {decision !== 'approve' && <Message decision={decision} rows={rows} value={message} onInput={setMessage} />}
      </Form>
    </Dialog>
  );
}

function Names({ rows }: { rows: Reviewed[] }) {
  const t = reviewTexts();
  const more = rows.length - NAMES;
  return (
    <p>
      <strong>
        <Verbatim>{rows.slice(0, NAMES).map(fullName).join(', ')}</Verbatim>
      </strong>
      {more > 0 && ` ${t.and(more)}`}
    </p>
  );
}

function Reason({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = reviewTexts();
  return (
    <Select
      label={t.reason}
      hint={t.reasonHint}
      placeholder={t.choose}
      required
      value={value}
      onChange={onChange}
      options={DECLINE_REASONS.map((one) => ({ value: one, label: t.reasons[one] }))}
    />
  );
}

interface MessageProps {
  decision: Decision;
  rows: Reviewed[];
  value: string;
  onInput: (value: string) => void;
}

function Message({ decision, rows, value, onInput }: MessageProps) {
  const t = reviewTexts();
  const french = rows.filter(({ language }) => language === 'fr').length;
  const english = rows.length - french;
  const reads = french && english ? t.reads(french, english) : t.readsIn[french ? 'fr' : 'en'];
  return (
    <Textarea
      label={t.message}
      hint={`${t.messageHint} ${reads}`}
      required={decision === 'ask_proof'}
      maxLength={MESSAGE_MAX}
      value={value}
      onInput={onInput}
    />
  );
}

function Work({ outcome, all, onStop }: { outcome: Outcome; all: number; onStop: () => void }) {
  const t = reviewTexts();
  const said = t.working(tried(outcome), all);
  return (
    <Dialog title={t.title} onClose={onStop} footer={all > 1 && <Button onClick={onStop}>{t.stop}</Button>}>
      <div class="stack">
        <p role="status">{said}</p>
        <Progress label={said} value={tried(outcome) / all} />
      </div>
    </Dialog>
  );
}

interface ResultProps {
  decision: Decision;
  outcome: Outcome;
  all: number;
  onClose: () => void;
}

function Result({ decision, outcome, all, onClose }: ResultProps) {
  const t = reviewTexts();
  const { done, waits, failed } = outcome;
  const left = all - tried(outcome);
  return (
    <Dialog title={t.result} onClose={onClose} footer={<Button onClick={onClose}>{common().close}</Button>}>
      <div class="stack">
        <p>{done > 0 ? t.done[decision](done) : t.none}</p>
        {waits > 0 && <p>{t.waits(waits)}</p>}
        {left > 0 && <p>{t.left(left)}</p>}
        {failed.length > 0 && <p>{t.failed(failed.length)}</p>}
        <ul class="plain stack stack--tight">
          {failed.map(({ row, why }) => (
            <li key={row.id}>
              <strong>
                <Verbatim>{fullName(row)}</Verbatim>
              </strong>
              <span class="muted small review__why">{why}</span>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
