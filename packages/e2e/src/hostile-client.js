// A process that makes as many connections as it is told to, and does not behave on any of them. It tells its parent
// when all were made; to close them is left to the server.
import { connect } from 'node:net';

const [port = 0, count = 0] = process.argv.slice(2).map(Number);

const head = 'GET /metrics HTTP/1.1\r\nHost: a\r\n';

/** What is sent on a connection, in turn: nothing, a head without an end, a request whose answer nobody takes in. */
const ways = ['', head, '', head, '', head, `${head}\r\n`];

/** So many connections every 10 ms. Of more than a server can accept, the kernel lets some wait for seconds. */
const AT_ONCE = 8;

let begun = 0;
let over = 0;

function open() {
  const way = ways[begun++ % ways.length] ?? '';
  const socket = connect(port, '127.0.0.1', () => {
    if (way !== '') socket.write(way);
  });
  // A reset is one way in which a server closes.
  socket.once('error', () => {});
  const end = () => {
    socket.off('connect', end).off('close', end);
    if (++over === count) process.send?.('made');
  };
  socket.once('connect', end).once('close', end);
}

const timer = setInterval(() => {
  for (let index = 0; index < AT_ONCE && begun < count; index++) open();
  if (begun === count) clearInterval(timer);
}, 10);
process.once('disconnect', () => process.exit());
