// What waits for this person, such as an open poll, as a line over the stage that leads to its panel.
import type { Panel, PanelCall } from '../../features/feature';
import { Icon } from '../../ui/Icon';
import type { SessionRoom } from './room';

export interface Calling {
  panel: Panel;
  call: PanelCall;
}

export function callsOf(panels: readonly Panel[], room: SessionRoom): Calling[] {
  return panels.flatMap((panel) => {
    const call = panel.calls(room);
    return call ? [{ panel, call }] : [];
  });
}

interface CallsProps {
  calls: readonly Calling[];
  /** The panel in front: where it stands beside the stage, no line is needed. */
  front: string;
  onAnswer: (calling: Calling) => void;
}

export function Calls({ calls, front, onAnswer }: CallsProps) {
  return (
    <>
      {calls.map((calling) => (
        <div
          class={`call${calling.panel.key === front ? ' call--front' : ''}`}
          key={calling.call.id}
        >
          {calling.panel.icon && <Icon name={calling.panel.icon} />}
          <p class="call__text">{calling.call.text}</p>
          <button type="button" class="button call__button" onClick={() => onAnswer(calling)}>
            {calling.call.action}
          </button>
        </div>
      ))}
    </>
  );
}
