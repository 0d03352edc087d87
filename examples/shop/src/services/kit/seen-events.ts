/** Which events were already counted, so that one told twice has one effect. */
import type { DatabaseSync } from 'node:sqlite';

export const SEEN_EVENTS_SCHEMA = `
  CREATE TABLE seen_events (seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE) STRICT;
`;

/** Bound of the event ids remembered: an event that comes again after a million others counts again. */
const KEEP_EVENTS = 1_000_000;

/** The returned function is true for an event that is new, and remembers it. Call it in the transaction of the effect. */
export function seenEvents(database: DatabaseSync, keep: number = KEEP_EVENTS): (eventId: string) => boolean {
  const remember = database.prepare('INSERT INTO seen_events (event_id) VALUES (?) ON CONFLICT DO NOTHING');
  const forget = database.prepare('DELETE FROM seen_events WHERE seq <= ?');
  return (eventId) => {
    const { changes, lastInsertRowid } = remember.run(eventId);
    if (changes === 0) return false;
    forget.run(Number(lastInsertRowid) - keep);
    return true;
  };
}
