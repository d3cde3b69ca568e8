import { run, type Sandbox } from '../../process/index.ts';

/**
 * Gives folders to whoever writes to them inside: needed where the runtime is root and its processes are not. Links are not followed.
 * Does nothing where both are the same user. A failure is one of the machine and is thrown as such.
 */
export async function own(sandbox: Sandbox, paths: readonly string[]): Promise<void> {
  if (sandbox.kind === 'none' || sandbox.owner === undefined || paths.length === 0) return;
  const { uid, gid } = sandbox.owner;
  const exit = await run(
    {
      label: 'chown',
      command: ['chown', '-R', '-h', '-P', `${uid}:${gid}`, '--', ...paths],
      cwd: '/',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    },
    { kind: 'none' },
  );
  if (exit.cause === 'exited' && exit.code === 0) return;
  const message = `chown of ${paths.join(', ')} ${exit.summary}: ${exit.stderr.trim()}`;
  throw Object.assign(new Error(message), { code: 'EPERM', syscall: 'chown', path: paths[0] });
}
