import { writeFile } from 'node:fs/promises';
import { connectAsync, type IClientOptions } from 'mqtt';
import { temporaryFolder } from '../src/command.ts';
import { startServer, type ServerProcess } from './process.ts';

/** Messages of a broker by their topics, the latest of each. */
export type Messages = ReadonlyMap<string, string>;

export interface Mosquitto extends ServerProcess {
  /** URL of the broker, such as `mqtt://127.0.0.1:1883`. */
  readonly broker: string;
  /** What a subscriber reads that comes late: all that the broker keeps. */
  readonly kept: (credentials?: IClientOptions) => Promise<Messages>;
  readonly publish: (topic: string, payload: string, retain?: boolean) => Promise<void>;
  /** Listens from now on, as a program does that was there before. */
  readonly listen: () => Promise<Listener>;
}

export interface Listener extends AsyncDisposable {
  /** The latest message of each topic. */
  readonly messages: Messages;
  /** How many messages of a topic have come. */
  readonly count: (topic: string) => number;
}

/** How long messages that are kept may take, in milliseconds: the broker sends them after the subscription. */
const KEPT_TIME = 500;

/** Debian's mosquitto on a free port, without persistence; `lines` are those of its configuration file. */
export async function startMosquitto(...lines: readonly string[]): Promise<Mosquitto> {
  const folder = await temporaryFolder();
  const isOpen = !lines.some((line) => line.startsWith('password_file'));
  let broker = '';
  const server = await startServer({
    command: 'mosquitto',
    args: (port) => {
      broker = `mqtt://127.0.0.1:${port}`;
      return ['-c', folder.file(`${port}.conf`)];
    },
    prepare: async (port) => {
      const text = [
        `listener ${port} 127.0.0.1`,
        `allow_anonymous ${isOpen}`,
        'persistence false',
        'user root',
        ...lines,
      ];
      await writeFile(folder.file(`${port}.conf`), `${text.join('\n')}\n`);
    },
  });
  return {
    ...server,
    broker,
    kept: async (credentials) => {
      await using listener = await listen(broker, true, credentials);
      await new Promise((resolve) => setTimeout(resolve, KEPT_TIME));
      return new Map(listener.messages);
    },
    listen: async () => await listen(broker, false),
    publish: async (topic, payload, retain = false) => {
      const client = await connectAsync(broker);
      await client.publishAsync(topic, payload, { qos: 1, retain });
      await client.endAsync();
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function listen(broker: string, kept: boolean, credentials: IClientOptions = {}): Promise<Listener> {
  const client = await connectAsync(broker, { protocolVersion: 4, ...credentials });
  const messages = new Map<string, string>();
  const counts = new Map<string, number>();
  client.on('message', (topic, payload, { retain }) => {
    if (kept && !retain) return;
    messages.set(topic, payload.toString());
    counts.set(topic, (counts.get(topic) ?? 0) + 1);
  });
  client.on('error', () => {});
  await client.subscribeAsync('#', { qos: 1 });
  return {
    messages,
    count: (topic) => counts.get(topic) ?? 0,
    [Symbol.asyncDispose]: async () => await client.endAsync(true),
  };
}
