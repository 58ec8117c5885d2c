export * from './metrics-text.ts';
