/**
 * Faults on purpose. The decisions are here and draw from a seeded generator; the gate that acts on
 * them is in chaos-gate.ts. Settings live in memory: a restart heals everything.
 */
import type { ChaosSettings } from '@holdfast/dashboard/contract';
import { z } from 'zod';
import { chanceOf, type Random, seededRandom } from './random.ts';

export const NO_CHAOS: ChaosSettings = {
  errorRatio: 0,
  declineRatio: 0,
  lostAnswerRatio: 0,
  extraLatencyMs: 0,
  hang: false,
};

const ratio = z.number().min(0).max(1);

/** Ratios 0..1, extra latency 0..10,000 ms; every field must be given, none else. */
export const chaosSettingsSchema = z.strictObject({
  errorRatio: ratio,
  declineRatio: ratio,
  lostAnswerRatio: ratio,
  extraLatencyMs: z.number().int().min(0).max(10_000),
  hang: z.boolean(),
});

/** What chaos does to one request. */
export interface Fate {
  readonly hangs: boolean;
  readonly fails: boolean;
  readonly losesAnswer: boolean;
  readonly extraLatencyMs: number;
}

export interface Chaos {
  readonly settings: ChaosSettings;
  change(settings: ChaosSettings): void;
  /** Decides the fate of the next request. Always draws twice, so that a change of settings shifts no later draw. */
  nextFate(): Fate;
  /** Whether this order is refused for a business reason: the same at every attempt for the same ratio. */
  declines(orderId: string): boolean;
  /** Resolves once hanging is switched off, or at once when it is; also when `signal` aborts. */
  untilReleased(signal: AbortSignal): Promise<void>;
}

export function chaosControl(seed: number, service: string): Chaos {
  const random: Random = seededRandom(seed, `chaos:${service}`);
  const waiting = new Set<() => void>();
  let settings = NO_CHAOS;
  return {
    get settings(): ChaosSettings {
      return settings;
    },
    change: (next) => {
      settings = next;
      if (!next.hang) for (const release of waiting) release();
    },
    nextFate: () => {
      const [error, loss] = [random(), random()];
      return {
        hangs: settings.hang,
        fails: error < settings.errorRatio,
        losesAnswer: loss < settings.lostAnswerRatio,
        extraLatencyMs: settings.extraLatencyMs,
      };
    },
    declines: (orderId) => chanceOf(`${seed}:decline:${service}:${orderId}`) < settings.declineRatio,
    untilReleased: (signal) =>
      new Promise((resolve) => {
        if (!settings.hang || signal.aborted) return resolve();
        const release = (): void => {
          waiting.delete(release);
          signal.removeEventListener('abort', release);
          resolve();
        };
        waiting.add(release);
        signal.addEventListener('abort', release);
      }),
  };
}
