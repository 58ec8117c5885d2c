import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Why the tests that need a D-Bus are skipped; undefined where they are not. */
export function withoutBus(): string | undefined {
  return spawnSync('dbus-daemon', ['--version']).status === 0 ? undefined : 'dbus-daemon is not installed';
}

/** A private D-Bus. */
export interface PrivateBus extends AsyncDisposable {
  /** What `DBUS_SYSTEM_BUS_ADDRESS` has to be. */
  readonly address: string;
}

/** Starts a bus on which everybody may do everything, except to call the service that `refuse` names. */
export async function startBus({ refuse }: { readonly refuse?: string } = {}): Promise<PrivateBus> {
  const folder = await mkdtemp(join(tmpdir(), 'ubmsc-bus-'));
  const file = join(folder, 'bus.conf');
  await writeFile(file, configuration(join(folder, 'socket'), refuse));
  const daemon = spawn('dbus-daemon', ['--nofork', '--print-address', `--config-file=${file}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  const lines = createInterface({ input: daemon.stdout });
  const address = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    daemon.once('exit', (code) => reject(new Error(`dbus-daemon ended with ${code}`)));
  });
  return {
    address,
    [Symbol.asyncDispose]: async () => {
      daemon.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(socket: string, refuse: string | undefined): string {
  const refusal = refuse === undefined ? '' : `<deny send_destination="${refuse}"/>`;
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
    <allow send_type="method_call"/>
    ${refusal}
  </policy>
</busconfig>
`;
}
