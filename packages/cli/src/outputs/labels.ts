import { UsageError } from '@ubmsc/base';
import { staticLabels } from '@ubmsc/exporter';

/**
 * Names and values of texts such as `site=marina-7`.
 * @throws {UsageError} a text has no separator.
 */
export function pairsOf(
  option: string,
  separator: string,
  texts: readonly string[] = [],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf(separator);
      if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()] as const;
      throw new UsageError(
        `${option} ${JSON.stringify(text)} has no ${separator}`,
        `write it as NAME${separator}VALUE`,
      );
    }),
  );
}

/**
 * Labels of texts such as `site=marina-7`, and of a table.
 * @throws {UsageError} one cannot be a label of metrics.
 */
export function labelsOf(
  option: string,
  texts: readonly string[] = [],
  table: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return staticLabels({ ...table, ...pairsOf(option, '=', texts) });
}
