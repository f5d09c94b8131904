// An import under way: it is asked how it stands, and shown at the step where it is.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '../../i18n/errors';
import { ApiError } from '../../net/api';
import { navigate } from '../../state/place';
import { type Resource, useReloadWhile, useResource } from '../../state/resource';
import { AppShell } from '../../ui/AppShell';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { ErrorState } from '../../ui/ErrorState';
import { Skeleton } from '../../ui/Progress';
import { api, type Rule, type TargetListDetails, type TargetListImport } from './api';
import { ColumnsStep } from './ColumnsStep';
import { DoneStep, FailedStep, Working } from './ImportStates';
import { importTexts } from './importTexts';
import { ReportStep } from './ReportStep';
import { type Step, type StepProps, Steps } from './Steps';
import { listTexts } from './texts';

const POLL_MS = 700;

const working = ({ state }: TargetListImport) => state === 'checking' || state === 'storing';

export function ImportPage({ list: listId, id }: { list: string; id: string }) {
  const t = importTexts();
  const list = useResource(`target list ${listId}`, () => api.list(listId));
  const found = useResource(`import ${id}`, () => api.import(listId, id));
  useReloadWhile(found, found.value !== null && working(found.value), POLL_MS);
  const name = list.value?.name;
  const crumbs = [
    { label: listTexts().title, href: '/target-lists' },
    ...(name ? [{ label: name, href: `/target-lists/${listId}` }] : []),
  ];
  return (
    <AppShell
      title={name ? t.into(name) : t.addTitle}
      subtitle={found.value?.file_name}
      crumbs={crumbs}
      actions={list.value && found.value && <Cancel list={list.value} import={found.value} />}
    >
      <Content list={list} found={found} />
    </AppShell>
  );
}

const gone = (error: unknown) => error instanceof ApiError && error.status === 404;

function Content({ list, found }: { list: Resource<TargetListDetails>; found: Resource<TargetListImport> }) {
  const failure = list.error ?? found.error;
  const reload = () => void Promise.all([list.reload(), found.reload()]);
  if (failure !== null && (!list.value || !found.value || gone(failure)))
    return <ErrorState error={failure} onRetry={reload} />;
  if (!list.value || !found.value) return <Skeleton lines={3} tall />;
  return (
    <>
      {failure !== null && (
        <Banner tone="warn">{working(found.value) ? importTexts().lost : errorText(failure)}</Banner>
      )}
      <Import list={list.value} import={found.value} onChange={found.set} />
    </>
  );
}

/** Stores what was checked; with another rule than it was checked by, after it was checked by that. */
function useConfirm({ list, import: value, onChange }: StepProps) {
  const [wanted, setWanted] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { state } = value;
  useEffect(() => {
    if (!wanted || state === 'checking') return;
    const asked = state === 'checked' ? api.confirm(list.id, value.id).then(onChange, setError) : Promise.resolve();
    void asked.then(() => setWanted(false));
  }, [wanted, state]);
  const confirm = async (duplicates: Rule) => {
    setError(null);
    const fields = value.columns.map(({ field }) => field);
    if (duplicates !== value.duplicates) onChange(await api.map(list.id, value.id, { fields, duplicates }));
    setWanted(true);
  };
  return { error, confirm, wanted };
}

function Import(props: StepProps) {
  const { list, import: value, onChange } = props;
  const [again, setAgain] = useState(false);
  const { error, confirm, wanted } = useConfirm(props);
  const columns = value.state === 'read' || (value.state === 'checked' && again);
  const step: Step = value.state === 'stored' ? 'done' : columns ? 'columns' : 'check';
  const mapped = (next: TargetListImport) => {
    setAgain(false);
    onChange(next);
  };
  const current = () => {
    if (columns) return <ColumnsStep {...props} onChange={mapped} />;
    if (value.state === 'stored') return <DoneStep list={list.id} import={value} />;
    if (value.state === 'failed') return <FailedStep {...props} />;
    if (value.state !== 'checked') return <Working {...props} />;
    if (wanted) return <Working {...props} import={{ ...value, state: 'storing' }} />;
    return <ReportStep {...props} error={error} onConfirm={confirm} onColumns={() => setAgain(true)} />;
  };
  return (
    <>
      <Steps at={step} />
      {current()}
    </>
  );
}

/** Nothing is on the list, and no other import waits. */
const onlyThis = ({ people, imports }: TargetListDetails) => people === 0 && imports.length <= 1;

/** Forgets the import; a list that was made for it goes with it. */
function Cancel({ list, import: { id, state } }: Pick<StepProps, 'list' | 'import'>) {
  const t = importTexts();
  const [asked, setAsked] = useState(false);
  const cancel = async () => {
    const all = onlyThis(await api.list(list.id)); // others may have filled it meanwhile
    await (all ? api.remove(list.id) : api.cancel(list.id, id));
    navigate(all ? '/target-lists' : `/target-lists/${list.id}`);
  };
  if (state === 'storing' || state === 'stored') return null;
  return (
    <>
      <Button onClick={() => setAsked(true)}>
        {t.cancel}
      </Button>
      {asked && (
        <ConfirmDialog
          title={t.cancel}
          text={onlyThis(list) ? t.cancelEmptyText(list.name) : t.cancelText}
          action={t.cancel}
          keep={t.keep}
          danger
          onClose={() => setAsked(false)}
          onConfirm={cancel}
        />
      )}
    </>
  );
}
