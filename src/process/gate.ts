/** Processes and threads at once, of one sandbox; where the runtime is root, of all of them. Far more than builds and browsers take. */
const MOST_PROCESSES = 4096;
/** When memory runs out, the kernel takes from these before it takes the runtime, or anything else that a person has at work. */
const FIRST_TO_GO = 500;

/**
 * First program inside, before the command. bwrap binds the life of a namespace to ours only at the end of its preparations: killed
 * during them, we would leave a namespace that nobody ends. So the gate waits for that end (bwrap's first process then sleeps in `wait`),
 * asks on descriptor 4 and lets the command in only when somebody answers. It says what it has to say under its own name, `$0`.
 *
 * It also sets what the command cannot undo: no core dumps, which a machine may collect with all that a process knows, and an end for who
 * only multiplies. (`-p` is what dash and busybox call what bash calls `-u`. What a machine limits further stays so.)
 */
const SCRIPT = `i=0
while [ $i -lt 999 ]; do read -r s </proc/1/stat; case $s in *') S '*) break ;; esac; i=$((i + 1)); done
echo >&4
read -r s <&4 || exit 125
exec 4>&-
{ echo ${FIRST_TO_GO} >/proc/self/oom_score_adj; ulimit -c 0; ulimit -p ${MOST_PROCESSES} || ulimit -u ${MOST_PROCESSES}; } 2>/dev/null
exec "$@"`;

type Command = readonly [file: string, ...args: string[]];

/** A command behind the gate, which goes by the given name. */
export const gated = (command: Command, name: string): Command => [
  '/bin/sh',
  '-c',
  SCRIPT,
  name,
  ...command,
];

/** What kept a gate of this name from starting its command, in the system's words; null when it started it. */
export function gateSaid(name: string, code: number, stderr: string): string | null {
  if (code !== 126 && code !== 127) return null;
  const lines = stderr.split('\n').filter((line) => line !== '');
  // A program that wrote anything of its own was started.
  const isGate = lines.length > 0 && lines.every((line) => line.startsWith(`${name}: `));
  return isGate ? (lines.at(-1)?.split(': ').at(-1) ?? '') : null;
}
