import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { script, simulator, temporaryFolder } from '../src/command.ts';

const unit = readFileSync(new URL('../../../deploy/systemd/ubmsc.service', import.meta.url), 'utf8');

/** What a manager of a user cannot give: a user of its own, and capabilities. */
const forSystemOnly =
  /^(User|Group|AmbientCapabilities|CapabilityBoundingSet|StateDirectory|ConfigurationDirectory|WorkingDirectory|MemoryMax|DevicePolicy)=.*\n/gm;

/** Starts a service manager in a mount namespace of its own, and does `steps` with a function `show` and the unit. */
const driver = (steps: string): string => `
set -eu
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/user/0/systemd/user
cp "$UNIT" /run/user/0/systemd/user/ubmsc.service
export XDG_RUNTIME_DIR=/run/user/0
/lib/systemd/systemd --user >/dev/null 2>&1 &
manager=$!
trap 'systemctl --user stop ubmsc || true; kill $manager; wait $manager || true' EXIT
for i in $(seq 100); do [ -S /run/user/0/systemd/private ] && break; sleep 0.1; done
show() { systemctl --user show ubmsc --value -p "$1"; }
# Prints what a property has become, as soon as it is that, or what it is after 20 s.
becomes() { for i in $(seq 100); do [ "$(show "$1")" = "$2" ] && break; sleep 0.2; done; echo "$1=$(show "$1")"; }
${steps}`;

const possible =
  spawnSync('unshare', ['-m', 'true']).status === 0 &&
  spawnSync('/lib/systemd/systemd', ['--version']).status === 0;

describe.skipIf(!possible)(
  `a service manager${possible ? '' : ' (skipped: there is none, or no right to start one)'}`,
  () => {
    let lines: readonly string[] = [];

    beforeAll(async () => {
      await using folder = await temporaryFolder();
      await using batteries = await simulator('--batteries', '2');
      const unitFile = folder.file('ubmsc.service');
      const config = folder.file('config.toml');
      const both = folder.file('both.toml');
      const bad = folder.file('bad.toml');
      const settings = `adapter = "${batteries.adapter}"\nurl = "http://127.0.0.1:0/metrics"\n`;
      await writeFile(config, `${settings}[[battery]]\ndevice = "UPS_BMS"\n`);
      await writeFile(
        both,
        `${settings}[[battery]]\ndevice = "UPS_BMS"\n[[battery]]\ndevice = "UPS_BMS_2"\n`,
      );
      await writeFile(bad, 'frobnicate = 1\n');
      const changed = unit
        .replace(forSystemOnly, '')
        .replace(
          'ExecStart=/usr/bin/ubmsc export',
          `Environment=UBMSC_CONFIG=${config}\nExecStart=${process.execPath} ${script} export`,
        )
        .replace(/^(ProtectHome|PrivateTmp)=.*\n/gm, '') // the checkout and the batteries may be there
        .replace('WatchdogSec=120', 'WatchdogSec=6');
      await writeFile(unitFile, changed);
      const steps = `
systemctl --user start ubmsc; echo "started"
show ActiveState
becomes StatusText '1/1 battery live'
main=$(show MainPID)
cp ${both} ${config}; systemctl --user reload ubmsc; echo "reloaded"
becomes StatusText '2/2 batteries live'
cp ${bad} ${config}; systemctl --user reload ubmsc; sleep 1; echo "reloaded with what is not valid"
show ActiveState; show StatusText
[ "$main" = "$(show MainPID)" ] && echo "the same process"
cp ${both} ${config}
sleep 8; echo "a time longer than that of the watchdog"; show NRestarts
kill -STOP $main; echo "the process hangs"
becomes NRestarts 1
becomes StatusText '2/2 batteries live'
systemctl --user stop ubmsc; echo "stopped"
show Result; show ActiveState`;
      const { stdout } = await promisify(execFile)(
        'unshare',
        ['-m', '--propagation', 'private', 'bash', '-c', driver(steps)],
        {
          env: { ...process.env, UNIT: unitFile },
          timeout: 110_000,
        },
      );
      lines = stdout.trim().split('\n');
    }, 120_000);

    /** The lines after a line. */
    const after = (line: string, count: number): readonly string[] => {
      const at = lines.indexOf(line);
      return at < 0
        ? [`there is no ${JSON.stringify(line)} in ${lines.join(' | ')}`]
        : lines.slice(at + 1, at + 1 + count);
    };

    test('is told when the exporter is ready, and how many batteries are live', () => {
      expect(after('started', 2)).toEqual(['active', 'StatusText=1/1 battery live']);
    });

    test('reloads the configuration', () => {
      expect(after('reloaded', 1)).toEqual(['StatusText=2/2 batteries live']);
    });

    test('finds the service running on as before when the configuration is not valid', () => {
      expect(after('reloaded with what is not valid', 3)).toEqual([
        'active',
        '2/2 batteries live',
        'the same process',
      ]);
    });

    test('hears from the watchdog while batteries are read, and restarts a process that hangs', () => {
      expect(after('a time longer than that of the watchdog', 1)).toEqual(['0']);
      expect(after('the process hangs', 2)).toEqual(['NRestarts=1', 'StatusText=2/2 batteries live']);
    });

    test('stops the service without an error', () => {
      expect(after('stopped', 2)).toEqual(['success', 'inactive']);
    });
  },
);
