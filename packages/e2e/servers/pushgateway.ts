import { startServer, type ServerProcess } from './process.ts';

/** One group of a Pushgateway. */
export interface PushedGroup {
  readonly labels: Readonly<Record<string, string>>;
  /** Values by the name of the metric, each with its labels. */
  readonly series: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

export interface Pushgateway extends ServerProcess {
  readonly groups: () => Promise<readonly PushedGroup[]>;
}

export async function startPushgateway(): Promise<Pushgateway> {
  const server = await startServer({
    command: 'prometheus-pushgateway',
    ready: '/-/ready',
    args: (port) => [`--web.listen-address=127.0.0.1:${port}`, '--persistence.file=', '--log.level=warn'],
  });
  return { ...server, groups: async () => await groups(server.url) };
}

interface Answer {
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

interface Metric {
  readonly metrics: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: string }[];
}

async function groups(url: string): Promise<readonly PushedGroup[]> {
  const { data }: Answer = JSON.parse(await (await fetch(`${url}/api/v1/metrics`)).text());
  return data.map((group) => ({
    labels: isLabels(group['labels']) ? group['labels'] : {},
    series: Object.entries(group).flatMap(([name, metric]) =>
      isMetric(metric)
        ? metric.metrics.map(({ labels, value }) => ({ name, labels, value: Number(value) }))
        : [],
    ),
  }));
}

function isLabels(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null;
}

function isMetric(value: unknown): value is Metric {
  return typeof value === 'object' && value !== null && 'metrics' in value;
}
