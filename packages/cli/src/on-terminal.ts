/** Whether there is somebody to see a terminal UI and to press its keys. */
export function isOnTerminal(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb';
}
