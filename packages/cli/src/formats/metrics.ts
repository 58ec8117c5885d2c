import { metricsText } from '@ubmsc/exporter';
import type { Renderer } from './result.ts';

export const metrics: Renderer = ({ devices }, { groups, metricPrefix }) =>
  metricsText(
    devices.map(({ device, deviceInfo, reading }) => ({
      device,
      deviceInfo: groups.includes('deviceInfo') ? deviceInfo : undefined,
      reading: groups.includes('cellData') ? reading : undefined,
    })),
    { prefix: metricPrefix },
  );
