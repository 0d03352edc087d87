// A process of its own that opens each trace file it is sent the path of; started by many-processes.test.ts.
// Answers `opened`, or the message of the error.
import { openTraceStore } from './trace-store.ts';

process.on('message', (path: string) => {
  try {
    openTraceStore(path)[Symbol.dispose]();
    process.send?.('opened');
  } catch (error) {
    process.send?.(error instanceof Error ? error.message : 'not an error');
  }
});
process.send?.('ready');
