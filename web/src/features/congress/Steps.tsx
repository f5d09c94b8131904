import type { Congress } from '../../net/types';
import { Card } from '../../ui/Card';
import { Icon } from '../../ui/Icon';
import { congressTexts } from './texts';
import type { Prepared } from './usePrepared';

export interface Step {
  done: boolean;
  title: string;
  text: string;
  href: string;
}

interface StepsProps {
  congress: Congress;
  prepared: Prepared;
}

export function stepsOf({ congress, prepared }: StepsProps): Step[] {
  const s = congressTexts().step;
  const { links, profiles, notice } = prepared;
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
    { done: Boolean(links?.length), title: s.links, text: s.linksText, href: `${base}/links` },
  ];
  if (!notice)
    steps.unshift({ done: false, title: s.notice, text: s.noticeText, href: '/organisation' });
  return steps;
}

/** What a session needs before people can take part, and whether it is there. */
export function Steps(props: StepsProps) {
  const t = congressTexts();
  return (
    <Card title={t.steps} text={t.stepsText}>
      <ol class="plain steps">
        {stepsOf(props).map((step, index) => (
          <li key={step.title}>
            <StepLink step={step} number={index + 1} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** Without a number: their order does not matter. */
export function StepLink({ step, number }: { step: Step; number?: number }) {
  return (
    <a class={`step${step.done ? ' step--done' : ''}`} href={step.href}>
      <span class="step__mark" aria-hidden="true">
        {step.done ? <Icon name="check" size={16} /> : (number ?? <Icon name="add" size={16} />)}
      </span>
      <span class="step__text">
        <strong>{step.title}</strong>
        {step.done && <span class="visually-hidden"> ({congressTexts().step.done})</span>}
        <span class="muted small">{step.text}</span>
      </span>
      <Icon name="chevronRight" size={18} />
    </a>
  );
}
