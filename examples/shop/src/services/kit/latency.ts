/**
 * How long each kind of work seems to take, so that timeouts, deadlines and hedges meet realistic
 * answers: log-normal, as service times usually are, around the medians of the source article.
 */
import { normal, type Random } from './random.ts';

/** Median in ms of each kind of work that a service does. */
export const MEDIAN_MS = {
  'search-products': 200,
  'search-history': 150,
  'search-recommendations': 300,
  'search-partner': 180,
  payment: 40,
  inventory: 30,
  shipping: 50,
  analytics: 20,
  'history-write': 15,
  lookup: 10,
} as const;

export type Work = keyof typeof MEDIAN_MS;

/** Standard deviation of the logarithm. 0.2 puts the 95th percentile at 1.39 medians. */
const SIGMA = 0.2;
/** Bound: no answer takes longer than so many medians by chance alone. */
const MAX_MEDIANS = 3;

/** Draws the next latency in ms, times `scale` (0 and up; 0 switches the model off). */
export function drawLatencyMs(work: Work, scale: number, random: Random): number {
  return MEDIAN_MS[work] * scale * Math.min(MAX_MEDIANS, Math.exp(SIGMA * normal(random)));
}
