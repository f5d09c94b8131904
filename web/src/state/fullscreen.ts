// The room over the whole screen. Where the browser has no full screen for pages (iPhones), the room
// covers the page all the same; views follow `on`, styles the attribute data-full of the document.
import { signal } from '@preact/signals';

export class FullScreen {
  readonly on = signal(false);
  private readonly followBrowser = () => this.show(document.fullscreenElement !== null);
  private readonly followKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && this.on.value && !document.querySelector('dialog[open]'))
      this.leave();
  };

  start(): void {
    document.addEventListener('fullscreenchange', this.followBrowser);
    addEventListener('keydown', this.followKey);
  }

  stop(): void {
    document.removeEventListener('fullscreenchange', this.followBrowser);
    removeEventListener('keydown', this.followKey);
    if (this.on.value) this.leave();
  }

  toggle(): void {
    if (this.on.value) return this.leave();
    this.show(true);
    if (document.fullscreenEnabled)
      document.documentElement.requestFullscreen().catch(() => undefined);
  }

  leave(): void {
    this.show(false);
    if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
  }

  private show(on: boolean): void {
    this.on.value = on;
    document.documentElement.toggleAttribute('data-full', on);
  }
}
