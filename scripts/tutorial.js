// Runs docs/tutorial.md: writes the files that it shows, gives its commands to a shell, and puts what they really print in the place of what it says.
// `node scripts/tutorial.js` writes; `--check` compares and ends with 1 when a reader would see something else.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs', 'tutorial.md');
const folder = mkdtempSync(join(tmpdir(), 'tutorial-'));
const project = join(folder, 'guest-book');
/** The prepared agents, at a path that needs no quotes wherever this repository is. */
const tutorial = join(folder, 'agents');
const FENCE =
  /^(?:<!-- file: (?<file>\S+) -->\n\n)?(?<ticks>`{3,4})(?<language>\w+)\n(?<body>[^]*?)\n\k<ticks>$/gm;

const environment = {
  PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
  HOME: folder,
  LANG: 'C.UTF-8',
  CI: 'true',
  TUTORIAL: tutorial,
  GIT_CONFIG_GLOBAL: '/dev/null',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'You'],
      [`GIT_${who}_EMAIL`, 'you@example.com'],
    ]),
  ),
};

/** What differs from run to run, told as a reader may read it. */
const settled = (text) =>
  text
    .replaceAll(tutorial, '$TUTORIAL')
    .replaceAll(folder, '/home/you')
    .replaceAll(/\b\d{8}T\d{6}-[0-9a-f]{4}\b/g, '20260101T120000-c0de')
    .replaceAll(/-\d{13}(?=\.ndjson)/g, '-1767268800000')
    .replaceAll(/\b[0-9a-f]{10}\b/g, '5eed5eed00')
    // On a crowded machine checks may be frozen before the code agent begins.
    .replaceAll(/^before the first iteration\n((?: {2}.*\n)+)iteration 1\n/gm, 'iteration 1\n$1')
    .replaceAll(/^[0-9a-f]{7}(?= )/gm, '5eed5ee')
    .replaceAll(/(?<![:\d])\d?\d:\d\d\b(?!:)/g, '0:10')
    .replaceAll(/\b\d+(?:\.\d+)? [kMG]B\b/g, '1 MB')
    .replaceAll(/used to \d+%/g, 'used to 1%')
    .replaceAll(/, inside as uid \d+ without rights/g, '')
    .replaceAll(/127\.0\.0\.1:\d{4,5}/g, '127.0.0.1:40000')
    .replaceAll(/\b\d+(?:\.\d+)? ?(?:ms|s)\b(?! at most)/g, '1 s')
    .replaceAll(/[ \t]+$/gm, '')
    .trimEnd();

const sorted = (text) => text.split('\n').toSorted().join('\n');

/** One command after the other, each with what it prints on both streams. */
function performed(body) {
  const commands = body.split('\n').filter((line) => line.startsWith('$ '));
  return commands
    .map((line) => {
      const { stdout } = spawnSync('sh', ['-c', `exec 2>&1\n${line.slice(2)}`], {
        cwd: project,
        env: environment,
        encoding: 'utf8',
      });
      return `${line}\n${settled(stdout)}`.trimEnd();
    })
    .join('\n\n');
}

try {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(project);
  cpSync(join(root, 'examples', 'tutorial'), tutorial, { recursive: true });
  const bin = join(root, 'bin', 'implement-factory.js');
  const shim = `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`;
  writeFileSync(join(folder, 'bin', 'implement-factory'), shim, { mode: 0o755 });
  const before = readFileSync(page, 'utf8');
  const after = before.replaceAll(FENCE, (block, ...rest) => {
    const { file, language, body, ticks } = rest.at(-1);
    if (file !== undefined) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), `${body}\n`);
    }
    if (language !== 'console') return block;
    const now = performed(body);
    // What goes on at the same time is told in the order in which it happens to end.
    return sorted(now) === sorted(body) ? block : `${ticks}console\n${now}\n${ticks}`;
  });
  if (after !== before && process.argv.includes('--check')) {
    console.error(
      'docs/tutorial.md shows other output than there is: run `npm run docs:tutorial`.',
    );
    const now = after.split('\n');
    const at = before.split('\n').findIndex((line, index) => line !== now[index]);
    console.error(`first at line ${String(at + 1)}, which is now: ${now[at] ?? ''}`);
    process.exitCode = 1;
  } else writeFileSync(page, after);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
