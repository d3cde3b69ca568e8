/**
 * The program that plays a prepared agent. It is shipped as the text of this one function, so that it is found in the same
 * way from sources, from a build and from a bundle; therefore it may refer to nothing outside itself.
 *
 * Its arguments: folder, unit, iteration, role. The folder holds
 *
 *     <unit>/code/<iteration>/…      files copied over the workspace; a missing iteration plays the nearest lower one
 *     <unit>/code/<iteration>/DELETE.txt  paths to delete, one a line; itself not copied
 *     <unit>/checks/<scenario>.mjs   sources of checks
 *     <unit>/second/<scenario>.mjs   the same of a second opinion; where the folder is missing, `checks` plays that too
 *     <unit>/report.txt              closing words of an evaluator
 *     constitution/<call>.json       answer of a judge; a missing call plays the nearest lower one
 */
function play(): void {
  const fs = process.getBuiltinModule('node:fs');
  const path = process.getBuiltinModule('node:path');
  const [dir = '', unit = '', iteration = '1', role = ''] = process.argv.slice(2);
  const say = (line: Record<string, unknown>) => {
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  const stop = (reason: string) => {
    process.stderr.write(`${reason}\n`);
    process.exitCode = 1;
  };

  const code = () => {
    const root = path.join(dir, unit, 'code');
    const prepared = (fs.existsSync(root) ? fs.readdirSync(root) : [])
      .map(Number)
      .filter((number) => Number.isInteger(number) && number >= 1 && number <= Number(iteration))
      .sort((a, b) => b - a);
    if (prepared[0] === undefined) {
      stop(`no prepared code for run ${iteration} in ${root}`);
      return;
    }
    const from = path.join(root, String(prepared[0]));
    const list = path.join(from, 'DELETE.txt');
    fs.cpSync(from, '.', {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => source !== list,
    });
    const doomed = fs.existsSync(list) ? fs.readFileSync(list, 'utf8').split(/\r?\n/) : [];
    for (const file of doomed.filter((name) => name.trim() !== '')) {
      fs.rmSync(file.trim(), { recursive: true, force: true });
    }
    say({ type: 'result', text: `played ${path.basename(from)}` });
  };

  const checks = () => {
    const second = path.join(dir, unit, 'second');
    const own = iteration !== '1' && fs.existsSync(second);
    const root = own ? second : path.join(dir, unit, 'checks');
    if (!fs.existsSync(root)) {
      stop(`no prepared checks in ${root}`);
      return;
    }
    const output = fs
      .readdirSync(root)
      .filter((name) => name.endsWith('.mjs'))
      .sort()
      .map((name) => ({
        scenario: name.slice(0, -'.mjs'.length),
        code: fs.readFileSync(path.join(root, name), 'utf8'),
      }));
    say({ type: 'result', output: { checks: output } });
  };

  const judge = () => {
    const root = path.join(dir, 'constitution');
    const prepared = (fs.existsSync(root) ? fs.readdirSync(root) : [])
      .map((name) => Number(name.replace(/\.json$/, '')))
      .filter((number) => Number.isInteger(number) && number >= 1 && number <= Number(iteration))
      .sort((a, b) => b - a);
    if (prepared[0] === undefined) stop(`no prepared answer of a judge in ${root}`);
    else {
      const file = path.join(root, `${prepared[0]}.json`);
      say({ type: 'result', output: JSON.parse(fs.readFileSync(file, 'utf8')) });
    }
  };

  const report = () => {
    const file = path.join(dir, unit, 'report.txt');
    if (fs.existsSync(file)) say({ type: 'result', text: fs.readFileSync(file, 'utf8') });
    else stop(`no prepared report at ${file}`);
  };

  say({ type: 'note', text: 'scripted agent: it plays prepared files, no model is called' });
  // The prompt is read like any agent would, so that a writer with a full pipe is not left waiting.
  process.stdin.resume().on('end', () => {
    if (role === 'coder') code();
    else if (role === 'author') checks();
    else if (role === 'judge') judge();
    else report();
  });
}

/** A CommonJS program. */
export const PLAYER_SOURCE = `(${play.toString()})();\n`;
