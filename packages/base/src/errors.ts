/** How hints are worded: as calls of a library, in which they are written, or as options of a command. */
let wording = (hint: string): string => hint;

/** Makes every hint of this process pass through `word`. A command calls it once, at its start. */
export function wordHints(word: (hint: string) => string): void {
  wording = word;
}

/** A hint that is shown without an error. */
export function wordedHint(hint: string): string {
  return wording(hint);
}

/**
 * An error that a user can do something about. The message says what happened, the hint what to do next, each in
 * one line. The classes are the causes that scripts tell apart.
 */
export abstract class UbmscError extends Error {
  /**
   * The next step for the user, as an imperative sentence without a full stop. Hints of libraries name calls, as
   * `openAdapter('bluez')`, and options of calls, as `{ variant }`; see {@link wordHints}.
   */
  readonly hint: string;

  constructor(message: string, hint: string, options: ErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.hint = wording(hint);
  }
}

/** The caller asked for something that has no meaning. */
export class UsageError extends UbmscError {}
