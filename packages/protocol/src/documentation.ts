import { alarms, controls, dryContacts } from './codes.ts';
import { fieldSize, isNumeric, type Bits, type Field } from './field.ts';
import { FRAME_LENGTH, recordTypes } from './frame.ts';
import type { Layout } from './layout.ts';
import { layouts } from './layouts/index.ts';
import { measurements, snakeCase, type Measurement } from './measurements.ts';

const generated = '<!-- Generated from the tables in packages/protocol by `npm run docs`. Do not edit. -->';

/** `docs/protocol.md`: every layout, as a table of its rows. */
export function renderProtocol(): string {
  const parts = [
    '# Records of JK battery management systems',
    generated,
    `Every record is ${FRAME_LENGTH} bytes: \`55 AA EB 90\`, the record type, a counter, the payload, and in byte ${FRAME_LENGTH - 1} the sum of all bytes before it modulo 256. Numbers are little-endian; a value is the raw number divided by the divisor.`,
  ];
  for (const [variant, records] of Object.entries(layouts)) {
    for (const layout of Object.values(records)) parts.push(...renderLayout(variant, layout));
  }
  parts.push(
    '## Alarms',
    table(
      ['bit', 'name', 'severity', 'meaning'],
      Object.entries(alarms).map(([name, { bit, severity, help }]) => [bit, name, severity, help]),
    ),
    '## Controls',
    bitTable(controls),
    '## Dry contacts',
    bitTable(dryContacts),
  );
  return `${parts.join('\n\n')}\n`;
}

/** `docs/measurements.md`: the vocabulary of every output. */
export function renderMeasurements(): string {
  const parts = [
    '# Measurements',
    generated,
    'The names that every output uses. A value that a device does not have is absent: `null` in JSON, no series in Prometheus. Secrets are shown as `***` unless they are asked for.',
  ];
  for (const [group, rows] of Object.entries(measurements)) {
    const described: [string, Measurement][] = Object.entries(rows);
    parts.push(
      `## \`${snakeCase(group)}\``,
      table(
        ['name', 'unit', 'kind', 'per', 'meaning'],
        described.map(([name, { unit, kind, per, help, secret }]) => [
          `\`${snakeCase(name)}\``,
          unit,
          kind,
          per,
          secret ? `${help} (secret)` : help,
        ]),
      ),
    );
  }
  return `${parts.join('\n\n')}\n`;
}

function renderLayout(variant: string, layout: Layout): string[] {
  const type = recordTypes[layout.record].toString(16).padStart(2, '0');
  return [
    `## ${variant.toUpperCase()} ${layout.record} (0x${type})`,
    table(
      ['offset', 'bytes', 'type', 'field', 'divisor', 'unit', 'meaning', 'remarks'],
      Object.entries(layout.fields).map(([name, field]) => [
        field.at,
        fieldSize(field),
        typeName(field),
        name,
        ...(isNumeric(field) ? [field.divisor, field.unit] : [undefined, undefined]),
        field.help,
        remarks(field),
      ]),
    ),
  ];
}

function typeName(field: Field): string {
  return 'count' in field ? `${field.type} × ${field.count}` : field.type;
}

function remarks(field: Field): string {
  const found: string[] = [];
  if (field.register !== undefined) found.push(`register 0x${field.register.toString(16).padStart(2, '0')}`);
  if (field.secret) found.push('secret');
  if (isNumeric(field)) {
    if (field.absent !== undefined) found.push(`${field.absent} is "no value"`);
    if (field.range) found.push(field.range.join(' to '));
    if (field.enabledBy !== undefined) found.push(`enable bit ${field.enabledBy}`);
    if (field.values) found.push(field.values.map((value, index) => `${index} ${value}`).join(', '));
  }
  return found.join('; ');
}

function bitTable(bits: Bits): string {
  return table(
    ['bit', 'name', 'meaning'],
    Object.entries(bits).map(([name, { bit, help }]) => [bit, name, help]),
  );
}

function table(head: readonly string[], rows: readonly (readonly (string | number | undefined)[])[]): string {
  const line = (cells: readonly (string | number | undefined)[]): string =>
    `| ${cells.map((cell) => cell ?? '').join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
