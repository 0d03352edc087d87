/** Starts the sagas of accepted orders that the engine does not have yet: it was down, or the api died in between. */
import { SFNServiceException } from '@aws-sdk/client-sfn';
import type { Telemetry } from '@holdfast/telemetry';
import { startSaga } from './accept.ts';
import type { SagaClient } from './engine-client.ts';
import type { OrderStore } from './store.ts';

const INTERVAL_MS = 500;
/** Younger orders are still being started by their own request. */
const MIN_AGE_MS = 2_500;
const BATCH = 50;

/** Stops when `signal` aborts. */
export async function runOutbox(
  store: OrderStore,
  saga: SagaClient,
  telemetry: Telemetry,
  signal: AbortSignal,
): Promise<void> {
  // Whatever a former process left is nobody's request any more.
  let minAgeMs = 0;
  while (!signal.aborted) {
    const due = store.notStarted(Date.now() - minAgeMs, BATCH);
    minAgeMs = MIN_AGE_MS;
    for (const { tracked, traceparent } of due) {
      if (signal.aborted) return;
      try {
        await startSaga({ saga, store }, tracked, traceparent);
        telemetry.log.info(
          { orderId: tracked.view.orderId, correlationId: tracked.view.correlationId },
          'saga started by the outbox',
        );
      } catch (error) {
        telemetry.log.warn(
          { err: error, orderId: tracked.view.orderId, correlationId: tracked.view.correlationId },
          'the engine does not take this saga; trying again',
        );
        // An engine that is away takes none of the others either; one that refused this order may take them.
        if (!isAnswer(error)) break;
      }
    }
    await pause(INTERVAL_MS, signal);
  }
}

/** True for an error that the engine itself answered with. */
function isAnswer(error: unknown): boolean {
  return error instanceof SFNServiceException && error.$fault === 'client';
}

/** Resolves after `ms` or when `signal` aborts, whichever is first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
