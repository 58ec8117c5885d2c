import { readdirSync, readFileSync } from 'node:fs';
import { counter, family, gauge, type Family } from './family.ts';

/**
 * What Prometheus's own libraries tell of a process, under the same names
 * (https://prometheus.io/docs/instrumenting/writing_clientlibs/#standard-and-runtime-collectors). Those that prom-client
 * tells of Node besides are many, and some have names that `promtool check metrics` objects to.
 */
export function processFamilies(): readonly Family[] {
  const { user, system } = process.cpuUsage();
  const startTime = (performance.timeOrigin / 1000).toFixed(3);
  return [
    counter('process_cpu_seconds_total', 'Time of the processor, user and system', (user + system) / 1e6),
    gauge('process_resident_memory_bytes', 'Resident memory', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'Start of the process since 1970-01-01 UTC', Number(startTime)),
    gauge('process_open_fds', 'Open file descriptors', openFiles()),
    gauge('process_max_fds', 'Most file descriptors that may be open', mostOpenFiles()),
    family('gauge', 'nodejs_version_info', 'Version of Node.js; always 1', [
      [{ version: process.version }, 1],
    ]),
  ];
}

/** Undefined where there is no procfs. */
function openFiles(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length - 1; // reading the folder opens one itself
  } catch {
    return undefined;
  }
}

function mostOpenFiles(): number | undefined {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const [, most] = /^Max open files +(\d+)/m.exec(limits) ?? [];
    return most === undefined ? undefined : Number(most);
  } catch {
    return undefined;
  }
}
