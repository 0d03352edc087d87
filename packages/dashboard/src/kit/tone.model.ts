/** What a state looks like: always a word and a shape with the colour, never the colour alone. */
import type { BreakerView, OrderStatus, SourceStatus } from '../contract.ts';

/** A meaning; the style sheets give it one colour a theme. */
export type Tone = 'good' | 'busy' | 'note' | 'warn' | 'bad' | 'quiet';

export type IconName =
  | 'check'
  | 'cross'
  | 'undo'
  | 'retry'
  | 'dot'
  | 'alert'
  | 'half'
  | 'minus'
  | 'ring'
  | 'copy'
  | 'sun'
  | 'moon'
  | 'chevron'
  | 'plus';

export interface Look {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

export const ORDER_LOOKS: Readonly<Record<OrderStatus, Look>> = {
  running: { word: 'On its way', tone: 'busy', icon: 'dot' },
  undoing: { word: 'Being undone', tone: 'note', icon: 'undo' },
  confirmed: { word: 'Confirmed', tone: 'good', icon: 'check' },
  undone: { word: 'Undone', tone: 'note', icon: 'undo' },
  stuck: { word: 'Needs a person', tone: 'bad', icon: 'alert' },
};

export const BREAKER_LOOKS: Readonly<Record<BreakerView['state'], Look>> = {
  closed: { word: 'closed', tone: 'good', icon: 'check' },
  'half-open': { word: 'half-open', tone: 'warn', icon: 'half' },
  open: { word: 'open', tone: 'bad', icon: 'cross' },
};

export const SOURCE_LOOKS: Readonly<Record<SourceStatus, Look>> = {
  complete: { word: 'complete', tone: 'good', icon: 'check' },
  partial: { word: 'partial', tone: 'warn', icon: 'half' },
  fallback: { word: 'fallback', tone: 'note', icon: 'undo' },
  missing: { word: 'missing', tone: 'bad', icon: 'cross' },
};
