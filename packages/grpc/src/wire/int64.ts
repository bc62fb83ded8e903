import type { Int64 } from '../generated/types';

/** Converts an integer to a number, which is exact within 2^53. An absent integer is 0. */
export function toNumber(value: number | Int64 | undefined): number {
  return typeof value === 'object' ? value.toNumber() : (value ?? 0);
}

/** Converts an integer of any size. An absent integer is 0. */
export function toBigInt(value: number | Int64 | undefined): bigint {
  return BigInt((value ?? 0).toString());
}
