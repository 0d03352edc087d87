/** The search on show: its four sources against the deadline's line. */
import type { VNode } from 'preact';
import type { SearchAnswer } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { duration, plural } from '../kit/format.model.ts';
import { Mark } from '../kit/mark.tsx';
import { Section } from '../kit/section.tsx';
import { SOURCE_LOOKS } from '../kit/tone.model.ts';
import { completenessOf, type SourceBar, searchWaterfall, sourceTitle } from './search.model.ts';

export function SearchPanel(): VNode {
  const answer = useDashboard().live.search.value;
  return (
    <Section
      title="Search"
      class="search"
      aside={answer === undefined ? undefined : <span class="aside clip">“{answer.query}”</span>}
    >
      {answer === undefined ? (
        <p class="empty">No search yet. Ask for something above.</p>
      ) : (
        <Waterfall answer={answer} />
      )}
    </Section>
  );
}

function Waterfall({ answer }: { readonly answer: SearchAnswer }): VNode {
  const { deadline, bars } = searchWaterfall(answer);
  return (
    <div class="search-waterfall" data-testid="search-waterfall" data-search-id={answer.searchId}>
      <ul>
        {bars.map((bar) => (
          <SourceLine key={bar.source.name} bar={bar} deadline={deadline} />
        ))}
      </ul>
      <p class="search-outcome">
        <span class="number">
          <strong>{duration(answer.elapsedMs)}</strong> of {duration(answer.deadlineMs)}
        </span>
        , {plural(answer.items.length, 'result')}, {completenessOf(answer)}.
      </p>
    </div>
  );
}

function SourceLine({ bar, deadline }: { readonly bar: SourceBar; readonly deadline: number }): VNode {
  const { source, start, width } = bar;
  const look = SOURCE_LOOKS[source.status];
  return (
    <li title={sourceTitle(source)} data-source={source.name} data-status={source.status}>
      <span class="clip">{source.name}</span>
      <svg
        class={`source-track tone-${look.tone}`}
        viewBox="0 0 100 16"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <rect class="source-bar" x={start * 100} width={width * 100} y="3" height="10" />
        <path class="deadline" d={`M${deadline * 100} 0v16`} vector-effect="non-scaling-stroke" />
      </svg>
      <span class="number source-time">{source.elapsedMs} ms</span>
      <Mark look={look} />
    </li>
  );
}
