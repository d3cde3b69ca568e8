import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeAgent } from './command.ts';
import type { Project } from './project.ts';

export interface Minimal {
  /** How many units. Unit `sign-<n>` wants the word `right` in `posts/<n>.txt`. Default 1. */
  readonly units?: number;
  readonly mode?: 'parallel' | 'sequential';
  /** Each unit in a group of its own, after the one before. */
  readonly chain?: boolean;
  /** How many code runs of a unit, by its number, leave the wrong word. */
  readonly wrong?: Readonly<Record<number, number>>;
  readonly maxIterations?: number;
  /** Frontmatter for the service; with one, checks ask for `/<n>`. Default `service: none`. */
  readonly service?: string;
  /**
   * What a scenario is executed by. Default `stub`: a shell stub beside it, run as it is, so that most of a run does not go into starting
   * Node.js for each attempt. `authored`: a check on the kit, which a prepared author hands in.
   */
  readonly checks?: 'stub' | 'authored';
  /** Directory of the spec. Default `001-signs`. */
  readonly spec?: string;
}

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'cli');

/** A project whose product is one text file per unit, so that nothing in a run takes time but the run. */
export async function layOutMinimal(project: Project, options: Minimal): Promise<void> {
  const { wrong = {}, spec = '001-signs' } = options;
  const numbers = Array.from({ length: options.units ?? 1 }, (_, index) => index + 1);
  const dir = `.start/specs/${spec}`;
  await project.write('README.md', '# Signs\n');
  await project.write('lib/serve.mjs', SERVER);
  await project.write(`${dir}/manifest.md`, manifestOf(numbers, options));
  for (const n of numbers) {
    await project.write(`${dir}/units/sign-${n}.md`, unitOf(n));
    await project.write(`${dir}/scenarios/sign-${n}/${SCENARIO}.md`, scenarioOf(n));
    const played = join(scriptedOf(project), `sign-${n}`);
    const runs = wrong[n] ?? 0;
    if (runs > 0) await put(join(played, `code/1/posts/${n}.txt`), 'wrong\n');
    await put(join(played, `code/${runs + 1}/posts/${n}.txt`), 'right\n');
    const isServed = options.service !== undefined;
    const check = isServed ? httpCheck(n) : fileCheck(n);
    await put(join(played, `checks/${SCENARIO}.mjs`), check);
    if (options.checks !== 'authored')
      await project.write(
        `${dir}/scenarios/sign-${n}/e2e-stubs.md`,
        stubOf(n, isServed ? httpStub(n) : fileStub(n)),
      );
  }
}

/** Folder with the prepared files of a minimal project; outside of it, as an agent's files are. */
const scriptedOf = ({ root }: Project): string => join(root, 'scripted');

/** Flags that let prepared files play both agents. */
export const scripted = (project: Project): string[] => [
  '--agent',
  `scripted:${scriptedOf(project)}`,
];

/** Where a `desk` agent writes down what it was told, and looks whether it shall wait. */
export const deskOf = ({ root }: Project): string => join(root, 'desk');

/** Flags that let a program of ours code the prepared files: it records its prompts and can be held, for which it must leave any sandbox. */
export const desk = (project: Project): string[] => [
  '--agent',
  nodeAgent(join(FIXTURES, 'desk-agent.mjs'), scriptedOf(project), deskOf(project)),
  '--evaluator',
  `scripted:${scriptedOf(project)}`,
  '--barrier',
  'advisory',
];

/** The same without a desk, which works behind a wall too: what it does depends on nothing but its prompt. */
export const deskless = (project: Project): string[] => [
  '--agent',
  nodeAgent(join(FIXTURES, 'desk-agent.mjs'), scriptedOf(project)),
  '--agent-path',
  scriptedOf(project),
  '--evaluator',
  `scripted:${scriptedOf(project)}`,
];

/** The desk agent waits at its work on a unit until it is let go. */
export async function hold(project: Project, unit: string): Promise<void> {
  await put(join(deskOf(project), 'hold', unit), '');
}

export const letGo = (project: Project, unit: string): Promise<void> =>
  rm(join(deskOf(project), 'hold', unit), { force: true });

const SCENARIO = 'reads-as-agreed';

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

function manifestOf(numbers: readonly number[], options: Minimal): string {
  const { chain = false, mode = 'sequential', maxIterations = 3 } = options;
  const units = numbers.map((n) => {
    const after = chain && n > 1 ? `after: sign-${n - 1}` : 'no dependencies';
    return `- [ ] sign-${n}: Sign number ${n} — ${after}`;
  });
  const groups = chain
    ? numbers.map((n) => `Group ${n} (${mode}): sign-${n}`)
    : [`Group 1 (${mode}): ${numbers.map((n) => `sign-${n}`).join(', ')}`];
  const service = options.service ?? 'service: none';
  return `---
title: Signs
status: pending
threshold: 1
max_iterations: ${maxIterations}
${service}
---

Prose of a person.

## Units

${units.join('\n')}

## Execution Order

${groups.join('\n')}
`;
}

const unitOf = (n: number): string =>
  `# Sign number ${n}\n\n\`cat posts/${n}.txt\` says what was agreed on in the office; so does \`GET /${n}\`.\n`;

const scenarioOf = (n: number): string =>
  `# Sign ${n} reads as agreed\n\nWhen somebody reads post ${n} they see the word \`right\`, as the holdout says.\n`;

const stubOf = (n: number, code: string): string =>
  `---\nunit: sign-${n}\nframework: shell\n---\n\n# Stubs of sign ${n}\n\n## Stubs\n\n### ${SCENARIO}\n\n\`\`\`sh\n${code}\n\`\`\`\n`;

const fileStub = (n: number): string => `[ "$(cat posts/${n}.txt)" = right ]`;

/** HTTP in plain bash. */
const httpStub = (n: number): string => `exec 3<>"/dev/tcp/127.0.0.1/$PORT"
printf 'GET /${n} HTTP/1.0\\r\\n\\r\\n' >&3
answer="$(timeout 2 cat <&3)"
[[ $answer == 'HTTP/1.1 200'* && $answer == *right* ]]`;

const fileCheck = (n: number): string => `export default async function check(kit) {
  const { stdout } = await kit.run(['cat', 'posts/${n}.txt']);
  kit.assert.equal(stdout, 'right\\n');
}
`;

const httpCheck = (n: number): string => `export default async function check(kit) {
  const answer = await kit.get('/${n}');
  kit.assert.equal(answer.text, 'right\\n');
}
`;

const SERVER = `import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

createServer((request, response) => {
  if (request.url === '/') return response.end('signs');
  try {
    response.end(readFileSync(new URL('../posts' + request.url + '.txt', import.meta.url)));
  } catch {
    response.writeHead(404).end();
  }
}).listen(process.env.PORT, '127.0.0.1');
`;
