/** Debian's Chromium for tests and for the README's screenshot. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Why page tests cannot run here, or undefined. */
export const missingBrowser: string | undefined = existsSync(PATH)
  ? undefined
  : `no Chromium at ${PATH}; get it: apt-get install chromium, or set CHROMIUM_PATH`;

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
/** A browser on a closed network else spends its time on failed look-ups. */
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: [...ARGS, ...QUIET] });
}
