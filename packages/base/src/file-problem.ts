/** The next step where a file is not that of this user, and where it cannot be used at all. */
export interface FileHints {
  readonly denied: string;
  readonly unusable: string;
}

/** Message and hint of an error: a file cannot be `done`. `what` is its path, with what it is where that helps. */
export function fileProblem(
  what: string,
  done: 'read' | 'written' | 'removed',
  cause: unknown,
  hints: FileHints,
): readonly [message: string, hint: string] {
  return [`${what} cannot be ${done}: ${fileReason(cause)}`, hintFor(errorCode(cause), hints)];
}

/** `EACCES: permission denied`: a message of Node without the call and the path. */
export function fileReason(cause: unknown): string {
  return cause instanceof Error ? cause.message.replace(/, \w+(?: '.*)?$/s, '') : String(cause);
}

/** The code of an error of the system, such as `ENOENT`; undefined where it has none. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function hintFor(code: unknown, { denied, unusable }: FileHints): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return denied;
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EROFS':
      return 'make room, or make it possible to write there';
    default:
      return unusable;
  }
}
