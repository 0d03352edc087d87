/** The last searches to choose from, and what the chosen one found. */
import type { VNode } from 'preact';
import type { SearchAnswer } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { FollowButton } from '../kit/follow-button.tsx';
import { duration, money, percent } from '../kit/format.model.ts';
import { Listbox } from '../kit/listbox.tsx';
import { Mark } from '../kit/mark.tsx';
import { Section } from '../kit/section.tsx';
import type { Look } from '../kit/tone.model.ts';
import { When } from '../kit/when.tsx';
import { Spans } from '../spans/spans.tsx';

const COMPLETE: Look = { word: 'complete', tone: 'good', icon: 'check' };
const INCOMPLETE: Look = { word: 'with gaps', tone: 'warn', icon: 'half' };

export function SearchResults(): VNode {
  const { live } = useDashboard();
  const answer = live.search.value;
  const follow = (
    <FollowButton
      what="search"
      following={live.chosenSearch.value === undefined}
      onFollow={() => live.chooseSearch(undefined)}
    />
  );
  return (
    <Section title="Searches" class="searches" aside={follow}>
      <div class="searches-body">
        <Listbox
          label="Searches, newest first"
          items={live.searches.value}
          keyOf={searchKey}
          selectedKey={answer?.searchId}
          onChoose={live.chooseSearch}
          row={searchRow}
          rowTestId="search-row"
          empty="No search yet. Ask for something above."
        />
        {answer !== undefined && <Results answer={answer} />}
        {answer !== undefined && <Spans correlationId={answer.correlationId} settled />}
      </div>
    </Section>
  );
}

function searchKey({ searchId }: SearchAnswer): string {
  return searchId;
}

function searchRow(answer: SearchAnswer): VNode {
  return (
    <>
      <span class="row-line">
        <span class="clip">{answer.query}</span>
        <span class="number">{duration(answer.elapsedMs)}</span>
      </span>
      <span class="row-line row-second">
        <Mark look={answer.complete ? COMPLETE : INCOMPLETE} />
        <When atMs={answer.atMs} />
      </span>
    </>
  );
}

function Results({ answer }: { readonly answer: SearchAnswer }): VNode {
  return (
    <div class="results" data-testid="search-results">
      <h3>Results for “{answer.query}”</h3>
      {answer.items.length === 0 && <p class="empty">Nothing came in time, or nothing matches.</p>}
      <ol>
        {answer.items.map(({ productId, name, category, priceCents, score, sources }) => (
          <li key={productId}>
            <span class="number relevance" title="relevance">
              {percent(score)}
            </span>
            <span>
              {name} <span class="aside">{category}</span>
              <span class="aside result-sources">from {sources.join(', ')}</span>
            </span>
            <span class="number">{money(priceCents)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
