import { casesOfLinks } from './cases-of-links.ts';
import { checkCases } from './check-cases.ts';

checkCases(casesOfLinks);
