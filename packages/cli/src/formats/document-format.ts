import { UsageError } from '@ubmsc/base';
import { findFormat, formats, type Format } from './index.ts';

/**
 * The format that a command prints in which has more to say than measurements: text, or one of documents. Throws a
 * UsageError for those that only know measurements.
 */
export function documentFormat(command: string, name: string): Format {
  const format = findFormat(name);
  if (format && isPossible(format)) return format;
  const possible = Object.entries(formats).filter(([, each]) => isPossible(each));
  throw new UsageError(
    `${command} has no format ${name}`,
    `give one of ${possible.map(([each]) => each).join(', ')}`,
  );
}

const isPossible = (format: Format): boolean => format === formats.text || format.printDocument !== undefined;
