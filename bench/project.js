import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unitIds, writeSpec } from './spec.js';

/** Files that no unit touches. */
const OTHER_FILES = 40;
/** Places of a file, each of which one unit may change. */
const SECTIONS = 4;
const LINES = 20;

/**
 * Makes a project in git with a spec of one group, and agents that play prepared files. Every unit changes its own lines of a
 * file that it shares with up to three others, so that most landings are true merges; its evaluator reports that all is well.
 * @param {{ mode: 'parallel' | 'sequential', units: number, room?: number }} plan `room`: the product has as many files as this many units need
 * @returns {{ dir: string, agents: string }}
 */
export function makeProject(scratch, { mode, units: count, room = count }) {
  const dir = join(scratch, 'project');
  const agents = join(scratch, 'agents');
  const units = unitIds(count);
  const files = Math.ceil(room / SECTIONS);
  for (let file = 0; file < files; file += 1) write(join(dir, pathOf(file)), textOf(file, null));
  for (let index = 0; index < OTHER_FILES; index += 1)
    write(
      join(dir, `docs/page-${index}.md`),
      `# Page ${index}\n\n${'Words about the product.\n'.repeat(40)}`,
    );
  write(join(dir, 'package.json'), '{ "name": "measured", "type": "module", "private": true }\n');
  writeSpec(join(dir, '.start/specs/001-measured'), {
    groups: [{ mode, units }],
    service: '{ start: node server.js, port: 3000, health: / }',
  });
  write(join(dir, 'server.js'), SERVER);
  for (const [index, unit] of units.entries()) {
    const file = index % files;
    const section = Math.floor(index / files);
    write(join(agents, unit, 'code/1', pathOf(file)), textOf(file, section));
    write(join(agents, unit, 'report.txt'), REPORT);
  }
  commitAll(dir);
  return { dir, agents };
}

const write = (file, text) => {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
};

const pathOf = (file) => `src/module-${file}.js`;

/** A module of 4 functions of 20 lines; one of them may be changed. */
const textOf = (file, changed) =>
  Array.from({ length: SECTIONS }, (_, section) =>
    [
      `export function answer${section}(question) {`,
      ...Array.from(
        { length: LINES },
        (__, line) => `  question += 'line ${line} of ${section} in ${file}';`,
      ),
      `  return ${section === changed ? `'changed in ${file}'` : 'question'};`,
      '}\n',
    ].join('\n'),
  ).join('\n');

/** What evaluators would look at. */
const SERVER = `import { createServer } from 'node:http';
createServer((_, response) => response.end('ok')).listen(process.env.PORT, '127.0.0.1');
`;

/** How a live evaluator closes. */
const REPORT = `Satisfaction: 1/1 scenarios (100%)
Passed: it-answers
Failed: none
`;

function commitAll(dir) {
  const git = (...args) =>
    execFileSync(
      'git',
      ['-c', 'user.name=bench', '-c', 'user.email=bench@example.invalid', ...args],
      { cwd: dir },
    );
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message=Start');
}
