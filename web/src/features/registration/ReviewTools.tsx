// What is done with all selected people of the review queue at once.
import { Button, type ButtonLook } from '../../ui/Button';
import { Checkbox } from '../../ui/Field';
import type { Decision, Reviewed } from './api';
import { reviewTexts } from './reviewTexts';

/** In the order of their buttons. What was declined can only be approved after all. */
export const decisionsOf = ({ state }: Reviewed): readonly Decision[] =>
  state === 'declined' ? ['approve'] : ['approve', 'ask_proof', 'decline'];

export const looks: Record<Decision, ButtonLook> = { approve: 'primary', ask_proof: 'secondary', decline: 'danger-quiet' };

interface ToolsProps {
  rows: Reviewed[];
  selected: Reviewed[];
  onSelect: (rows: Reviewed[]) => void;
  onDecide: (decision: Decision, rows: Reviewed[]) => void;
}

export function ReviewTools({ rows, selected, onSelect, onDecide }: ToolsProps) {
  const t = reviewTexts();
  const [first] = selected;
  return (
    <div class={`review-tools${first ? ' review-tools--on' : ''}`}>
      <Checkbox label={t.selectAll} checked={selected.length === rows.length} onChange={(on) => onSelect(on ? rows : [])} />
      <p class="small muted number" role="status">
        {first && t.selected(selected.length)}
      </p>
      {first && (
        <div class="row">
          {decisionsOf(first).map((decision) => (
            <Button key={decision} small look={looks[decision]} onClick={() => onDecide(decision, selected)}>
              {t.short[decision]}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
