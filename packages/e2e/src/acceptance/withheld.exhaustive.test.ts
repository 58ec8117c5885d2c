import { testWithheld } from './test-withheld.ts';

testWithheld(false);
