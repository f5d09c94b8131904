// The organisation's own codes, by list.
import { useId, useState } from 'preact/hooks';
import { codeLabel } from '../../i18n';
import { OWN_LISTS, type OwnCode } from '../../net/types';
import { reloadOwnCodes } from '../../state/ownCodes';
import { useResource } from '../../state/resource';
import { AppShell } from '../../ui/AppShell';
import { save } from '../../ui/AsTable';
import { Banner } from '../../ui/Banner';
import { Button, IconButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { csv } from '../../ui/csv';
import { EmptyState } from '../../ui/EmptyState';
import { FileInput } from '../../ui/FileDrop';
import { Icon } from '../../ui/Icon';
import { RemoveDialog } from '../../ui/RemoveDialog';
import { ResourceView } from '../../ui/ResourceView';
import { type Column, Table } from '../../ui/Table';
import { toast } from '../../ui/Toast';
import { Verbatim } from '../../ui/Verbatim';
import { api } from './api';
import { CodesDialog } from './CodesDialog';
import { codesTexts } from './codesTexts';
import { attributeName } from './criteria';
import { type CodeFile, type FileFault, MOST_BYTES, readCodes } from './ownCodes';

export default function CodesPage() {
  const t = codesTexts();
  const found = useResource('own codes', reloadOwnCodes);
  const [file, setFile] = useState<CodeFile | FileFault | null>(null);
  const choose = async (chosen: File | undefined) => {
    if (chosen) setFile(chosen.size > MOST_BYTES ? 'large' : readCodes(new Uint8Array(await chosen.arrayBuffer())));
  };
  const own = found.value ?? [];
  const buttons = (
    <>
      <Button icon="download" onClick={() => download(own)}>
        {own.length ? t.download : t.template}
      </Button>
      <Choice onFile={(chosen) => void choose(chosen)} />
    </>
  );
  const done = (text: string) => {
    setFile(null);
    toast.good(text);
    void found.reload();
  };
  return (
    <AppShell title={t.title} subtitle={t.lead} actions={own.length > 0 && buttons}>
      {typeof file === 'string' && <Banner tone="bad">{t.faults[file]}</Banner>}
      <ResourceView of={found}>
        {(codes) =>
          codes.length ? (
            <Lists codes={codes} reload={found.reload} />
          ) : (
            <Card>
              <EmptyState icon="list" title={t.empty} action={<div class="row codes__begin">{buttons}</div>}>
                {t.emptyText}
              </EmptyState>
            </Card>
          )
        }
      </ResourceView>
      {file !== null && typeof file === 'object' && <CodesDialog file={file} onClose={() => setFile(null)} onDone={done} />}
    </AppShell>
  );
}

function Choice({ onFile }: { onFile: (file: File | undefined) => void }) {
  const id = useId();
  return (
    <span class="codes__choice">
      <FileInput id={id} accept=".csv,.txt,.tsv,text/csv" onFile={onFile} />
      <label for={id} class="button button--primary">
        <Icon name="upload" />
        <span>{codesTexts().import}</span>
      </label>
    </span>
  );
}

/** As an import reads it. */
function download(own: readonly OwnCode[]): void {
  const t = codesTexts();
  const rows = own.map(({ list, code, fr, en }) => [attributeName(list), code, fr, en]);
  save(t.file, 'csv', `\uFEFF${csv([[t.columns.list, t.columns.code, t.columns.fr, t.columns.en], ...rows])}`);
}

function Lists({ codes, reload }: { codes: readonly OwnCode[]; reload: () => Promise<void> }) {
  const t = codesTexts();
  const [removing, setRemoving] = useState<OwnCode | null>(null);
  const columns: Column<OwnCode>[] = [
    { key: 'code', label: t.columns.code, head: true, cell: ({ code }) => <code translate={false}>{code}</code> },
    { key: 'fr', label: t.columns.fr, cell: ({ fr }) => <Verbatim>{fr}</Verbatim> },
    { key: 'en', label: t.columns.en, cell: ({ en }) => <Verbatim>{en}</Verbatim> },
    {
      key: 'actions',
      label: t.actions,
      hideLabel: true,
      cell: (row) => <IconButton icon="trash" label={`${t.remove} ${codeLabel([row], row.code)}`} onClick={() => setRemoving(row)} />,
    },
  ];
  return (
    <>
      {OWN_LISTS.map((list) => {
        const rows = codes.filter((code) => code.list === list);
        const name = attributeName(list);
        return rows.length === 0 ? null : (
          <Card key={list} title={name} text={t.count(rows.length)} flush>
            <Table caption={name} columns={columns} rows={rows} rowKey={({ code }) => code} />
          </Card>
        );
      })}
      {removing && (
        <RemoveDialog
          title={t.removeTitle}
          text={t.removeText(codeLabel([removing], removing.code))}
          remove={() => api.removeCode(removing.list, removing.code)}
          reload={reload}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  );
}
