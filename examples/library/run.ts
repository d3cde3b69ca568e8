// Runs a spec from a program of yours: `node run.js <project> [spec] [agent]`. Compiled and run in this project's own tests.
import { runSpec, validateSpec, type RunEvent } from 'implement-factory';

const [project = process.cwd(), spec, agent] = process.argv.slice(2);
const which = { project, ...(spec !== undefined && { spec }) };

const { ok, diagnostics } = await validateSpec(which);
for (const { file, line, rule, message } of diagnostics)
  console.error(`${file}:${String(line)} ${rule}: ${message}`);
if (!ok) process.exit(2);

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const run = runSpec({
  ...which,
  env: process.env,
  signal: stop.signal,
  settings: { ...(agent !== undefined && { agent }), maxCost: 20 },
  onQuestion({ subject, detail }) {
    console.error(`${subject}: ${detail}. It is skipped.`);
    return { kind: 'skip' };
  },
});

for await (const event of run) {
  const line = told(event);
  if (line !== null) console.log(line);
}

const { status, exitCode, message, branch } = await run.outcome;
console.log(`${status}${branch === null ? '' : `, on ${branch}`}`);
if (message !== null) console.error(message);
process.exitCode = exitCode;

function told(event: RunEvent): string | null {
  switch (event.type) {
    case 'evaluation.finished': {
      const passed = event.scenarios.filter(({ outcome }) => outcome === 'passed').length;
      return `${event.unit}: ${String(passed)} of ${String(event.scenarios.length)} scenarios pass`;
    }
    case 'group.finished':
      return `group ${String(event.group)} is finished`;
    default:
      return null;
  }
}
