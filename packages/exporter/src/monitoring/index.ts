import { alertRules } from './alert-rules.ts';
import { renderDashboard } from './dashboard.ts';
import { cellLimits } from './limits.ts';
import { metricNames } from './metric-names.ts';
import { renderRules } from './prometheus.ts';

export { cellLimits } from './limits.ts';

/** What alert rules and the dashboard are made for. */
export interface MonitoringOptions {
  /** What the names of metrics begin with. */
  readonly prefix?: string | undefined;
  /** What cells the batteries have; it decides at which voltages alerts fire. LFP when left out. */
  readonly chemistry?: keyof typeof cellLimits | undefined;
}

/** Alert rules for Prometheus, as the text of a rule file. */
export function prometheusRules({ prefix, chemistry = 'LFP' }: MonitoringOptions = {}): string {
  return renderRules(alertRules(metricNames(prefix), cellLimits[chemistry]));
}

/** A dashboard for Grafana, as the JSON that it imports. */
export function grafanaDashboard({ prefix }: MonitoringOptions = {}): string {
  return renderDashboard(metricNames(prefix));
}
