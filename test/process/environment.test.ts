import { expect, test } from 'vitest';
import { BASE_ENVIRONMENT, environment } from '../../src/process/index.ts';

test('only what is allowed is passed on; what is added wins', () => {
  const source = { PATH: '/bin', LC_ALL: 'C', AWS_SECRET_ACCESS_KEY: 'x', TZ: undefined, LC: 'no' };
  expect(environment(source, BASE_ENVIRONMENT)).toEqual({ PATH: '/bin', LC_ALL: 'C' });
  expect(environment(source, ['AWS_*', 'PATH'], { PATH: '/usr/bin', PORT: '1' })).toEqual({
    AWS_SECRET_ACCESS_KEY: 'x',
    PATH: '/usr/bin',
    PORT: '1',
  });
});

test('the base holds nothing that injects code or opens a door', () => {
  const source = Object.fromEntries(
    ['NODE_OPTIONS', 'LD_PRELOAD', 'ANTHROPIC_API_KEY', 'GIT_DIR', 'CLAUDECODE'].map((n) => [
      n,
      'x',
    ]),
  );
  expect(environment(source, BASE_ENVIRONMENT)).toEqual({});
});
