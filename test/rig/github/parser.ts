import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type * as workflows from '@actions/workflow-parser';
import type * as actions from '@actions/workflow-parser/actions/index';

type Parser = Pick<typeof workflows, 'parseWorkflow' | 'NoOperationTraceWriter'> &
  Pick<typeof actions, 'parseAction'>;

const CONTENTS = `
export { parseWorkflow, NoOperationTraceWriter } from '@actions/workflow-parser';
export { parseAction } from '@actions/workflow-parser/actions/index';
`;

/** What GitHub's own parser finds wrong with the text of a workflow or an action. Bundled first: it imports JSON as only bundlers do. */
export async function githubParser(): Promise<
  (kind: 'workflow' | 'action', content: string) => string[]
> {
  const dir = await mkdtemp(join(tmpdir(), 'factory-github-'));
  const outfile = join(dir, 'parser.mjs');
  await build({
    stdin: { contents: CONTENTS, resolveDir: dirname(fileURLToPath(import.meta.url)) },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
  });
  const parser = (await import(pathToFileURL(outfile).href)) as Parser;
  await rm(dir, { recursive: true });
  return (kind, content) => {
    const parse = kind === 'action' ? parser.parseAction : parser.parseWorkflow;
    const { context } = parse(
      { name: `${kind}.yml`, content },
      new parser.NoOperationTraceWriter(),
    );
    return context.errors.getErrors().map(String);
  };
}
