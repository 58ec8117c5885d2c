import { errorCodes, type ErrorName } from '../codec/error-codes.ts';

/** Why a controller refuses a command: becomes the Status of its Command Complete or Command Status event. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly status: number;

  constructor(error: ErrorName) {
    super(error);
    this.status = errorCodes[error];
  }
}

/** Refuses the command unless `condition` holds. */
export function check(condition: boolean, otherwise: ErrorName): asserts condition {
  if (!condition) throw new CommandError(otherwise);
}
