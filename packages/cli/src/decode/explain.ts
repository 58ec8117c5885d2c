import { explainFields, snakeCase, type FieldOptions, type Frame, type Layout } from '@ubmsc/protocol';
import type { Entry } from '../formats/index.ts';

/** How every field of a record comes about: where it is, how it is computed, what it is, from which bytes. */
export function explain(frame: Frame, layout: Layout, options: FieldOptions): Entry[] {
  return [
    { key: 'record', label: 'Record', value: snakeCase(layout.record) },
    {
      key: 'fields',
      label: 'Fields',
      value: explainFields(frame, layout, options),
      columns: { unit: { absent: '' } },
    },
    { key: 'variant', label: 'Variant', value: layout.variant },
  ];
}
