/** The error of bytes that are not a message of the expected type. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** Path of the field, such as `event.data_json`; `''` if the error is not in a known field. */
  readonly field: string;
  readonly reason: string;

  constructor(field: string, reason: string) {
    super(field === '' ? reason : `${field}: ${reason}`);
    this.field = field;
    this.reason = reason;
  }
}
