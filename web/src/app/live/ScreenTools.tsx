// Over the whole screen: buttons that open the panels, and hiding the controls while nothing moves.
import { useEffect, useState } from 'preact/hooks';
import type { Panel } from '../../features/feature';
import { Button } from '../../ui/Button';
import type { SessionRoom } from './room';

const IDLE_MS = 3_000;
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const;

/** Whether neither pointer nor keyboard moved for a while; false where nobody asks. */
export function useIdle(ask: boolean): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    setIdle(false);
    if (!ask) return;
    let timer = setTimeout(() => setIdle(true), IDLE_MS);
    const active = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), IDLE_MS);
    };
    for (const sign of SIGNS) addEventListener(sign, active);
    return () => {
      clearTimeout(timer);
      for (const sign of SIGNS) removeEventListener(sign, active);
    };
  }, [ask]);
  return idle;
}

interface ScreenToolsProps {
  room: SessionRoom;
  panels: readonly Panel[];
  /** The panel that is open. */
  open: string | null;
  onToggle: (key: string) => void;
}

export function ScreenTools({ room, panels, open, onToggle }: ScreenToolsProps) {
  return (
    <div class="screen-tools">
      {panels.map((panel) => (
        <Button
          key={panel.key}
          small
          look="quiet"
          {...(panel.icon ? { icon: panel.icon } : {})}
          expanded={open === panel.key}
          onClick={() => onToggle(panel.key)}
        >
          {panel.label()}
          {panel.mark(room) && <span class="side__mark">{panel.mark(room)}</span>}
        </Button>
      ))}
    </div>
  );
}
