import type { LogEntry } from '@ubmsc/session';
import { expect, test } from 'vitest';
import { LogbookNews } from './logbook-news.ts';

const entry = (timestamp: number, code = 1): LogEntry => ({ code, text: 'boot', timestamp, time: null });
const answered = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
const MINUTE = 60_000;

test('what was written down before the first answer is not news, each later entry is news once', async () => {
  let entries = [entry(1), entry(2)];
  const news = new LogbookNews(async () => await Promise.resolve(entries));
  expect(news.isKept).toBe(false);
  news.ask(0);
  await answered();
  expect(news.isKept).toBe(true);
  expect(news.take()).toEqual([]);
  entries = [...entries, entry(3), entry(3, 0x11)];
  news.ask(4 * MINUTE);
  await answered();
  expect(news.take()).toEqual([]);
  news.ask(5 * MINUTE);
  await answered();
  expect(news.take()).toEqual([entry(3), entry(3, 0x11)]);
  news.ask(10 * MINUTE);
  await answered();
  expect(news.take()).toEqual([]);
});

test('a device without a logbook is asked three times, not for ever', async () => {
  let asked = 0;
  const news = new LogbookNews(async () => {
    asked++;
    return await Promise.reject(new Error('no logbook'));
  });
  for (let hour = 0; hour < 10; hour++) {
    news.ask(hour * 60 * MINUTE);
    await answered();
  }
  expect(asked).toBe(3);
  expect(news.isKept).toBe(false);
});
