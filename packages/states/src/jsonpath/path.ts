/** The shape of a parsed JSONPath: plain data, shared by the parser and the evaluator. */
import type { Json } from '../json/json.ts';

export type Step =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | {
      readonly kind: 'slice';
      readonly from: number | undefined;
      readonly to: number | undefined;
      readonly by: number;
    }
  | { readonly kind: 'from-end'; readonly offset: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'filter'; readonly filter: Filter }
  | { readonly kind: 'descend'; readonly step: Step };

/** A parsed path. `source` is what the author wrote. */
export interface JsonPath {
  readonly source: string;
  /** `$$`: evaluated against the context object instead of the input. */
  readonly root: 'input' | 'context';
  readonly steps: readonly Step[];
  /** Selects at most one value (no wildcard, slice, union, filter, descent): missing is then an error. */
  readonly definite: boolean;
}

/** `[?(@.price < 10 && @.tags)]` */
export type Filter =
  | { readonly kind: 'or' | 'and'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'exists'; readonly operand: Operand }
  | { readonly kind: 'compare'; readonly left: Operand; readonly by: Comparator; readonly right: Operand }
  | { readonly kind: 'match'; readonly left: Operand; readonly pattern: RegExp };

export type Operand =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'path'; readonly root: '@' | '$'; readonly steps: readonly Step[] };

export type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'nin';
