/**
 * The promise that matters most: whatever was accepted is finished, whenever the process dies. A real process is
 * killed with SIGKILL at seeded random moments and started again on the same folder.
 */
import { expect, test } from 'vitest';
import { seededRandom } from '../intrinsics/random.ts';
import { isArray, type Json, member } from '../json/json.ts';
import { fakeLambda, type LambdaAnswer, type LambdaCall } from '../testing/lambda.fixture.ts';
import { startEngine, temporaryFolder } from '../testing/processes.fixture.ts';
import { type Sdk, sdkProcess } from '../testing/sdk.fixture.ts';

const KILLS = 6;
const EXECUTIONS = 60;

/** Two calls in a row, one of them retried, then two branches of which one waits. */
const DEFINITION = JSON.stringify({
  StartAt: 'First',
  States: {
    First: {
      Type: 'Task',
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:first',
      ResultPath: '$.first',
      Next: 'Flaky',
    },
    Flaky: {
      Type: 'Task',
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:flaky',
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 2, JitterStrategy: 'FULL' }],
      ResultPath: '$.flaky',
      Next: 'Both',
    },
    Both: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Pause', States: { Pause: { Type: 'Wait', Seconds: 1, End: true } } },
        {
          StartAt: 'Second',
          States: {
            Second: {
              Type: 'Task',
              Resource: 'arn:aws:lambda:us-east-1:000000000000:function:second',
              End: true,
            },
          },
        },
      ],
      ResultPath: null,
      End: true,
    },
  },
});

test('kill -9 loses nothing, and a repeated call carries the token of the first', {
  timeout: 120_000,
}, async () => {
  const seed = '7';
  const random = seededRandom(seed);
  await using folder = await temporaryFolder();
  await using sdk = sdkProcess();
  await using lambda = await fakeLambda((call) => answer(call, seed));
  let engine = await startEngine(folder.path, [lambda.url]);
  const accepted: string[] = [];
  try {
    const machine = { name: 'saga', definition: DEFINITION, roleArn: 'arn:aws:iam::000000000000:role/any' };
    const { stateMachineArn = null } = await sdk.send(engine.url, 'createStateMachine', machine);
    for (let round = 0; round <= KILLS; round += 1) {
      const starts = startSome(
        sdk,
        engine.url,
        stateMachineArn,
        Math.ceil(EXECUTIONS / (KILLS + 1)),
        accepted,
      );
      if (round < KILLS) {
        await new Promise((resolve) => setTimeout(resolve, 20 + random.next() * 900));
        await engine.kill();
        await starts;
        engine = await startEngine(folder.path, [lambda.url]);
      }
      await starts;
    }
    const ends = await Promise.all(accepted.map((arn) => ended(sdk, engine.url, arn)));
    expect(accepted.length).toBeGreaterThan(EXECUTIONS / 2);
    expect(ends.filter(({ status }) => status !== 'SUCCEEDED')).toEqual([]);
    for (const { arn, scheduled } of ends) {
      const tokens = new Set(
        lambda.calls.filter(({ token }) => token.startsWith(`${arn}#`)).map(({ token }) => token),
      );
      // Every call the history knows has exactly one token, however often it was sent.
      expect([...tokens].sort()).toHaveLength(scheduled);
    }
    const sent = new Set(lambda.calls.map(({ token }) => token)).size;
    expect(lambda.calls.length, 'no kill hit a call in flight: this test proves nothing').toBeGreaterThan(
      sent,
    );
  } finally {
    await engine.kill();
  }
});

/** `flaky` fails the first attempt of every execution; every call takes a while, so that kills hit calls in flight. */
function answer(call: LambdaCall, seed: string): LambdaAnswer {
  const delayMs = 20 + seededRandom(`${seed}${call.token}`).next() * 200;
  if (call.name === 'flaky' && call.token.endsWith('#1')) {
    return {
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: { errorType: 'Flaky', errorMessage: 'again' },
      delayMs,
    };
  }
  return { body: { done: call.name }, delayMs };
}

/** Starts executions one after the other until the engine is gone; keeps the ARNs that were acknowledged. */
async function startSome(
  sdk: Sdk,
  url: string,
  stateMachineArn: Json,
  count: number,
  accepted: string[],
): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    try {
      const input = JSON.stringify({ i });
      const { executionArn } = await sdk.send(url, 'startExecution', { stateMachineArn, input });
      accepted.push(String(executionArn));
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

async function ended(
  sdk: Sdk,
  url: string,
  arn: string,
): Promise<{ arn: string; status: Json; scheduled: number }> {
  for (;;) {
    const { status = null } = await sdk.send(url, 'describeExecution', { executionArn: arn });
    if (status !== 'RUNNING') {
      const { events } = await sdk.send(url, 'getExecutionHistory', { executionArn: arn, maxResults: 1_000 });
      const list = isArray(events) ? events : [];
      expect(list.map((event) => member(event, 'id'))).toEqual(list.map((_, i) => i + 1));
      const scheduled = list.filter((event) => member(event, 'type') === 'LambdaFunctionScheduled').length;
      return { arn, status, scheduled };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
