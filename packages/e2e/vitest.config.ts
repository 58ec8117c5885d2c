import { mergeConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

// These tests mostly wait for processes and batteries: more of them fit onto the processors than there are.
export default mergeConfig(base, { test: { maxWorkers: 4 } });
