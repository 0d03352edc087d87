/** The eighteen intrinsic functions of States Language with the shape of their arguments, for checks at creation. */

export type ArgumentType = 'any' | 'string' | 'number' | 'boolean' | 'scalar' | 'object';

export interface Signature {
  readonly min: number;
  readonly max: number;
  /** Type of each argument; the last one repeats. Checked for literals; values of paths are checked when called. */
  readonly types: readonly ArgumentType[];
}

export type IntrinsicName =
  | 'States.Format'
  | 'States.StringToJson'
  | 'States.JsonToString'
  | 'States.Array'
  | 'States.ArrayPartition'
  | 'States.ArrayContains'
  | 'States.ArrayRange'
  | 'States.ArrayGetItem'
  | 'States.ArrayLength'
  | 'States.ArrayUnique'
  | 'States.Base64Encode'
  | 'States.Base64Decode'
  | 'States.Hash'
  | 'States.JsonMerge'
  | 'States.MathRandom'
  | 'States.MathAdd'
  | 'States.StringSplit'
  | 'States.UUID';

const fixed = (...types: readonly ArgumentType[]): Signature => ({
  min: types.length,
  max: types.length,
  types,
});

export const SIGNATURES: Readonly<Record<IntrinsicName, Signature>> = {
  'States.Format': { min: 1, max: Number.POSITIVE_INFINITY, types: ['string', 'scalar'] },
  'States.StringToJson': fixed('string'),
  'States.JsonToString': fixed('any'),
  'States.Array': { min: 0, max: Number.POSITIVE_INFINITY, types: ['any'] },
  'States.ArrayPartition': fixed('object', 'number'),
  'States.ArrayContains': fixed('object', 'any'),
  'States.ArrayRange': fixed('number', 'number', 'number'),
  'States.ArrayGetItem': fixed('object', 'number'),
  'States.ArrayLength': fixed('object'),
  'States.ArrayUnique': fixed('object'),
  'States.Base64Encode': fixed('string'),
  'States.Base64Decode': fixed('string'),
  'States.Hash': fixed('string', 'string'),
  'States.JsonMerge': fixed('object', 'object', 'boolean'),
  'States.MathRandom': { min: 2, max: 3, types: ['number'] },
  'States.MathAdd': fixed('number', 'number'),
  'States.StringSplit': fixed('string', 'string'),
  'States.UUID': fixed(),
};

export function isIntrinsicName(name: string): name is IntrinsicName {
  return Object.hasOwn(SIGNATURES, name);
}
