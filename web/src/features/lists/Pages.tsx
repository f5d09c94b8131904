// The page of all target lists, and that of one: one file to fetch for both.
import type { PageProps } from '../feature';
import { ListPage } from './ListPage';
import { ListsPage } from './ListsPage';

export default function Pages({ params }: PageProps) {
  return params.list ? <ListPage key={params.list} id={params.list} /> : <ListsPage />;
}
