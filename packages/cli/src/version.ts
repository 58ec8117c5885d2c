import { createRequire } from 'node:module';
import { release } from 'node:os';

/** Version of the command; the bundler puts it here. */
export const version = process.env['UBMSC_VERSION'] ?? 'development';

/** On what it runs: Node, system, and whether the binding to Bluetooth controllers is there. */
export function platformText(): string {
  const facts = {
    node: `${process.version} (V8 ${process.versions.v8}, ABI ${process.versions.modules})`,
    platform: `${process.platform} ${release()} ${process.arch}`,
    bluetooth: bindingText(),
  };
  return Object.entries(facts)
    .map(([name, value]) => `${name.padEnd(9)} ${value}\n`)
    .join('');
}

function bindingText(): string {
  const name = '@abandonware/bluetooth-hci-socket';
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return `${name} is missing`;
  }
}
