import { randomUUID } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { chown, lchown, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { startModelServer } from '../rig/model-server.ts';
import type { ModelRequest, ModelServer, Script, Turn } from '../rig/model-server.ts';
import { BIN, Project } from '../rig/project.ts';
import { startResponsesServer } from '../rig/responses-server.ts';
import { behindWall } from '../rig/sandbox.ts';
import { CLAUDES } from './claudes.ts';

interface RealAgent {
  readonly title: string;
  /** As `--agent` takes it. */
  readonly choice: string;
  readonly command: string;
  readonly binary: string;
  readonly api: 'ANTHROPIC' | 'OPENAI';
  readonly serve: (script: Script) => Promise<ModelServer>;
  readonly shell: (command: string) => Turn;
  readonly answer: (checks: object) => Turn;
  readonly keyOf: (request: ModelRequest) => unknown;
}

const AGENTS: readonly RealAgent[] = [
  ...CLAUDES.map(({ version, binary }): RealAgent => ({
    title: `claude (${version})`,
    choice: 'claude',
    command: 'claude',
    binary,
    api: 'ANTHROPIC',
    serve: startModelServer,
    shell: (command) => ({
      use: [{ name: 'Bash', input: { command, description: 'a step' } }],
    }),
    answer: (checks) => ({ use: [{ name: 'StructuredOutput', input: checks }] }),
    keyOf: ({ headers }) => headers['x-api-key'],
  })),
  {
    title: 'codex',
    choice: 'codex:gpt-5.5',
    command: 'codex',
    binary: fileURLToPath(new URL('node_modules/.bin/codex', import.meta.url)),
    api: 'OPENAI',
    serve: startResponsesServer,
    shell: (cmd) => ({ use: [{ name: 'exec_command', input: { cmd } }] }),
    answer: (checks) => ({ say: JSON.stringify(checks) }),
    keyOf: ({ headers }) => headers.authorization?.replace('Bearer ', ''),
  },
];

const isRoot = process.getuid?.() === 0;
const ORDINARY = 1000;
/** Who starts it: this user, or for a root somebody else too. `inside`: who its processes are in the sandbox. */
const USERS: readonly (readonly [who: string, uid: number | null, inside: number])[] = isRoot
  ? [
      ['root', null, 60_900],
      ['a normal user', ORDINARY, ORDINARY],
    ]
  : [['a normal user', null, process.getuid?.() ?? -1]];

/** The folder and all that is in it becomes somebody's. */
async function give(folder: string, uid: number): Promise<void> {
  await chown(folder, uid, uid);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of entries) await lchown(join(parentPath, name), uid, uid);
}

/** Looks for the key wherever an agent could; its pattern does not find itself. */
const LOOK = `mkdir -p posts && echo right > posts/1.txt
env; tr '\\0' '\\n' < /proc/1/environ
grep -rhsao 'sk-[0-9a-z-]*[-]REAL' /proc/[0-9]*/environ /proc/[0-9]*/cmdline "$HOME" . /tmp /run /dev/shm
echo "LOOKED as $(id -u)"`;

const BLIND = 'BLIND: ';

behindWall('in the sandbox', () => {
  describe.each(AGENTS)('$title', (agent) => {
    test.each(USERS)(
      'started by %s, writes code and checks, and never holds the key',
      async (_, uid, inside) => {
        await using project = await Project.minimal({ checks: 'authored' });
        const check = join(project.root, 'scripted/sign-1/checks/reads-as-agreed.mjs');
        const code = await readFile(check, 'utf8');
        await using server = await agent.serve(({ turn, prompt, sent }) => {
          if (sent.includes('as the holdout says'))
            return agent.answer({ checks: [{ scenario: 'reads-as-agreed', code }] });
          if (!prompt.includes('# Build: ')) return { say: 'a title' };
          return turn === 0
            ? agent.shell(`${LOOK}; ls '${project.dir}' || echo '${BLIND}'"$?"`)
            : { say: 'Status: done' };
        });
        const bin = join(project.root, 'bin');
        await mkdir(bin);
        symlinkSync(agent.binary, join(bin, agent.command));
        if (uid !== null) await give(project.root, uid);

        const key = `sk-ant-api03-${randomUUID()}-REAL`;
        const as =
          uid === null ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
        const [file, ...args] = [...as, process.execPath, BIN, 'run', '--json'];
        const { exitCode, stdout, stderr } = await execa(
          file,
          [...args, '--barrier', 'auto', '--agent', agent.choice, '--evaluator', agent.choice],
          {
            cwd: project.dir,
            env: {
              ...project.env(),
              PATH: `${bin}:${process.env['PATH'] ?? ''}`,
              [`${agent.api}_BASE_URL`]: server.url,
              [`${agent.api}_API_KEY`]: key,
            },
            extendEnv: false,
            reject: false,
          },
        );
        expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
        expect(Project.events(stdout).find(({ type }) => type === 'barrier.opened')).toMatchObject({
          tier: 'bwrap',
        });
        // It looked from inside and found nothing; on the way out the key is on every call.
        const looked = server.requests.filter(({ sent }) => sent.includes('LOOKED as'));
        expect(looked.at(-1)?.sent).toContain(`LOOKED as ${inside}`);
        expect(looked.at(-1)?.sent).toContain(`${BLIND}2`);
        expect(server.requests.filter(({ sent }) => sent.includes(key))).toEqual([]);
        expect(new Set(server.requests.map(agent.keyOf))).toEqual(new Set([key]));
        expect(stdout + stderr).not.toContain(key);
        expect(await project.filesWith(key)).toEqual([]);
      },
    );
  });
});
