import { useState } from 'preact/hooks';
import { formatDay, formatNumber, formatTime } from '../../i18n';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { Congress, CongressFields } from '../../net/types';
import { useAction } from '../../state/action';
import { hasRole } from '../../state/me';
import { useResource } from '../../state/resource';
import { useUnsaved } from '../../state/unsaved';
import { Button } from '../../ui/Button';
import { Card, Figure, Figures } from '../../ui/Card';
import { Form } from '../../ui/Form';
import { Icon } from '../../ui/Icon';
import { toast } from '../../ui/Toast';
import { CongressFieldset } from './CongressForm';
import { Structure } from './Structure';
import { congressTexts } from './texts';

export interface CongressTabProps {
  congress: Congress;
  reload: () => Promise<void>;
}

export function OverviewTab({ congress, reload }: CongressTabProps) {
  const organiser = hasRole('organiser');
  const links = useResource(`links ${congress.id}`, async () =>
    organiser ? (await api.links(congress.id)).items : [],
  );
  const profiles = useResource(
    `profiles ${congress.id}`,
    async () => (await api.profiles(congress.id)).items,
  );
  const notice = useResource(`notice ${congress.id}`, async () => {
    if (!organiser) return true;
    const { privacy_notice_fr, privacy_notice_en } = await api.organisation();
    return Boolean(privacy_notice_fr.trim() && privacy_notice_en.trim());
  });
  const registered = links.value?.reduce((sum, link) => sum + link.registered, 0);
  return (
    <>
      <KeyFigures congress={congress} registered={organiser ? registered : undefined} />
      <div class="columns">
        <Details congress={congress} reload={reload} />
        {organiser && (
          <div class="stack stack--wide">
            <Steps
              congress={congress}
              links={links.value?.length ?? 0}
              profiles={profiles.value?.length ?? 0}
              notice={notice.value ?? true}
            />
            <Structure congress={congress} reload={reload} />
          </div>
        )}
      </div>
    </>
  );
}

function KeyFigures({
  congress,
  registered,
}: {
  congress: Congress;
  registered: number | undefined;
}) {
  const t = congressTexts();
  const zone = congress.time_zone;
  const next = congress.sessions
    .filter(
      (session) =>
        session.state === 'draft' || session.state === 'lobby' || session.state === 'live',
    )
    .sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1))[0];
  return (
    <Figures>
      {registered !== undefined && (
        <Figure label={t.registeredLabel} value={formatNumber(registered)} />
      )}
      <Figure label={t.sessionsLabel} value={formatNumber(congress.sessions.length)} />
      <Figure
        label={t.next}
        value={next ? formatTime(next.starts_at, zone) : '–'}
        note={next ? formatDay(next.starts_at, zone) : t.noNext}
      />
      <Figure
        label={t.form.language}
        value={congress.language.toUpperCase()}
        note={zone.replace(/_/g, ' ')}
      />
    </Figures>
  );
}

const fieldsOf = ({ title, description, language, time_zone }: CongressFields): CongressFields => ({
  title,
  description,
  language,
  time_zone,
});

function Details({ congress, reload }: CongressTabProps) {
  const t = congressTexts();
  const c = common();
  const organiser = hasRole('organiser');
  const [fields, setFields] = useState(() => fieldsOf(congress));
  const changed = JSON.stringify(fields) !== JSON.stringify(fieldsOf(congress));
  useUnsaved(changed);
  const save = useAction(async () => {
    setFields(fieldsOf(await api.changeCongress(congress.id, fields)));
    toast.good(c.saved);
    await reload();
  });
  const button = organiser ? (
    <Button type="submit" look="primary" busy={save.busy} disabled={!changed}>
      {c.save}
    </Button>
  ) : null;
  return (
    <Card title={t.details}>
      <Form
        onSubmit={() => save.run()}
        error={save.text(['title', 'description', 'time_zone'])}
        footer={button}
      >
        <CongressFieldset
          fields={fields}
          onChange={setFields}
          action={save}
          disabled={!organiser}
        />
      </Form>
    </Card>
  );
}

interface StepsProps {
  congress: Congress;
  links: number;
  profiles: number;
  /** Whether the organisation has its privacy notice in both languages. */
  notice: boolean;
}

function Steps({ congress, links, profiles, notice }: StepsProps) {
  const t = congressTexts();
  const s = t.step;
  const base = `/congresses/${congress.id}`;
  const alive = congress.sessions.filter((session) => session.state !== 'cancelled');
  const published = alive.some((session) => session.state !== 'draft');
  const draft = alive.find((session) => session.state === 'draft');
  const steps = [
    { done: alive.length > 0, title: s.session, text: s.sessionText, href: `${base}/sessions` },
    {
      done: published,
      title: s.publish,
      text: s.publishText,
      href: draft ? `/sessions/${draft.id}` : `${base}/sessions`,
    },
    { done: profiles > 0, title: s.audience, text: s.audienceText, href: `${base}/audience` },
    { done: links > 0, title: s.links, text: s.linksText, href: `${base}/links` },
  ];
  if (!notice)
    steps.unshift({ done: false, title: s.notice, text: s.noticeText, href: '/organisation' });
  return (
    <Card title={t.steps} text={t.stepsText}>
      <ol class="plain steps">
        {steps.map((step, index) => (
          <li key={step.title}>
            <a class={`step${step.done ? ' step--done' : ''}`} href={step.href}>
              <span class="step__mark" aria-hidden="true">
                {step.done ? <Icon name="check" size={16} /> : index + 1}
              </span>
              <span class="step__text">
                <strong>{step.title}</strong>
                {step.done && <span class="visually-hidden"> ({s.done})</span>}
                <span class="muted small">{step.text}</span>
              </span>
              <Icon name="chevronRight" size={18} />
            </a>
          </li>
        ))}
      </ol>
    </Card>
  );
}
