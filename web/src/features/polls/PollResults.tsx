// Bars of a poll's answers; each with its share and its number of votes.
import { formatNumber, formatPercent } from '../../i18n';
import { Bar } from '../../ui/Bar';
import type { Poll, Tally } from './messages';
import { pollTexts } from './texts';

interface PollResultsProps {
  poll: Poll;
  tally: Tally;
  mine?: readonly number[] | undefined;
  /** On the stage, to be read from afar. */
  large?: boolean;
}

export function PollResults({ poll, tally, mine, large = false }: PollResultsProps) {
  const t = pollTexts();
  const best = Math.max(1, ...tally.counts);
  return (
    <div class="stack stack--tight">
      <ol class={`plain results${large ? ' results--large' : ''}`} aria-label={t.results}>
        {poll.options.map((option, index) => {
          const count = tally.counts[index] ?? 0;
          const share = tally.voters ? count / tally.voters : 0;
          return (
            <li class="result" key={option.position}>
              <p class="result__head">
                <span>
                  {option.text}
                  {mine?.includes(option.position) && <span class="result__mine"> · {t.yours}</span>}
                </span>
                <span class="number nowrap" translate={false}>
                  <strong>{formatPercent(share)}</strong> <span class="faint">({formatNumber(count)})</span>
                </span>
              </p>
              <Bar class="result__bar" share={share} height={8} strong={count === best} />
            </li>
          );
        })}
      </ol>
      <p class="faint small number">{t.voters(tally.voters)}</p>
    </div>
  );
}
