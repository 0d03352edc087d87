// The plan of the house as data: which room may import which. The rules hold the sources against it.

/** What one room may use of the others. */
export interface RoomPlan {
  /** Folder from the repository's root. */
  readonly folder: string;
  /** Package names of the rooms that it may import by their doors. */
  readonly mayImport: readonly string[];
  /** Rooms of which it may import types only. */
  readonly typesOnly?: readonly string[];
  /** Whether clock, timers and chance must come from core's `Runtime`. The page and the shop's processes are edges. */
  readonly usesRuntime: boolean;
}

const core = '@holdfast/core';
const embedded = '@holdfast/embedded';
const states = '@holdfast/states';
const telemetry = '@holdfast/telemetry';
const dashboard = '@holdfast/dashboard';

/** Every room that exists. A new room is one row. */
export const house: Readonly<Record<string, RoomPlan>> = {
  [core]: { folder: 'packages/core', mayImport: [], usesRuntime: true },
  [embedded]: { folder: 'packages/embedded', mayImport: [core], usesRuntime: true },
  [states]: { folder: 'packages/states', mayImport: [core], usesRuntime: true },
  [telemetry]: { folder: 'packages/telemetry', mayImport: [core], usesRuntime: true },
  [dashboard]: { folder: 'packages/dashboard', mayImport: [], usesRuntime: false },
  holdfast: { folder: 'packages/cli', mayImport: [core, embedded, states, telemetry], usesRuntime: true },
  '@holdfast/shop': {
    folder: 'examples/shop',
    mayImport: [core, embedded, states, telemetry, 'holdfast'],
    typesOnly: [dashboard],
    usesRuntime: false,
  },
};

/** A file that may read the real clock or real chance although its room may not, and why. */
export interface RuntimeException {
  readonly file: string;
  readonly why: string;
}

/** Kept short: each entry is a place that virtual time cannot reach. An entry that is no longer needed fails too. */
export const runtimeExceptions: readonly RuntimeException[] = [
  { file: 'packages/core/src/ports/system-runtime.ts', why: 'it is the system runtime' },
  { file: 'packages/embedded/src/database.ts', why: 'blocks while another real process opens the same file' },
  { file: 'packages/states/src/server/feed-stream.ts', why: 'heartbeat and stall of a real connection' },
  { file: 'packages/states/src/server/server.ts', why: 'request ids and closing of real connections' },
];
