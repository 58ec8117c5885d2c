import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stateFolder } from './state-folder.ts';

test('a service keeps its state where systemd says', () => {
  expect(stateFolder({ STATE_DIRECTORY: '/var/lib/ubmsc', XDG_STATE_HOME: '/x' })).toBe('/var/lib/ubmsc');
  expect(stateFolder({ STATE_DIRECTORY: '/var/lib/ubmsc:/var/lib/more' })).toBe('/var/lib/ubmsc');
});

test('a user keeps it where the XDG Base Directory Specification says', () => {
  expect(stateFolder({ XDG_STATE_HOME: '/x' })).toBe(join('/x', 'ubmsc'));
  expect(stateFolder({ XDG_STATE_HOME: '', STATE_DIRECTORY: '' })).toBe(
    join(homedir(), '.local', 'state', 'ubmsc'),
  );
});
