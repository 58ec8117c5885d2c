/** How much an alert matters: act now, act within days. */
export type Severity = 'critical' | 'warning';

/** What the texts of an alert can name. In the rules they are templates of Prometheus, in the tests what these give. */
export interface Subject {
  /** The battery, with its site where that has a name. */
  readonly device: string;
  /** The site, or else the instance. */
  readonly place: string;
  /** The value of the expression, with as many decimals as the rule asks for. */
  readonly value: string;
  /** The label by which the rule tells several alerts of one battery apart. */
  readonly detail: string;
}

/** One alert, with what proves that it fires and that it does not fire for nothing. */
export interface AlertRule {
  readonly name: string;
  readonly expression: string;
  /** How long the expression must hold, as `5m`. */
  readonly for: string;
  readonly severity: Severity;
  /** Decimals of {@link Subject.value}; 0 when left out. */
  readonly decimals?: number;
  /** The label that is {@link Subject.detail}. */
  readonly detail?: string;
  readonly summary: (subject: Subject) => string;
  /** It is about everything that is known, not about a battery or a site. */
  readonly overall?: true;
  /** What it means and what to do. */
  readonly description: string;
  readonly fires: Firing;
  readonly silent: readonly Scenario[];
}

/** Series as they are scraped each minute, and what follows from them. */
export interface Scenario {
  /** A fact, such as `a battery that charges`. */
  readonly title: string;
  /** Values by series in the notation of promtool: `3.3x60` is 3.3 sixty-one times, `1+2x60` grows. */
  readonly series: Readonly<Record<string, string>>;
}

export interface Firing extends Scenario {
  /** The value and the detail that the summary then names. */
  readonly value?: string;
  readonly detail?: string;
  /** Labels that the alert has besides `alertname` and `severity`; `device` alone when left out. */
  readonly labels?: Readonly<Record<string, string>>;
}
