import { parsePushUrl, Pusher } from '@ubmsc/exporter';
import { pushOptions } from '../command-line/options.ts';
import { pushCredentials } from '../commands/push-credentials.ts';
import { logLine } from './log-line.ts';
import type { Output } from './output.ts';

/** Pushes metrics at an interval. */
export const push: Output = {
  idle: { options: pushOptions, hint: 'nothing is pushed: add --push-url, or --push' },
  isWanted: (options) => options.pushUrl !== undefined || options.push === true,
  prepare: async ({ options, environment }) => {
    const { url, pushUrl, protobuf, scrapeInterval, buffer } = options;
    const endpoint = parsePushUrl(pushUrl ?? url, { protobuf });
    return async ({ subject, version, metrics }) => {
      const pusher = await Pusher.open({
        endpoint,
        credentials: pushCredentials(options, environment),
        version,
        page: () => metrics(true).page(),
        interval: scrapeInterval * 1000,
        buffer: { folder: buffer },
        log: logLine,
      });
      return {
        announcement: `metrics of ${subject} are pushed to ${endpoint.title}`,
        target: endpoint.title,
        families: () => pusher.families(),
        [Symbol.asyncDispose]: async () => await pusher[Symbol.asyncDispose](),
      };
    };
  },
};
