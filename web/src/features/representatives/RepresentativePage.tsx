// /representative#token: who came by a representative's link, for whoever has the secret that was mailed to them. No account.
import { useState } from 'preact/hooks';
import { formatDate, formatNumber, formatRate, unbroken } from '../../i18n';
import { common } from '../../i18n/common';
import { useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card, Figure, Figures } from '../../ui/Card';
import { CopyField } from '../../ui/CopyField';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { MailedPage } from '../../ui/MailedPage';
import { PublicShell } from '../../ui/PublicShell';
import { QrCode } from '../../ui/QrCode';
import { qrOf } from '../../ui/qr';
import { ResourceView } from '../../ui/ResourceView';
import { Verbatim } from '../../ui/Verbatim';
import { api, type Page, type Person } from './api';
import { representativeTexts } from './texts';

export default function RepresentativePage() {
  const t = representativeTexts();
  return (
    <MailedPage name="representative" load={api.page} unknown={{ title: t.unknown, text: t.unknownText }}>
      {(page) => <Found page={page} />}
    </MailedPage>
  );
}

function Found({ page }: { page: Page }) {
  const t = representativeTexts();
  return (
    <PublicShell title={t.title} organisation={page.organisation} person={page.name}>
      <div class="stack stack--wide">
        <header class="stack stack--tight">
          <p class="muted" lang={page.congress.language}>
            <Verbatim>{unbroken(page.congress.title)}</Verbatim>
          </p>
          <h1>{t.title}</h1>
          <p class="muted">{t.lead}</p>
        </header>
        <Counts page={page} />
        <OwnLink page={page} />
        <People page={page} />
        <p class="faint small">{t.personal}</p>
      </div>
    </PublicShell>
  );
}

function Counts({ page: { registered, attended, completed, sessions_held } }: { page: Page }) {
  const t = representativeTexts();
  const held = sessions_held > 0;
  const share = (part: number, whole: number, of: (share: string) => string) => (whole > 0 ? of(formatRate(part / whole, 0)) : null);
  return (
    <div class="representative__counts">
      <Figures>
        <Figure label={t.registered} value={formatNumber(registered)} />
        <Figure label={t.attended} value={held ? formatNumber(attended) : '–'} note={held ? share(attended, registered, t.ofRegistered) : t.notYet} />
        <Figure label={t.completed} value={held ? formatNumber(completed) : '–'} note={held ? share(completed, attended, t.ofAttended) : t.notYet} />
      </Figures>
    </div>
  );
}

function OwnLink({ page: { url, open } }: { page: Page }) {
  const t = representativeTexts();
  const [shown, setShown] = useState(false);
  const show = (
    <Button icon="qr" onClick={() => setShown(true)}>
      {t.qr}
    </Button>
  );
  return (
    <Card title={t.link} text={t.linkText} actions={show}>
      <div class="stack">
        {!open && (
          <Banner silent tone="warn" title={t.closed}>
            {t.closedText}
          </Banner>
        )}
        <CopyField label={t.link} hideLabel value={url} />
      </div>
      {shown && <QrDialog url={url} onClose={() => setShown(false)} />}
    </Card>
  );
}

/** To be held out to whoever has a telephone. */
function QrDialog({ url, onClose }: { url: string; onClose: () => void }) {
  const t = representativeTexts();
  const found = useResource(url, () => qrOf(url));
  return (
    <Dialog title={t.qr} onClose={onClose}>
      <div class="stack representative__qr">
        <ResourceView of={found} lines={5}>
          {(code) => <QrCode qr={code} label={common().named(t.qr, url)} />}
        </ResourceView>
        <p class="small" translate={false}>
          {url}
        </p>
        <p class="muted small">{t.qrText}</p>
      </div>
    </Dialog>
  );
}

function People({ page }: { page: Page }) {
  const t = representativeTexts();
  const { people, registered } = page;
  if (registered === 0)
    return (
      <Card>
        <EmptyState icon="people" title={t.empty}>
          {t.emptyText}
        </EmptyState>
      </Card>
    );
  return (
    <Card title={t.people} text={t.how} flush>
      <ul class="plain">
        {people.map((person) => (
          <PersonRow key={keyOf(person)} person={person} page={page} />
        ))}
      </ul>
      {people.length < registered && <p class="representative__rest faint small">{left(page)}</p>}
    </Card>
  );
}

/** The list is cut at so many (PEOPLE_MAX in server/features/representatives/representatives_store.c). */
const MOST = 1000;

function left({ people, registered }: Page): string {
  const t = representativeTexts();
  return people.length >= MOST ? t.newest(people.length) : t.erased(registered - people.length);
}

const keyOf = ({ first_name, last_name, registered_at }: Person) => `${registered_at} ${last_name} ${first_name}`;

function PersonRow({ person, page: { congress, sessions_held } }: { person: Person; page: Page }) {
  const t = representativeTexts();
  const { first_name, last_name, registered_at } = person;
  return (
    <li class="representative__person">
      <div>
        <strong translate={false}>{`${first_name} ${last_name}`}</strong>
        <p class="muted small">{t.registeredOn(formatDate(registered_at, congress.time_zone, { dateStyle: 'medium' }))}</p>
      </div>
      <Standing person={person} held={sessions_held > 0} />
    </li>
  );
}

function Standing({ person: { attended, completed }, held }: { person: Person; held: boolean }) {
  const { did } = representativeTexts();
  if (completed) return <Badge tone="good">{did.completed}</Badge>;
  if (attended) return <Badge tone="info">{did.attended}</Badge>;
  return <span class="muted small">{held ? did.absent : did.waits}</span>;
}
