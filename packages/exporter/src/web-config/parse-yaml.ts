import { UsageError } from '@ubmsc/base';
import { parse, YAMLError } from 'yaml';

const HINT = 'give a file as in docs/exporter.md';

/**
 * The document of a file.
 * @throws {UsageError} it is not YAML. The line is not quoted: it may hold a secret.
 */
export function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    if (!(error instanceof YAMLError) && !(error instanceof ReferenceError)) throw error;
    const position = error instanceof YAMLError && error.linePos ? ` at line ${error.linePos[0].line}` : '';
    throw new UsageError(`${file} is not YAML${position}`, HINT);
  }
}
