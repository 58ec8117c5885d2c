export { discoveryProblems } from './check-discovery.ts';
