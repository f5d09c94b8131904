// Where people listen: a number to dial, or a link that opens in a new tab.
import { LinkButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { liveTexts } from './texts';

export function ListenAt({ value }: { value: string }) {
  const t = liveTexts();
  if (!value) return null;
  const link = /^https:\/\/\S+$/.test(value);
  return (
    <section class="listen" aria-label={t.listenAt}>
      <Icon name="phone" />
      <div class="listen__text">
        <p>
          <strong>{t.listenAt}</strong> {!link && <span class="prewrap">{value}</span>}
        </p>
        <p class="faint small">{t.listenHint}</p>
      </div>
      {link && (
        <LinkButton href={value} icon="external" newTab>
          {t.listenOpen}
        </LinkButton>
      )}
    </section>
  );
}
