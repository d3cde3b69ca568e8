import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { nodeAgent } from '../rig/command.ts';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';
import { behindWall } from '../rig/sandbox.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/wall/', import.meta.url));

/** A machine on which bubblewrap is installed, and not allowed to do anything. */
async function refusing(project: Project): Promise<Record<string, string>> {
  const bin = join(project.root, 'bin');
  await mkdir(bin, { recursive: true });
  await cp(join(FIXTURES, 'refusing-bwrap'), join(bin, 'bwrap'));
  await chmod(join(bin, 'bwrap'), 0o755);
  return { PATH: `${bin}:${process.env['PATH'] ?? ''}`, IMPLEMENT_FACTORY_BARRIER: 'auto' };
}

describe('where no sandbox works', () => {
  test('a run refuses, and says how to make it work; advisory it goes, and says so everywhere', async () => {
    await using project = await Project.minimal();
    const env = await refusing(project);
    const refused = await project.cli(['run', ...scripted(project)], { env });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('No permissions to create new namespace');
    expect(refused.stderr).toMatch(/sysctl|docker run/);
    expect(refused.stderr).toContain('--barrier advisory');
    expect(
      (await project.cli(['run', '--barrier', 'strict', ...scripted(project)], { env })).code,
    ).toBe(2);

    const ran = await project.cli(['run', '--barrier', 'advisory', ...scripted(project)], { env });
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringMatching(/^Barrier: ADVISORY, /m)]);
    const status = await project.cli(['status']);
    expect(status.stdout).toMatch(/^barrier: ADVISORY, /m);
    const { stdout } = await project.cli(['status', '--json']);
    const advisory = { barrier: { mode: 'advisory', tier: 'advisory' } };
    expect(JSON.parse(stdout)).toMatchObject(advisory);
    const report = async (format: string) =>
      (await project.cli(['report', '--format', format])).stdout;
    for (const format of ['html', 'md', 'junit'])
      expect(await report(format)).toContain('ADVISORY, blind workspaces and no sandbox');
    expect(JSON.parse(await report('json'))).toMatchObject(advisory);
  });

  test('doctor tells why, and how it is made to work', async () => {
    await using project = await Project.minimal();
    const { stdout } = await project.cli(['doctor'], { env: await refusing(project) });
    expect(stdout).toMatch(/^! sandbox +.*No permissions to create new namespace/m);
    expect(stdout).toContain('--barrier advisory');
  });
});

test('the demo goes on without a sandbox, plainly, and leaves the repository alone whose hook started it', async () => {
  await using project = await Project.minimal();
  const head = await project.git('rev-parse', 'HEAD');
  const git = join(project.dir, '.git');
  const hook = { GIT_DIR: git, GIT_INDEX_FILE: join(git, 'index') };
  const { code, stderr } = await project.cli(['demo', '002'], {
    env: { ...(await refusing(project)), ...hook },
  });
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^barrier: ADVISORY, .*no sandbox works here/m),
  ]);
  expect(stderr).toContain('branch factory/002-word-tally');
  expect(await project.git('rev-parse', 'HEAD')).toBe(head);
  expect(await project.git('status', '--porcelain')).toBe('');
});

behindWall('behind the wall', () => {
  test('a run says so, in its journal, its report and status', async () => {
    await using project = (await Project.minimal({ checks: 'authored' })).shutIn();
    const { code, stdout, stderr } = await project.cli(['run', '--json', ...scripted(project)]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Barrier: sandbox of bubblewrap/m)]);
    const opened = Project.events(stdout).filter(({ type }) => type === 'barrier.opened');
    expect(opened).toEqual([expect.objectContaining({ mode: 'auto', tier: 'bwrap' })]);
    expect((await project.cli(['doctor'])).stdout).toMatch(/^✓ sandbox +sandbox of bubblewrap/m);
  });

  test('an agent sees its work and what it is shown, and never holds the key that its calls carry', async () => {
    const heard: (string | undefined)[] = [];
    const api = createServer((request, response) => {
      heard.push(request.headers['x-api-key'] as string | undefined);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(api, 'listening');
    const { port } = api.address() as AddressInfo;
    await using project = (await Project.minimal({ checks: 'authored' })).shutIn();
    const shown = join(project.root, 'shown');
    await mkdir(shown);
    await writeFile(join(shown, 'note.txt'), 'for agents');
    const secret = 'sk-ant-api03-a-secret-of-this-test-alone';
    const agent = nodeAgent(
      join(FIXTURES, 'curious.mjs'),
      project.dir,
      String(port),
      join(shown, 'note.txt'),
    );
    const { code, stdout, stderr } = await project.cli(
      ['run', '--json', '--agent', agent, '--agent-path', shown, '--on-escalate', 'abort'].concat([
        '--evaluator',
        scripted(project)[1] ?? '',
      ]),
      {
        env: { ANTHROPIC_API_KEY: secret, ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` },
      },
    );
    api.close();
    api.closeAllConnections();
    expect([code, stderr]).toEqual([1, expect.stringContaining('failed')]);
    const seen = JSON.parse(await project.git('show', 'factory/001-signs:seen.json')) as object;
    expect(seen).toMatchObject({
      project: 'ENOENT',
      extra: 'for agents',
      base: expect.stringContaining('http://127.0.0.1:'),
      loopback: 'ECONNREFUSED',
    });
    expect(seen).toMatchObject({ secret: expect.stringMatching(/^sk-ant-api03-[0-9a-f-]{36}$/) });
    expect(heard).toContain(secret);
    expect(stdout + stderr).not.toContain(secret);
    const written = await project.filesWith(secret);
    expect(written).toEqual([]);
  });

  test('SIGKILL of the runtime ends an agent that means to stay, and all that it started', async () => {
    await using project = (await Project.minimal({ checks: 'authored' })).shutIn();
    const mark = `mark-of-${randomUUID()}`;
    const agent = nodeAgent(join(FIXTURES, 'stayer.mjs'), mark);
    const running = project.start([
      'run',
      '--agent',
      agent,
      '--evaluator',
      scripted(project)[1] ?? '',
    ]);
    await vi.waitUntil(async () => (await marked(mark, running.pid)).length >= 4, {
      timeout: 50_000,
      interval: 100,
    });
    running.kill('SIGKILL');
    await running;
    await vi.waitUntil(async () => (await marked(mark)).length === 0, {
      timeout: 10_000,
      interval: 50,
    });
    expect(await project.processes()).toEqual([]);
  });
});

/** Command lines that hold a mark, but for one process. */
async function marked(mark: string, but?: number): Promise<string[]> {
  const pids = (await readdir('/proc')).filter(
    (name) => /^\d+$/.test(name) && name !== String(but),
  );
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(mark));
}
