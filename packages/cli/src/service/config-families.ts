import { gauge, type Family } from '@ubmsc/exporter';
import type { ConfigState } from './service.ts';

/** How the configuration is, under the names that other exporters use. */
export function configFamilies(
  { successful, time }: ConfigState,
  restartNeeded: readonly string[],
): readonly Family[] {
  return [
    gauge(
      'ubmsc_config_last_reload_successful',
      '1 while the configuration that was read last is in force, 0 when it was not valid',
      Number(successful),
    ),
    gauge(
      'ubmsc_config_last_reload_success_timestamp_seconds',
      'When the configuration in force was read, since 1970-01-01 UTC',
      time,
    ),
    gauge(
      'ubmsc_config_restart_required',
      '1 while the configuration that was read last has changes that need a restart, 0 otherwise',
      Number(restartNeeded.length > 0),
    ),
  ];
}
