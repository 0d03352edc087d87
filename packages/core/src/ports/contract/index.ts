/** The door of `@holdfast/core/contract`: suites that adapters of the ports run against their real backend. */
export type { ContractHarness } from './harness.ts';
export type { StateStoreUnderTest } from './state-store.ts';
export { stateStoreContract } from './state-store.ts';
