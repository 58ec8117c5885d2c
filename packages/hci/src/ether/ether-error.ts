/** An error with an ether that a user can do something about. */
export class EtherError extends Error {
  override readonly name = 'EtherError';
  /** The next step for a user, as an imperative sentence without a full stop. */
  readonly hint: string;

  constructor(message: string, options: { readonly hint: string; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
  }
}
