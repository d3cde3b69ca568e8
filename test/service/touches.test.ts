import { expect, test } from 'vitest';
import { touchesServer } from '../../src/service/index.ts';

test.each([
  'src/server.js',
  'package.json',
  'package-lock.json',
  '.env',
  'config/app.yaml',
  'views/index.html',
  'Dockerfile',
  'latest/x.js',
])('%s asks for a restart', (file) => {
  expect(touchesServer(['README.md', file])).toBe(true);
});

test.each([
  'README.md',
  'docs/a/b.html',
  'test/a.test.js',
  'src/a.spec.ts',
  'packages/x/__tests__/y.js',
  'public/app.js',
  'web/static/logo.bin',
  'src/theme.css',
  'img/a.PNG',
  '.github/workflows/ci.yml',
  '.gitignore',
  'LICENSE',
])('%s does not', (file) => {
  expect(touchesServer([file])).toBe(false);
});

test('no file, no restart; own globs replace the defaults', () => {
  expect(touchesServer([])).toBe(false);
  expect(touchesServer(['docs/a.md'], ['docs/**'])).toBe(true);
  expect(touchesServer(['src/server.js'], ['docs/**'])).toBe(false);
  expect(touchesServer(['src/server.js'], [])).toBe(false);
});
