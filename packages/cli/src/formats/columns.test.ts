import { describe, expect, test } from 'vitest';
import { columns, sameDecimals } from './columns.ts';

describe('columns', () => {
  test('are as wide as their widest text, but for the last', () => {
    const rows = [
      ['a', 'bbb', 'c'],
      ['aa', 'b', 'cccc'],
    ];
    expect(columns(rows, 'padEnd')).toEqual(['  a   bbb  c', '  aa  b    cccc']);
    expect(columns(rows, 'padStart')).toEqual(['   a  bbb  c', '  aa    b  cccc']);
  });

  test('of nothing are nothing', () => {
    expect(columns([], 'padEnd')).toEqual([]);
  });
});

describe('numbers below each other', () => {
  test('have the same count of decimals', () => {
    expect(sameDecimals([3.3, 3.299, null, 0])).toEqual(['3.300', '3.299', null, '0.000']);
    expect(sameDecimals([12, 3])).toEqual(['12', '3']);
  });

  test('keep their value when it is too small for that', () => {
    expect(sameDecimals([1e-30, 0.5])).toEqual(['1e-30', '0.5']);
  });
});
