import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineProtocol } from './line-protocol.ts';

const encode = (...samples: Parameters<typeof lineProtocol>[0]): string => lineProtocol(samples).toString();

test('samples of one battery and one time share a line', () => {
  expect(
    encode(
      { series: 'battery_voltage{device="house"}', value: 53.2, time: 5 },
      { series: 'cell_voltage{device="house",cell="0"}', value: 3.3, time: 5 },
      { series: 'battery_current{device="house"}', value: -0, time: 5 },
      { series: 'battery_voltage{device="house"}', value: 1e-7, time: 6 },
    ),
  ).toBe(
    'battery,device=house voltage=53.2,current=0 5\n' +
      'cell,device=house,cell=0 voltage=3.3 5\n' +
      'battery,device=house voltage=1e-7 6\n',
  );
});

test('one without an underscore has the field value, and one that has ended is left out', () => {
  expect(
    encode(
      { series: 'alarm{alarm="x"}', value: 1, time: 5 },
      { series: 'alarm{alarm="y"}', value: Number.NaN, time: 5 },
      { series: 'emergency_time', value: 2, time: 5 },
    ),
  ).toBe('alarm,alarm=x value=1 5\nemergency_time value=2 5\n');
});

/** Splits at what is not escaped. */
const split = (text: string, at: string): string[] => text.split(new RegExp(String.raw`(?<!\\)${at}`));

test('any label comes back, but for backslashes and line ends', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (value) => {
      const quoted = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
      const line = encode({ series: `a_b{device="${quoted}"}`, value: 1, time: 5 });
      expect(line.split('\n')).toHaveLength(2);
      const [lead = '', fields, time, ...more] = split(line.trimEnd(), ' ');
      expect([fields, time, more]).toEqual(['b=1', '5', []]);
      const [, tag = ''] = split(lead, ',');
      const [, found = ''] = split(tag, '=');
      expect(found.replace(/\\([,= ])/g, '$1')).toBe(value.replaceAll('\\', '/').replaceAll('\n', ' '));
    }),
  );
});
