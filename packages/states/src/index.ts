/** The door of `@holdfast/states`: all that is public, and nothing else. */

export type { Compiled } from './definition/compile.ts';
export { compileDefinition, MAX_DEFINITION_BYTES, validateDefinition } from './definition/compile.ts';
export type { Problem } from './definition/problem.ts';
export { printProblem } from './definition/problem.ts';
export type { Program } from './definition/program.ts';
export type {
  Engine,
  EngineHealth,
  ExecutionDescription,
  ExecutionSummary,
  PageRequest,
  StartExecutionRequest,
  StateMachineDescription,
  StateMachineRequest,
} from './engine/api.ts';
export { openEngine } from './engine/engine.ts';
export type { ApiErrorName } from './engine/errors.ts';
export {
  DataInUseError,
  DataUnreadableError,
  EngineUnavailableError,
  RequestRefusedError,
} from './engine/errors.ts';
export type { EngineOptions, EventRecord, LogRecord } from './engine/options.ts';
export type { TaskCall, TaskInvoker, TaskRecord } from './engine/tasks.ts';
export type { Execution, ExecutionFacts, ExecutionStatus } from './interpreter/execution.ts';
export { newExecution } from './interpreter/execution.ts';
export type { HistoryEvent, HistoryEventType } from './interpreter/history.ts';
export { detailsMember, MAX_HISTORY_EVENTS, MAX_PAYLOAD_BYTES } from './interpreter/history.ts';
export type { Command, ExecutionInput, TaskOutcome } from './interpreter/protocol.ts';
export type { StepResult } from './interpreter/step.ts';
export { apply } from './interpreter/step.ts';
export type { Json, JsonObject } from './json/json.ts';
export type { LambdaInvokerOptions } from './lambda/invoker.ts';
export { lambdaInvoker } from './lambda/invoker.ts';
export type { ServeStatesOptions, StatesServer } from './server/server.ts';
export { serveStates } from './server/server.ts';
