/** Which recorded cases need more than this engine offers: decided by the features a case uses, never by its name. */

/** Fields and values that only a later version of the engine, or AWS itself, can run. */
const FEATURES: readonly RegExp[] = [
  /JSONata/,
  /\{%/,
  /\\?"Assign\\?"/,
  /\.waitForTaskToken/,
  /\.sync\b/,
  /:activity:/,
  /DISTRIBUTED/,
  /\\?"Credentials\\?"/,
  /"EXPRESS"/,
  /"publish":\s*true/,
  /arn:aws:states:::(?!lambda:invoke\b)/,
];

/** `text` is the whole case as JSON. */
export function outOfScope(text: string): boolean {
  return FEATURES.some((feature) => feature.test(text));
}
