export * from './metrics-text.ts';
export * from './monitoring/index.ts';
