import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Pusher } from '@ubmsc/exporter';
import type { GeneralOptions } from '../../command-line/general-options.ts';
import { labelsOf } from '../labels.ts';
import { logLine } from '../log-line.ts';
import type { Output } from '../output.ts';
import { pushDetails, type PushOptions } from './options.ts';
import { checkPushFiles, pushEndpoint, pushSettings, pushUrls } from './settings.ts';

/** Pushes metrics at an interval. */
export const push: Output<GeneralOptions & PushOptions> = {
  idle: { options: pushDetails, hint: 'nothing is pushed: add --push-url, or --push' },
  isWanted: (options) => options.pushUrl !== undefined || options.push === true,
  each: (settings) => {
    const { pushUrl, url, buffer } = settings.options;
    // Each has a buffer of its own. The first keeps the folder that it has when it is alone.
    return pushUrls({ pushUrl, url }).map((each, index) => ({
      ...settings,
      options: {
        ...settings.options,
        pushUrl: each,
        buffer: buffer === undefined || index === 0 ? buffer : join(buffer, shortHash(each)),
      },
    }));
  },
  prepare: async ({ options, environment }) => {
    const { scrapeInterval, pushInterval = scrapeInterval, buffer } = options;
    const [url = ''] = pushUrls(options);
    const endpoint = pushEndpoint(url, options);
    const request = pushSettings(options, environment);
    await checkPushFiles(request);
    const own = options.pushLabel && labelsOf('--push-label', options.pushLabel);
    return async ({ subject, version, labels, metrics }) => {
      const pusher = await Pusher.open({
        ...request,
        endpoint,
        version,
        page: () => metrics(true).page(),
        labels: own && Object.fromEntries(Object.entries(own).filter(([name]) => !(name in labels))),
        allow: options.pushAllow,
        deny: options.pushDeny,
        interval: pushInterval * 1000,
        site: labels['site'] ?? hostname(),
        buffer: { folder: buffer },
        order: options.pushOrder,
        share: (options.pushShare ?? 100) / 100,
        log: logLine,
      });
      return {
        announcement: `metrics of ${subject} are pushed to ${endpoint.title}`,
        target: endpoint.title,
        families: () => pusher.families(),
        problem: () => pusher.problem,
        [Symbol.asyncDispose]: async () => await pusher[Symbol.asyncDispose](),
      };
    };
  },
};

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
