// What a file of codes holds, before any of it is kept.
import { useMemo, useState } from 'preact/hooks';
import { refusalText } from '../../i18n/errors';
import { OWN_LISTS, type OwnList } from '../../net/types';
import { useAction } from '../../state/action';
import { codes } from '../../state/codes';
import { Banner } from '../../ui/Banner';
import { Select } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { api } from './api';
import { codesTexts } from './codesTexts';
import { attributeName } from './criteria';
import { type CodeFile, type Judged, judge } from './ownCodes';

const FIRST = 5; // codes that are shown of many
const FAULTS = 50;

interface CodesDialogProps {
  file: CodeFile;
  onClose: () => void;
  onDone: (text: string) => void;
}

const taken = (list: OwnList, code: string) =>
  codes.value?.[list]?.some((one) => one.section !== 'own' && one.code === code) ?? false;

export function CodesDialog({ file, onClose, onDone }: CodesDialogProps) {
  const t = codesTexts();
  const [list, setList] = useState<OwnList>('segment');
  const { good, refused } = useMemo(() => judge(file, { list, taken }), [file, list, codes.value]);
  const send = useAction(async () => {
    const { added, changed } = await api.importCodes(good);
    onDone(t.imported(added, changed));
  });
  return (
    <FormDialog
      title={t.reading}
      wide
      action={{ ...send, text: () => (send.error === null ? null : refusalText(send.error)) }}
      submit={t.submit}
      onSubmit={() => good.length > 0 && void send.run()}
      onClose={onClose}
    >
      {!file.listed && (
        <Select
          label={t.which}
          value={list}
          onChange={(next) => setList(next as OwnList)}
          options={OWN_LISTS.map((value) => ({ value, label: attributeName(value) }))}
        />
      )}
      {good.length === 0 ? <Banner tone="bad">{t.nothing}</Banner> : <Good good={good} listed={file.listed} />}
      {refused.length > 0 && <Refused refused={refused} />}
    </FormDialog>
  );
}

/** "1,234 codes can be imported (the first 5)". */
const some = (said: string, n: number, most: number) =>
  n > most ? `${said} (${codesTexts().first(most)})` : said;

function Good({ good, listed }: Pick<Judged, 'good'> & { listed: boolean }) {
  const t = codesTexts();
  return (
    <section class="codes__part">
      <h3>{some(t.good(good.length), good.length, FIRST)}</h3>
      <ul class="codes__lines">
        {good.slice(0, FIRST).map(({ list, code, fr, en }) => (
          <li key={`${list} ${code}`}>
            <code translate={false}>{code}</code>
            <span translate={false}>{fr === en ? fr : `${fr} · ${en}`}</span>
            {listed && <span class="muted">{attributeName(list)}</span>}
          </li>
        ))}
      </ul>
      <p class="muted small">{t.keeps}</p>
    </section>
  );
}

function Refused({ refused }: Pick<Judged, 'refused'>) {
  const t = codesTexts();
  return (
    <section class="codes__part">
      <h3>{some(t.refused(refused.length), refused.length, FAULTS)}</h3>
      <ul class="codes__lines">
        {refused.slice(0, FAULTS).map(({ line, said, fault }) => (
          <li key={line}>
            <span class="number">{t.line(line)}</span>
            {said && <code translate={false}>{said}</code>}
            <span>{t.lines[fault]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
