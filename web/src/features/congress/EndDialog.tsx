// Corrects when a session ended, where it was closed later than the talk. All its figures follow.
import { useState } from 'preact/hooks';
import { formatDate, formatMinutes } from '../../i18n';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { DateTimeField } from '../../ui/DateTime';
import { FormDialog } from '../../ui/FormDialog';
import { toast } from '../../ui/Toast';
import { api } from './api';
import { overviewTexts } from './overviewTexts';

interface EndDialogProps {
  id: string;
  live: string;
  /** As it counts now. */
  end: string;
  range: { from: string; until: string };
  zone: string;
  reload: () => Promise<void>;
  onClose: () => void;
}

const MINUTE = 60_000;
/** Typed in minutes: the first and the last whole ones within the range. */
const bounds = ({ from, until }: EndDialogProps['range']) => ({
  from: new Date(Math.ceil(Date.parse(from) / MINUTE) * MINUTE).toISOString(),
  until: new Date(Math.floor(Date.parse(until) / MINUTE) * MINUTE).toISOString(),
});

function useEnd(props: EndDialogProps) {
  const { id, end: before, range, reload, onClose } = props;
  const t = overviewTexts().end;
  const [end, setEnd] = useState(before);
  const [tried, setTried] = useState(false);
  const save = useAction(async (to: string) => {
    await api.correctEnd(id, to);
    toast.good(t.done);
    await reload();
    onClose();
  });
  const outside = end !== before && !(end && end >= range.from && end <= range.until);
  const submit = () => {
    setTried(true);
    if (end === before) onClose();
    else if (!outside) void save.run(end);
  };
  const error = (tried && outside) || save.field('ended_at') ? t.outside : null;
  return { end, setEnd, outside, submit, save, error };
}

export function EndDialog(props: EndDialogProps) {
  const { live, end: before, range, zone, onClose } = props;
  const t = overviewTexts().end;
  const { end, setEnd, outside, submit, save, error } = useEnd(props);
  const clock = (at: string) => formatDate(at, zone, { hour: '2-digit', minute: '2-digit' });
  const length = (to: string) => formatMinutes(Math.round((Date.parse(to) - Date.parse(live)) / MINUTE));
  const { from, until } = bounds(range);
  const restore = range.until.slice(0, 19) !== before.slice(0, 19) && (
    <Button look="quiet" busy={save.busy} onClick={() => save.run(range.until)}>
      {t.restore(clock(range.until))}
    </Button>
  );
  return (
    <FormDialog
      title={t.title}
      action={{ ...save, run: async () => submit() }}
      fields={['ended_at']}
      submit={t.submit}
      onClose={onClose}
      aside={restore}
    >
      <p>{t.text}</p>
      <DateTimeField
        label={t.label}
        value={end}
        zone={zone}
        onChange={setEnd}
        error={error}
        hint={from < until ? t.range(clock(from), clock(until)) : t.noRange}
      />
      <Banner silent>
        {end !== before && !outside ? t.change(length(before), length(end)) : t.keeps(length(before))} {t.follows}
      </Banner>
    </FormDialog>
  );
}
