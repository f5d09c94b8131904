// Where people listen: a number to dial, or a link that opens in a new tab.
import { LinkButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { liveTexts } from './texts';

/** At least eight digits with what people put between them. */
const NUMBER = /(\+?\d(?:[\s().-]{0,2}\d){7,14})/;

/** The numbers in a text can be dialled. */
function Dial({ text }: { text: string }) {
  return (
    <>
      {text.split(NUMBER).map((part, index) =>
        index % 2 === 1 ? (
          <a key={index} class="nowrap" translate={false} href={`tel:${part.replace(/[^+\d]/g, '')}`}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}

export function ListenAt({ value }: { value: string }) {
  const t = liveTexts();
  if (!value) return null;
  const link = /^https:\/\/\S+$/.test(value);
  return (
    <section class="listen" aria-label={t.listenAt}>
      <Icon name="phone" />
      <p class="listen__text">
        <strong>{t.listenAt}</strong>{' '}
        {link ? (
          <span class="muted small">{t.listenHint}</span>
        ) : (
          <span class="prewrap">
            <Dial text={value} />
          </span>
        )}
      </p>
      {link && (
        <LinkButton href={value} icon="external" newTab>
          {t.listenOpen}
        </LinkButton>
      )}
    </section>
  );
}
