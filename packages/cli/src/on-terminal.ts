/** Whether there is somebody to see a terminal UI and to press its keys. */
export function isOnTerminal(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb';
}

/** Whether text that is printed has colours: on a terminal, unless that is switched off (https://no-color.org). */
export function hasColours({ noColor = false }: { readonly noColor?: boolean | undefined }): boolean {
  return process.stdout.isTTY && !noColor && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}
