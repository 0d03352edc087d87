/** The chaos switches as a form: what is typed, what is sent, what is different from calm. Pure. */
import type { ChaosSettings } from '../contract.ts';
import { duration, percent } from '../kit/format.model.ts';

export const CALM: ChaosSettings = {
  errorRatio: 0,
  declineRatio: 0,
  lostAnswerRatio: 0,
  extraLatencyMs: 0,
  hang: false,
};

/** The numbers, as the table's columns. Ratios are typed in percent. */
export const CHAOS_FIELDS = [
  { name: 'errorRatio', label: 'Errors', unit: '%', max: 100, step: 5, scale: 100 },
  { name: 'declineRatio', label: 'Declines', unit: '%', max: 100, step: 5, scale: 100 },
  { name: 'lostAnswerRatio', label: 'Lost answers', unit: '%', max: 100, step: 5, scale: 100 },
  { name: 'extraLatencyMs', label: 'Extra latency', unit: 'ms', max: 10_000, step: 50, scale: 1 },
] as const;

export type ChaosField = (typeof CHAOS_FIELDS)[number];

export function typedOf(settings: ChaosSettings, { name, scale }: ChaosField): string {
  return String(Math.round(settings[name] * scale * 10) / 10);
}

/** An empty field means none of it. */
export function withTyped(
  settings: ChaosSettings,
  { name, scale }: ChaosField,
  typed: string,
): ChaosSettings {
  return { ...settings, [name]: typed.trim() === '' ? 0 : Number(typed) / scale };
}

export function isCalm(settings: ChaosSettings): boolean {
  return !settings.hang && CHAOS_FIELDS.every(({ name }) => settings[name] === 0);
}

/** What the service does wrong, in words. */
export function chaosWords(settings: ChaosSettings): string {
  if (settings.hang) return 'hangs: takes requests and never answers';
  const words = [
    ...(settings.errorRatio > 0 ? [`${percent(settings.errorRatio)} errors`] : []),
    ...(settings.declineRatio > 0 ? [`${percent(settings.declineRatio)} declined`] : []),
    ...(settings.lostAnswerRatio > 0 ? [`${percent(settings.lostAnswerRatio)} answers lost`] : []),
    ...(settings.extraLatencyMs > 0 ? [`${duration(settings.extraLatencyMs)} slower`] : []),
  ];
  return words.length === 0 ? 'behaves' : words.join(', ');
}
