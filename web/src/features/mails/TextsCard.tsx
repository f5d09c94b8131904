// The kinds of mails, with whose text each of them has in which language.
import { Badge } from '../../ui/Badge';
import { Card } from '../../ui/Card';
import { type Column, Table } from '../../ui/Table';
import type { MailLanguage, MailText } from './api';
import { kindTexts } from './kindTexts';
import { mailsTexts } from './texts';

export function TextsCard({ congress, texts }: { congress: string; texts: readonly MailText[] }) {
  const t = mailsTexts();
  const state = (language: MailLanguage): Column<MailText> => ({
    key: language,
    label: t[language],
    cell: ({ texts: { [language]: text } }) => (text.own ? <Badge tone="accent">{t.own}</Badge> : <Badge>{t.house}</Badge>),
  });
  const columns: Column<MailText>[] = [
    {
      key: 'kind',
      label: t.what,
      head: true,
      cell: ({ kind }) => <a href={`/congresses/${congress}/mails/${kind}`}>{kindTexts()[kind]}</a>,
    },
    { key: 'when', label: t.occasion, cell: ({ kind }) => t.when[kind] },
    state('fr'),
    state('en'),
  ];
  return (
    <Card title={t.texts} text={t.textsHint} flush>
      <Table caption={t.texts} columns={columns} rows={texts} rowKey={({ kind }) => kind} />
    </Card>
  );
}
