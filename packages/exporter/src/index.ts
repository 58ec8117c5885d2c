export * from './exporter.ts';
export * from './http/metrics-url.ts';
export * from './http/routes.ts';
export * from './http/serve.ts';
export * from './log.ts';
export * from './metrics/family.ts';
export * from './metrics/metrics-text.ts';
export * from './monitoring/index.ts';
