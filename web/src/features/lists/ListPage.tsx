// One target list: what it says of its people altogether, and each of them.
import { useState } from 'preact/hooks';
import { codeLabel } from '../../i18n';
import { codes } from '../../state/codes';
import { loadAllCodes } from '../../state/ownCodes';
import { navigate } from '../../state/place';
import { useResource } from '../../state/resource';
import { AppShell } from '../../ui/AppShell';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { ResourceView } from '../../ui/ResourceView';
import { type Breakdown, api, type TargetListDetails } from './api';
import { Bars } from './Bars';
import { day } from './dates';
import { DescriptionDialog } from './DescriptionDialog';
import { importTexts } from './importTexts';
import { People } from './People';
import { listTexts } from './texts';
import { Waiting } from './Waiting';

export function ListPage({ id }: { id: string }) {
  const { title } = listTexts();
  const list = useResource(`target list ${id}`, async () => {
    const [found] = await Promise.all([api.list(id), loadAllCodes()]);
    return found;
  });
  const crumbs = [{ label: title, href: '/target-lists' }];
  const found = list.value;
  return (
    <AppShell
      title={found?.name ?? title}
      subtitle={found && <About list={found} />}
      crumbs={crumbs}
      actions={found && <Actions list={found} reload={list.reload} />}
    >
      <ResourceView of={list}>{(value) => <Content list={value} reload={list.reload} />}</ResourceView>
    </AppShell>
  );
}

function About({ list }: { list: TargetListDetails }) {
  const t = listTexts();
  const said = [
    t.found(list.people),
    list.source,
    list.as_of && `${t.asOf}: ${day(list.as_of)}`,
    list.made_by && `${t.madeBy} ${list.made_by}`,
  ];
  return <span>{said.filter(Boolean).join(' · ')}</span>;
}

interface ContentProps {
  list: TargetListDetails;
  reload: () => Promise<void>;
}

function Actions({ list, reload }: ContentProps) {
  const t = listTexts();
  const [doing, setDoing] = useState<'edit' | 'remove' | null>(null);
  const close = () => setDoing(null);
  return (
    <>
      <LinkButton icon="upload" href={`/target-lists/${list.id}/imports/new`}>
        {importTexts().addTitle}
      </LinkButton>
      <Button icon="edit" onClick={() => setDoing('edit')}>
        {t.edit}
      </Button>
      <Button look="quiet" icon="trash" onClick={() => setDoing('remove')}>
        {t.remove}
      </Button>
      {doing === 'edit' && <DescriptionDialog list={list} onClose={close} reload={reload} />}
      {doing === 'remove' && (
        <ConfirmDialog
          title={t.remove}
          text={t.removeText(list.name, list.people)}
          action={t.remove}
          danger
          onClose={close}
          onConfirm={async () => {
            await api.remove(list.id);
            navigate('/target-lists');
          }}
        />
      )}
    </>
  );
}

function Content({ list, reload }: ContentProps) {
  const t = listTexts();
  const label = (attribute: 'specialty' | 'region') => (code: string) =>
    codeLabel(codes.value?.[attribute], code);
  const shows = (parts: Breakdown) => parts.some((part) => part.code !== null);
  return (
    <>
      <Waiting lists={[list]} />
      {(shows(list.specialty) || shows(list.region)) && (
        <div class="columns columns--even">
          <Card title={t.bySpecialty}>
            <Bars parts={list.specialty} people={list.people} label={label('specialty')} />
          </Card>
          <Card title={t.byRegion}>
            <Bars parts={list.region} people={list.people} label={label('region')} />
          </Card>
        </div>
      )}
      <People list={list.id} onChange={reload} />
    </>
  );
}
