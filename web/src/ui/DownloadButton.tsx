// A file that the browser saves. It looks first whether this tab's person is still signed in, and has staff
// show that it is them: of a refusal the browser could only make a broken file.
import type { TargetedMouseEvent } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError, named, request, sideOf } from '../net/api';
import { ensureProof } from '../state/proof';
import { LinkButton } from './Button';
import { toast } from './Toast';

export function DownloadButton({ href, children }: { href: string; children: string }) {
  const [busy, setBusy] = useState(false);
  const save = async (event: TargetedMouseEvent<HTMLAnchorElement>) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      if (sideOf(href) === 'staff') await ensureProof();
      else await request('GET', '/api/me', undefined, undefined, 'hcp');
      const link = document.createElement('a');
      link.href = named(href);
      link.download = '';
      link.click();
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'auth.other_person')) toast.error(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <LinkButton href={href} icon="download" download onClick={save}>
      {children}
    </LinkButton>
  );
}
