// The colour and the logo of the organisation's own pages, with a look at what they do there.
import type { TargetedEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { accentTokens } from '../../ui/accent';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Field } from '../../ui/Field';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import { api, type BrandingValue } from './api';
import { brandingTexts } from './texts';

const PRODUCT = '#0b5d59';
const LOGO_MAX = 200 * 1024;

export function Branding() {
  const t = brandingTexts();
  const branding = useResource('branding', api.branding);
  return (
    <Card title={t.title} text={t.lead}>
      <ResourceView of={branding}>
        {(value) => (
          <div class="stack stack--wide">
            <Colour value={value} onChange={branding.set} />
            <Logo value={value} onChange={branding.set} />
          </div>
        )}
      </ResourceView>
    </Card>
  );
}

interface PartProps {
  value: BrandingValue;
  onChange: (value: BrandingValue) => void;
}

function Colour({ value, onChange }: PartProps) {
  const t = brandingTexts();
  const [colour, setColour] = useState(value.accent ?? PRODUCT);
  const save = useAction(async (accent: string | null) => {
    onChange(await api.changeAccent(accent));
    setColour(accent ?? PRODUCT);
    toast.good(common().saved);
  });
  return (
    <div class="stack">
      <div class="row branding__colour">
        <Field label={t.colour} hint={t.colourHint}>
          {(ids) => (
            <input {...ids} type="color" class="branding__picker" value={colour} onInput={(event) => setColour(event.currentTarget.value)} />
          )}
        </Field>
        <Sample colour={colour} />
      </div>
      {save.error !== null && <Banner tone="bad">{save.text()}</Banner>}
      <div class="row">
        <Button look="primary" busy={save.busy} disabled={colour === (value.accent ?? PRODUCT)} onClick={() => void save.run(colour)}>
          {common().save}
        </Button>
        {value.accent && (
          <Button busy={save.busy} onClick={() => void save.run(null)}>
            {t.reset}
          </Button>
        )}
      </div>
    </div>
  );
}

/** A button as the pages will show it; set by script, because the policy allows no style in the page. */
function Sample({ colour }: { colour: string }) {
  const tokens = accentTokens(colour, 'light');
  const paint = (element: HTMLElement | null) => {
    element?.style.setProperty('background', tokens['--accent'] ?? '');
    element?.style.setProperty('color', tokens['--on-accent'] ?? '');
  };
  return (
    <span class="branding__sample" ref={paint} aria-hidden="true">
      {brandingTexts().sample}
    </span>
  );
}

function Logo({ value, onChange }: PartProps) {
  const t = brandingTexts();
  const input = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const put = useAction(async (file: File | null) => {
    onChange(await (file ? api.sendLogo(file) : api.removeLogo()));
    toast.good(common().saved);
  });
  const choose = (event: TargetedEvent<HTMLInputElement>) => {
    const file = event.currentTarget.files?.[0];
    event.currentTarget.value = '';
    setTooLarge(file !== undefined && file.size > LOGO_MAX);
    if (file && file.size <= LOGO_MAX) void put.run(file);
  };
  return (
    <div class="stack">
      <p class="field__label">{t.logo}</p>
      {value.logo && <img class="branding__logo" src={value.logo} alt={t.logoAlt} />}
      <p class="field__hint">{t.logoHint}</p>
      {tooLarge && <Banner tone="bad">{t.logoLarge}</Banner>}
      {put.error !== null && <Banner tone="bad">{put.text()}</Banner>}
      <input ref={input} type="file" class="visually-hidden" tabIndex={-1} aria-label={t.logo} accept="image/png,image/jpeg,image/webp" onChange={choose} />
      <div class="row">
        <Button icon="upload" busy={put.busy} onClick={() => input.current?.click()}>
          {value.logo ? t.logoReplace : t.logoChoose}
        </Button>
        {value.logo && (
          <Button look="danger-quiet" busy={put.busy} onClick={() => void put.run(null)}>
            {t.logoRemove}
          </Button>
        )}
      </div>
    </div>
  );
}
