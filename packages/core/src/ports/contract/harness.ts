/** What a contract suite needs of a test runner: Vitest, Jest and their like fit as they are. */

export interface ContractHarness {
  describe(name: string, define: () => void): void;
  test(name: string, run: () => Promise<void>): void;
  expect(actual: unknown): {
    toEqual(expected: unknown): void;
    toBe(expected: unknown): void;
    toBeGreaterThan(bound: number): void;
  };
}
