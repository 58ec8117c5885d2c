import { grafanaDashboard, prometheusRules, type MonitoringOptions } from '@ubmsc/exporter';
import { exitCodes } from '../../exit-codes.ts';
import { print } from '../../output.ts';

/** Prints what watches the metrics of the exporter. */
export async function generate(what: 'rules' | 'dashboard', options: MonitoringOptions): Promise<number> {
  await print(what === 'rules' ? prometheusRules(options) : grafanaDashboard(options));
  return exitCodes.ok;
}
