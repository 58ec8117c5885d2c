// A process that attacks the exporter at PORT in one WAY, until its parent goes. It tells its parent when it has begun.
import { connect } from 'node:net';

const [port = '', way = ''] = process.argv.slice(2);

/** @type {(path: string, more?: string) => string} */
const get = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;

let guesses = 0;
const guess = () => {
  const credentials = Buffer.from(`prometheus:guess ${guesses++}`).toString('base64');
  return get('/metrics', `Authorization: Basic ${credentials}\r\n`);
};

/**
 * How many connections, and what is sent on each when it is open and when an answer has come.
 *
 * @type {Readonly<Record<string, { connections: number, first: () => string, next: () => string }>>}
 */
const ways = {
  passwords: { connections: 45, first: guess, next: guess },
  probes: { connections: 41, first: () => get('/probe?target=AWAY'), next: () => get('/probe?target=AWAY') },
  pipelining: { connections: 20, first: () => get('/metrics').repeat(1000), next: () => '' },
};

const { connections, first, next } = ways[way] ?? { connections: 0, first: () => '', next: () => '' };

function open() {
  const socket = connect({ port: Number(port), host: '127.0.0.1' }, () => void socket.write(first()));
  socket.on('data', () => void socket.write(next()));
  // A server that closes the connection is attacked on the next one.
  socket.on('error', () => {}).once('close', () => setTimeout(open, 5));
}

for (let index = 0; index < connections; index++) open();
setTimeout(() => process.send?.('begun'), 500);
process.once('disconnect', () => process.exit());
