/** A 64-bit integer as protobufjs decodes it. To encode, a number that a double holds exactly will do. */
export interface Int64 {
  toNumber(): number;
  toString(): string;
}

/** The number; exact within 2^53. Absent: 0. */
export function toNumber(value: number | Int64 | undefined): number {
  return typeof value === 'object' ? value.toNumber() : (value ?? 0);
}

/** The integer, whatever its size. Absent: 0. */
export function toBigInt(value: number | Int64 | undefined): bigint {
  return BigInt((value ?? 0).toString());
}
