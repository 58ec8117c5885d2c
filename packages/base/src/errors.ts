/**
 * An error that a user can do something about. The message says what happened, the hint what to do next, each in
 * one line. The classes are the causes that scripts tell apart.
 */
export abstract class UbmscError extends Error {
  /**
   * The next step for the user, as an imperative sentence without a full stop. Hints of libraries name calls, as
   * `openAdapter('bluez')`, and options of calls, as `{ variant }`. A program whose users know no calls words a hint
   * where it shows it.
   */
  readonly hint: string;

  constructor(message: string, hint: string, options: ErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.hint = hint;
  }
}

/** The caller asked for something that has no meaning. */
export class UsageError extends UbmscError {}

/** What was thrown, as an error: a reason of a signal may be anything. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
