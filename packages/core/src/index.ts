/** The door of `@holdfast/core`: all that is public, and nothing else. */

export type { BulkheadRefusal } from './bulkhead/errors.ts';
export { BulkheadFullError } from './bulkhead/errors.ts';
export type { BulkheadOptions, Tier } from './bulkhead/options.ts';
export type { Bulkhead, BulkheadDeps, BulkheadSnapshot } from './bulkhead/policy.ts';
export { bulkhead } from './bulkhead/policy.ts';
export type { Call, Operation, Policy } from './call.ts';
export { rootCall } from './call.ts';
export type { RejectionReason } from './circuit-breaker/errors.ts';
export { BreakerOpenError, ProbeLeaseExpiredError } from './circuit-breaker/errors.ts';
export type { BreakerEvent, BreakerSnapshot } from './circuit-breaker/events.ts';
export type { CircuitBreakerOptions, SlowStartOptions } from './circuit-breaker/options.ts';
export type { CircuitBreaker, CircuitBreakerDeps } from './circuit-breaker/policy.ts';
export { circuitBreaker } from './circuit-breaker/policy.ts';
export type { BreakerKind, BreakerScope } from './circuit-breaker/state.ts';
export type { Correlation, HeadersLike } from './correlation/correlation.ts';
export { correlationFromHeaders, correlationHeaders } from './correlation/correlation.ts';
export type { Traceparent } from './correlation/traceparent.ts';
export { formatTraceparent, parseTraceparent } from './correlation/traceparent.ts';
export { DeadlineExceededError } from './deadline/errors.ts';
export type { DeadlineDeps, DeadlineOptions } from './deadline/policy.ts';
export { deadline, remainingMs } from './deadline/policy.ts';
export { HoldfastError, InvalidOptionsError, isHoldfastError } from './errors.ts';
export type { FallbackHandler } from './fallback/policy.ts';
export { fallback } from './fallback/policy.ts';
export type { JsonValue } from './json.ts';
export { pipeline } from './pipeline/pipeline.ts';
export type { MemoryStateStoreOptions } from './ports/memory-state-store.ts';
export { memoryStateStore } from './ports/memory-state-store.ts';
export type { Cancel, Runtime } from './ports/runtime.ts';
export type { CompareAndSetResult, StateStore, Versioned, WriteOptions } from './ports/state-store.ts';
export {
  addedTo,
  checkAdd,
  checkedKey,
  checkedWrite,
  NotCountersError,
  STATE_STORE_LIMITS,
  StoreUnavailableError,
} from './ports/state-store.ts';
export { systemRuntime } from './ports/system-runtime.ts';
export type { VirtualRuntime, VirtualRuntimeOptions, VirtualView } from './ports/virtual-runtime.ts';
export { VirtualTimeStuckError, virtualRuntime } from './ports/virtual-runtime.ts';
export type { RetryBudget, RetryBudgetDeps, RetryBudgetOptions } from './retry/budget.ts';
export { retryBudget } from './retry/budget.ts';
export type { GiveUpReason } from './retry/machine.ts';
export type { RetryOptions } from './retry/options.ts';
export type { RetryDeps, RetryEvent } from './retry/policy.ts';
export { retry } from './retry/policy.ts';
export type { Gathered, GatheredItem, GatheredSource, SourceStatus } from './scatter-gather/merge.ts';
export type {
  FallbackReason,
  ScatterGatherOptions,
  Source,
  SourceContext,
} from './scatter-gather/options.ts';
export type { ScatterGather, ScatterGatherDeps } from './scatter-gather/policy.ts';
export { scatterGather } from './scatter-gather/policy.ts';
export { TimeoutError } from './timeout/errors.ts';
export type { TimeoutDeps, TimeoutOptions } from './timeout/policy.ts';
export { timeout } from './timeout/policy.ts';
