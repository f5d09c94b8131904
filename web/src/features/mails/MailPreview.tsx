// A mail as people get it, while its text is written: made of what the server says stands in it, never of markup.
import { useEffect, useState } from 'preact/hooks';
import { refusalText } from '../../i18n/errors';
import { Banner } from '../../ui/Banner';
import { Segmented } from '../../ui/Field';
import { api, type Block, type Preview, type Written } from './api';
import { mailsTexts } from './texts';

const PAUSE_MS = 350; // of whoever types

/** The last preview that could be made, and why the text as it is now has none. */
function usePreview(congress: string, { kind, language, subject, body }: Written) {
  const [seen, setSeen] = useState<{ preview: Preview | null; error: unknown }>({ preview: null, error: null });
  useEffect(() => {
    let current = true;
    const ask = async () => {
      try {
        const preview = await api.preview(congress, { kind, language, subject, body });
        if (current) setSeen({ preview, error: null });
      } catch (error) {
        if (current) setSeen((old) => ({ ...old, error }));
      }
    };
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [congress, kind, language, subject, body]);
  return seen;
}

export function MailPreview({ congress, written }: { congress: string; written: Written }) {
  const t = mailsTexts();
  const { preview, error } = usePreview(congress, written);
  const [size, setSize] = useState('desktop');
  const name = t.preview(t[written.language]);
  return (
    <section class="mail-preview" aria-label={name}>
      <div class="mail-preview__head">
        <h3>{name}</h3>
        <Segmented
          label={t.width}
          hideLabel
          value={size}
          onChange={setSize}
          options={[
            { value: 'desktop', label: t.desktop },
            { value: 'phone', label: t.phone },
          ]}
        />
      </div>
      {error !== null && <Banner tone="bad">{refusalText(error)}</Banner>}
      {preview && <Letter preview={preview} language={written.language} phone={size === 'phone'} />}
      <p class="faint small">{t.sample}</p>
    </section>
  );
}

function Letter({ preview, language, phone }: { preview: Preview; language: string; phone: boolean }) {
  return (
    <div class={`letter${phone ? ' letter--phone' : ''}`} lang={language} style={{ '--letter': preview.accent }}>
      <p class="letter__subject">{preview.subject}</p>
      <div class="letter__sheet">
        <p class="letter__from">{preview.from}</p>
        <div class="letter__text">
          {preview.blocks.map((block, n) => (
            <LetterBlock key={n} block={block} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** Its links lead nowhere, so they are none. */
function LetterBlock({ block }: { block: Block }) {
  if ('facts' in block)
    return (
      <p class="letter__facts">
        {block.facts.map(({ label, value }) => (
          <span key={label}>
            <strong>{label}:</strong> {value}
          </span>
        ))}
      </p>
    );
  if ('action' in block)
    return (
      <p>
        <span class="letter__action">{block.action}</span>
      </p>
    );
  if ('link' in block)
    return (
      <p>
        <span class="letter__link">{block.link}</span>
      </p>
    );
  return <p class={'end' in block ? 'letter__end' : undefined}>{'end' in block ? block.end : block.paragraph}</p>;
}
