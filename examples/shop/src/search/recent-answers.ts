/** A bounded memory of a source's last good answers, asked when the source itself does not answer. */
export interface RecentAnswers<Item> {
  keep(query: string, items: readonly Item[]): void;
  /** The answer to this query, else to the most recent one that shares a word with it, else nothing. */
  like(query: string): readonly Item[];
}

/** `maxQueries`: how many answers are kept; the longest unused goes first. */
export function recentAnswers<Item>(maxQueries: number): RecentAnswers<Item> {
  const answers = new Map<string, readonly Item[]>();
  return {
    keep: (query, items) => {
      if (items.length === 0) return;
      const key = normal(query);
      answers.delete(key);
      answers.set(key, items);
      const [oldest] = answers.keys();
      if (answers.size > maxQueries && oldest !== undefined) answers.delete(oldest);
    },
    like: (query) => {
      const key = normal(query);
      const exact = answers.get(key);
      if (exact !== undefined) {
        answers.delete(key);
        answers.set(key, exact);
        return exact;
      }
      const words = new Set(key.split(' '));
      const related = [...answers].findLast(([other]) => other.split(' ').some((word) => words.has(word)));
      return related?.[1] ?? [];
    },
  };
}

function normal(query: string): string {
  return query.trim().toLowerCase().replace(/\s+/g, ' ');
}
