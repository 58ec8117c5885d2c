import { describe, expect, it } from 'vitest';
import { advertisingData, scanResponseData } from './advertising-data.ts';

describe('advertising', () => {
  it('carries flags, FFE0 and FEE7 as an incomplete list, and company 0x0B65 with 88 A0 and the own address', () => {
    expect(advertisingData('C8:47:80:00:00:01').toString('hex')).toBe(
      ['020106', '0502e0ffe7fe', '0bff650b88a0c84780000001'].join(''),
    );
  });

  it('has the complete name in the scan response, cut to what fits into 31 bytes', () => {
    expect(scanResponseData('UPS_BMS').toString('latin1')).toBe('\u0008\u0009UPS_BMS');
    expect(scanResponseData('x'.repeat(40))).toHaveLength(31);
  });
});
