import { expect, it } from 'vitest';
import { variants } from '@ubmsc/protocol';
import { firmwareTraits } from './firmware.ts';

it('the version of the firmware decides what it does', () => {
  expect(firmwareTraits('11.288H')).toMatchObject({ heartbeats: false, streamNeedsDeviceInfo: false });
  expect(firmwareTraits('14.20')).toMatchObject({ heartbeats: true, streamNeedsDeviceInfo: false });
  expect(firmwareTraits('15.26')).toMatchObject({ heartbeats: true, streamNeedsDeviceInfo: true });
});

it('the same version does other things in another variant', () => {
  expect(firmwareTraits('8.0.3M', 'jk04')).toMatchObject({ acknowledgeSticks: false, period: 510 });
  expect(firmwareTraits('8.0.6G', 'jk02-24s')).toMatchObject({ acknowledgeSticks: true, period: 430 });
});

it.each(variants)('a record of %s is 300 bytes in any version', (variant) => {
  for (const version of ['3', '8', '10', '11', '20']) {
    const { bursts } = firmwareTraits(version, variant);
    expect(bursts.reduce((sum, length) => sum + length, 0)).toBe(300);
  }
});
