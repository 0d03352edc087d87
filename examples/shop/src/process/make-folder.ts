/**
 * `mkdir -p`, one folder at a time. Node's own recursive mkdir never returns where the system says that
 * an existing folder does not exist, as /proc does; a user who mistypes --data must get an answer.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** @throws the system's error, naming the folder that could not be made. */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.push(at);
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder);
    } catch (error) {
      // Another process may have made it in between.
      if (!existsSync(folder)) throw error;
    }
  }
  if (!statSync(path).isDirectory()) throw new Error(`${path} is a file, not a folder`);
}
