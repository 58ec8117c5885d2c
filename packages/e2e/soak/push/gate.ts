import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

/** What stands between the exporter and a server: it asks for a password, and may be a captive portal. */
export interface Gate extends AsyncDisposable {
  /** Without a path. */
  readonly url: string;
  password: string;
  isPortal: boolean;
}

/** Opens a gate to a server. */
export async function openGate(target: string, password: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method, url, headers } = incoming;
    const sent = request({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    sent.on('error', () => outgoing.destroy());
    incoming.pipe(sent);
  };
  const server = createServer((incoming, outgoing) => {
    const expected = `Basic ${Buffer.from(`site:${gate.password}`).toString('base64')}`;
    if (gate.isPortal) outgoing.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Welcome</html>');
    else if (incoming.headers.authorization !== expected) outgoing.writeHead(401).end('who are you?');
    else pass(incoming, outgoing);
    incoming.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const gate: Gate = {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    password,
    isPortal: false,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return gate;
}
