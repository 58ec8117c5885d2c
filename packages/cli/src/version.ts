import { release } from 'node:os';
import { hintInOptions } from './hints.ts';

/** Version of the command; the bundler puts it here. */
export const version = process.env['UBMSC_VERSION'] ?? 'development';

/** On what it runs: Node, system, and whether the native part that reaches Bluetooth controllers loads. */
export async function platformText(): Promise<string> {
  const facts = {
    node: `${process.version} (V8 ${process.versions.v8}, ABI ${process.versions.modules})`,
    platform: `${process.platform} ${release()} ${process.arch}`,
    bluetooth: await bluetoothText(),
  };
  return Object.entries(facts)
    .map(([name, value]) => `${name.padEnd(9)} ${value}\n`)
    .join('');
}

async function bluetoothText(): Promise<string> {
  const { problemOfNativePart } = await import('./doctor/host.ts');
  const problem = problemOfNativePart();
  return problem ? `${problem.message}; ${hintInOptions(problem.hint)}` : 'the native part loads';
}
