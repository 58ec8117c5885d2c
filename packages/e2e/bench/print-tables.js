/** A reporter of vitest that prints what tests print, and nothing else. */
export default class PrintTables {
  /** @param {{ content: string }} log */
  onUserConsoleLog({ content }) {
    process.stdout.write(`${content.trimEnd()}\n\n`);
  }
}
