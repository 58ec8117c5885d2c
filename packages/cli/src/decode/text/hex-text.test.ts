import { describe, expect, test } from 'vitest';
import { hexBytes, withoutNoise } from './hex-text.ts';

const found = (line: string): string => Buffer.from(hexBytes(withoutNoise(line))).toString('hex');

describe('a line of a log', () => {
  test.each([
    '2024-05-06T12:34:56.789Z connected',
    '[12:34:56] C8:47:80:12:34:56 rssi -67 dBm',
    '12:34:56.789',
    '06.05.2024 12:34:56 total 52.816 V, 12.34 A',
    'service 0000ffe0-0000-1000-8000-00805f9b34fb',
    'state of charge: 87 %, 20 bytes, handle 0x000e, mtu 0x17',
    '/org/bluez/hci0/dev_C8_47_80_12_34_56/service0005/char0006',
    "bad face, be a dead bee; it's 20 of 40",
  ])('without bytes has none: %s', (line) => {
    expect(found(line)).toBe('');
  });

  test.each([
    ['12:34:56 0005 RX 55 aa eb 90', '55aaeb90'],
    ['handle 000e: 55 aa eb 90', '55aaeb90'],
    ['len 20: 55aaeb90 02', '55aaeb9002'],
    ['at 0x3ffb1230: 55 aa eb 90', '55aaeb90'],
    ['1715000000.123 55 aa eb 90 (4)', '55aaeb90'],
    ['20 bytes: 55:aa:eb:90:02', '55aaeb9002'],
    ['C8:47:80:12:34:56: 55:aa:eb:90', '55aaeb90'],
    ['41 54', '4154'],
    ['value: 55aa eb90 02', '55aaeb9002'],
    ['value: 55aa eb90 at rssi 41', '55aaeb90'],
    ['rx: 41 54 0d 0a | 55 aa eb 90', '41540d0a55aaeb90'],
  ])('has its bytes and nothing else: %s', (line, bytes) => {
    expect(found(line)).toBe(bytes);
  });

  test('does not give what a dump shows once more as text', () => {
    expect(found('55 aa eb 90 31 32 33 34  U...1234')).toBe('55aaeb9031323334');
    expect(found('55 aa eb 90 31 32 33 34 |U...1234|')).toBe('55aaeb9031323334');
    expect(found('55 aa eb 90  31 32 33 34')).toBe('55aaeb9031323334');
  });
});
