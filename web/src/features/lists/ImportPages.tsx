// The pages that make a file people of a target list: of a new one, of one that is there, and an import under way.
import { useResource } from '../../state/resource';
import { AppShell } from '../../ui/AppShell';
import { ResourceView } from '../../ui/ResourceView';
import type { PageProps } from '../feature';
import { api } from './api';
import { FileStep } from './FileStep';
import { ImportPage } from './ImportPage';
import { Steps } from './Steps';
import { importTexts } from './importTexts';
import { listTexts } from './texts';

const lists = () => ({ label: listTexts().title, href: '/target-lists' });

export default function ImportPages({ params }: PageProps) {
  const { list, import: id } = params;
  if (!list) return <NewList />;
  return id && id !== 'new' ? <ImportPage key={id} list={list} id={id} /> : <NewPeople key={list} id={list} />;
}

function NewList() {
  const t = importTexts();
  return (
    <AppShell title={t.newTitle} subtitle={t.newLead} crumbs={[lists()]}>
      <Steps at="file" />
      <FileStep list={null} />
    </AppShell>
  );
}

/** A file for a list that is there. */
function NewPeople({ id }: { id: string }) {
  const t = importTexts();
  const list = useResource(`target list ${id}`, () => api.list(id));
  const name = list.value?.name;
  const crumbs = [lists(), ...(name ? [{ label: name, href: `/target-lists/${id}` }] : [])];
  return (
    <AppShell title={name ? t.into(name) : t.addTitle} subtitle={t.newLead} crumbs={crumbs}>
      <ResourceView of={list}>
        {(value) => (
          <>
            <Steps at="file" />
            <FileStep list={value} />
          </>
        )}
      </ResourceView>
    </AppShell>
  );
}
