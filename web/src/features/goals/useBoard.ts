// The goal board of a congress with the code lists that it is written in. It is read again while it is looked at.
import { useEffect } from 'preact/hooks';
import { loadAllCodes } from '../../state/ownCodes';
import { type Resource, useResource } from '../../state/resource';
import { api, type Board } from './api';

const EVERY_MS = 10_000;

export function useBoard(congress: string): Resource<Board> {
  const found = useResource(`goals ${congress}`, async () => {
    const [board] = await Promise.all([api.board(congress), loadAllCodes()]);
    return board;
  });
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void found.reload();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [found.reload]);
  return found;
}
