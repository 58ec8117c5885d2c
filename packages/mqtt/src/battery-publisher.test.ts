import { sealFrame, FRAME_LENGTH } from '@ubmsc/protocol';
import { MadeSource } from '@ubmsc/testing';
import { expect, test } from 'vitest';
import { BatteryPublisher, type PublisherContext, type Sender } from './battery-publisher.ts';
import type { OutgoingMessage } from './broker/link.ts';
import { topicsWith } from './topics.ts';

const ID = 'c84780000001';
const topics = topicsWith('ubmsc', 'homeassistant');

function contextWith(more: Partial<PublisherContext> = {}): PublisherContext {
  return {
    settings: {
      broker: { url: new URL('mqtt://a'), title: 'mqtt://a', user: undefined, password: undefined },
      credentials: {},
      versions: [5],
      format: 'json',
      prefix: 'ubmsc',
      discoveryPrefix: 'homeassistant',
      interval: 10,
      host: 'one',
    },
    topics,
    version: '1',
    published: () => {},
    ...more,
  };
}

/** Takes all messages, and calls `after` with the topic of each before it is confirmed. */
function sink(after: (topic: string) => void = () => {}): Sender & { readonly sent: OutgoingMessage[] } {
  const sent: OutgoingMessage[] = [];
  return {
    sent,
    largest: undefined,
    publish: async (message) => {
      sent.push(message);
      await Promise.resolve(after(message.topic));
    },
  };
}

test('ten hours without a broker: nothing of that time is sent later, only what is true now', async () => {
  const source = new MadeSource();
  const publisher = new BatteryPublisher(ID, contextWith());
  source.observe((event) => event.kind === 'reading' && publisher.add(event.reading));
  const first = sink();
  source.read({ remainPercent: 90 });
  await publisher.update(first, source.statuses[0], source.now());
  for (let second = 0; second < 36_000; second++) {
    source.time += 1000;
    // An alarm that comes and goes must not pile up either.
    source.read({ remainPercent: 90 - second / 1000, alarms: second % 2 ? ['cellOverVoltage'] : [] });
  }
  publisher.restart();
  const link = sink();
  await publisher.update(link, source.statuses[0], source.now());
  const states = link.sent.filter(({ topic }) => topic === topics.state(ID));
  expect(states).toHaveLength(1);
  expect(JSON.parse(states[0]?.payload ?? '')).toMatchObject({ remain_percent: 90 - 35.999 });
  expect(link.sent.filter(({ topic }) => topic === topics.event(ID))).toEqual([]);
});

test('after ten hours without broker and battery only offline is sent', async () => {
  const source = new MadeSource();
  const publisher = new BatteryPublisher(ID, contextWith());
  source.read({ remainPercent: 90 });
  await publisher.update(sink(), source.statuses[0], source.now());
  source.time += 36_000_000;
  publisher.restart();
  const link = sink();
  await publisher.update(link, source.statuses[0], source.now());
  expect(link.sent).toEqual([{ topic: topics.status(ID), payload: 'offline', retain: true, qos: 1 }]);
});

test('settings are sent when they change, not with each record of them', async () => {
  const source = new MadeSource();
  let text = 'one';
  const publisher = new BatteryPublisher(ID, contextWith({ settingsOf: () => ({ text }) }));
  const link = sink();
  const sent = (): readonly string[] =>
    link.sent.filter(({ topic }) => topic === topics.settings(ID)).map(({ payload }) => payload);
  const update = async (): Promise<void> => {
    source.time += 1000;
    const frame = sealFrame('settings', new Uint8Array(FRAME_LENGTH));
    source.read({}, { settings: { frame, variant: 'jk02-32s' } });
    await publisher.update(link, source.statuses[0], source.now());
  };
  await update();
  await update();
  expect(sent()).toEqual(['{"text":"one"}']);
  text = 'two';
  await update();
  expect(sent()).toEqual(['{"text":"one"}', '{"text":"two"}']);
});

test.each(['info', 'status'] as const)(
  'offline that another run of its name says before its %s is confirmed is answered',
  async (topic) => {
    const source = new MadeSource();
    const publisher = new BatteryPublisher(ID, contextWith());
    source.read({ remainPercent: 90 });
    const interrupted = sink((sent) => {
      if (sent === topics[topic](ID)) publisher.contradict();
    });
    await publisher.update(interrupted, source.statuses[0], source.now());
    const link = sink();
    await publisher.update(link, source.statuses[0], source.now());
    expect(link.sent).toContainEqual({ topic: topics.status(ID), payload: 'online', retain: true, qos: 1 });
  },
);

test('a battery that another host has taken over while it was sent is the other one’s', async () => {
  const source = new MadeSource();
  const publisher = new BatteryPublisher(ID, contextWith());
  source.read({ remainPercent: 90 });
  const interrupted = sink((topic) => {
    if (topic === topics.status(ID))
      publisher.learn({ host: 'two', device: 'A', components: {} }, source.now());
  });
  await publisher.update(interrupted, source.statuses[0], source.now());
  expect(publisher.isOurs).toBe(false);
});
