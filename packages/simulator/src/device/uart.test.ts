import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { cut, Uart } from './uart.ts';

describe('cutting', () => {
  it('keeps every byte in order, in pieces of at most the size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 300 }), (bytes, size) => {
        const pieces = cut(bytes, size);
        expect(pieces.flatMap((piece) => [...piece])).toEqual([...bytes]);
        expect(pieces.every((piece) => piece.length > 0 && piece.length <= size)).toBe(true);
      }),
    );
  });
});

describe('serial line', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  const record = (heartbeats: boolean): { uart: Uart; sent: [time: number, text: string][] } => {
    const sent: [number, string][] = [];
    const start = Date.now();
    const notify = (bytes: Uint8Array): void => {
      sent.push([Date.now() - start, Buffer.from(bytes).toString('latin1')]);
    };
    return { uart: new Uart({ notificationSize: 4, notify, lost: () => undefined }, () => heartbeats), sent };
  };

  it('sends the bursts of all messages in order, 35 ms apart, cut by the notification size', () => {
    const { uart, sent } = record(false);
    uart.send(Buffer.from('abcdef'), Buffer.from('gh'));
    uart.send(Buffer.from('ij'));
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([
      [0, 'abcd'],
      [0, 'ef'],
      [35, 'gh'],
      [70, 'ij'],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fills silence with heartbeats, never within a message', () => {
    const { uart, sent } = record(true);
    vi.advanceTimersByTime(399);
    uart.send(Buffer.from('abcd'), Buffer.from('efgh'));
    vi.advanceTimersByTime(235);
    expect(sent.map(([, text]) => text)).toEqual(['AT\r\n', 'abcd', 'efgh', 'AT\r\n']);
  });

  it('sends nothing after it was closed', () => {
    const { uart, sent } = record(true);
    uart.send(Buffer.from('abcd'), Buffer.from('efgh'));
    uart.close();
    vi.advanceTimersByTime(5000);
    expect(sent).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
