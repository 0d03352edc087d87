/** Reads the order saga: the file that AWS Step Functions would take unchanged. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const catcher = z.object({ ErrorEquals: z.array(z.string()), Next: z.string() });

const stateSchema = z.looseObject({
  Type: z.string(),
  Comment: z.string().optional(),
  Next: z.string().optional(),
  Catch: z.array(catcher).optional(),
  get Branches(): z.ZodOptional<z.ZodArray<typeof machineSchema>> {
    return z.array(machineSchema).optional();
  },
});

const machineSchema = z.looseObject({
  StartAt: z.string(),
  get States(): z.ZodRecord<z.ZodString, typeof stateSchema> {
    return z.record(z.string(), stateSchema);
  },
});

export type SagaState = z.infer<typeof stateSchema>;
export type SagaMachine = z.infer<typeof machineSchema>;

/** Name of the state machine on the engine. */
export const SAGA_NAME = 'holdfast-order';

/** The file's text as it goes to CreateStateMachine, and what the page needs of it. */
export function readSaga(): { readonly text: string; readonly machine: SagaMachine } {
  const text = readFileSync(new URL('../../saga/order.asl.json', import.meta.url), 'utf8');
  return { text, machine: machineSchema.parse(JSON.parse(text)) };
}
