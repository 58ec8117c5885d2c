import { UsageError } from '@ubmsc/base';
import { labelValue } from './labels.ts';
import { utf8, type Labels } from './lines.ts';

/** Labels that metrics have themselves. */
const taken = new Set([
  'device',
  'cell',
  'alarm',
  'phase',
  'state',
  'reason',
  'action',
  'outcome',
  'code',
  'target',
  'bank',
]);

/**
 * Labels that every series gets, such as `site`.
 * @throws {UsageError} one has a name that no label can have, or that metrics have themselves, or no value.
 */
export function staticLabels(given: Readonly<Record<string, string>>): Labels {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const safe = labelValue(value);
      if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || name.startsWith('__')) {
        throw new UsageError(
          `${JSON.stringify(name)} cannot be the name of a label`,
          'it has letters, digits and _, and does not begin with a digit or __',
        );
      }
      if (taken.has(name)) {
        throw new UsageError(
          `metrics have the label ${name} themselves`,
          'give it another name, such as site',
        );
      }
      if (safe === '') throw new UsageError(`the label ${name} has no value`, 'give it one, or leave it out');
      return [name, safe];
    }),
  );
}

/** Labels as they stand in the text format, without braces. */
export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)
    .join(',');
}

/** Lines of series, as {@link utf8}, with these labels before their own. Line ends stand between lines alone. */
export function addLabels(lines: string, labels: string): string {
  if (labels === '') return lines;
  const added = utf8(labels);
  return lines.replace(/^([a-zA-Z_:][\w:]*)(?:(\{)| )/gm, (_, name: string, brace: string | undefined) =>
    brace ? `${name}{${added},` : `${name}{${added}} `,
  );
}
