// The session's files, for the spreadsheet of the reader's language unless another format is chosen.
import { useState } from 'preact/hooks';
import { language } from '../../i18n';
import { Card } from '../../ui/Card';
import { DownloadButton } from '../../ui/DownloadButton';
import { Select } from '../../ui/Field';
import { api, type Dialect } from './api';
import { participationTexts } from './texts';

export function Exports({ session }: { session: string }) {
  const t = participationTexts();
  const [chosen, setChosen] = useState<Dialect | null>(null);
  const dialect = chosen ?? (language.value === 'fr' ? 'excel-fr' : 'excel-en');
  return (
    <Card title={t.exports} text={t.exportsText}>
      <div class="stack">
        <div class="exports__format">
          <Select
            label={t.format}
            value={dialect}
            onChange={(value) => setChosen(value as Dialect)}
            hint={dialect === 'machine' ? t.machineText : t.excelText}
            options={[
              { value: 'excel-fr', label: t.excelFr },
              { value: 'excel-en', label: t.excelEn },
              { value: 'machine', label: t.machine },
            ]}
          />
        </div>
        <ul class="plain exports">
          <li>
            <DownloadButton href={api.attendancePath(session, dialect)}>{t.attendance}</DownloadButton>
            <span class="muted small">{t.attendanceText}</span>
          </li>
          <li>
            <DownloadButton href={api.participationPath(session, dialect)}>{t.byProfile}</DownloadButton>
            <span class="muted small">{t.byProfileText}</span>
          </li>
        </ul>
      </div>
    </Card>
  );
}
