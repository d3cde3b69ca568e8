// Keeps the lists in docs/troubleshooting.md equal to what the program can say: every `{ where, what, remedy }` in src/, and every rule. `--check` only compares.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { LINT_RULES, RULES } from '../dist/manifest/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs', 'troubleshooting.md');

const TITLES = {
  agent: 'Agents',
  barrier: 'Git, run branch and workspaces',
  cli: 'Commands',
  evaluation: 'Evaluation',
  journal: 'Journal and lock',
  library: 'The library',
  manifest: 'Finding and writing specs',
  service: 'Service',
};

/** What an expression says, with `…` for what is only known when it happens; null when it is no text of its own. */
function textOf(node) {
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  if (ts.isConditionalExpression(node)) {
    const both = [textOf(node.whenTrue), textOf(node.whenFalse)].filter((text) => text !== null);
    return both.length === 0 ? null : both.join(' Or: ');
  }
  return null;
}

/** Every problem of a source file: what is the matter, and what to do about it. */
function problemsIn(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const found = [];
  const visit = (node) => {
    if (ts.isObjectLiteralExpression(node)) {
      const given = Object.fromEntries(
        node.properties
          .filter((each) => ts.isPropertyAssignment(each) && ts.isIdentifier(each.name))
          .map((each) => [each.name.text, textOf(each.initializer)]),
      );
      // A line of nothing but what is filled in helps nobody who searches.
      if (given.what && given.remedy && /[a-z]{3}/.test(given.what)) found.push(given);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const cell = (text) =>
  text
    .replaceAll('|', '\\|')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .split('`')
    // Outside of code, `<unit>` would be taken for HTML.
    .map((part, at) => (at % 2 === 0 ? part.replaceAll('<', '\\<') : part))
    .join('`');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function problems() {
  const byRoom = new Map();
  for (const name of readdirSync(join(root, 'src'), { recursive: true }).toSorted()) {
    if (!name.endsWith('.ts')) continue;
    const title = TITLES[name.split(/[\\/]/)[0]] ?? 'Elsewhere';
    byRoom.set(title, [...(byRoom.get(title) ?? []), ...problemsIn(join(root, 'src', name))]);
  }
  return [...byRoom]
    .filter(([, found]) => found.length > 0)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([title, found]) => {
      const rows = new Set(found.map(({ what, remedy }) => `${cell(what)}\n${cell(remedy)}`));
      const cells = [...rows]
        .map((row) => row.split('\n'))
        .toSorted(([a], [b]) => a.localeCompare(b));
      return `### ${title}\n\n${table(['what it says', 'way out'], cells)}`;
    })
    .join('\n\n');
}

const rules = (all, file) =>
  table(
    ['rule', 'severity', 'way out'],
    Object.entries(all).map(([id, { severity, hint }]) => [
      `[\`${id}\`](${file}#${id})`,
      severity,
      cell(hint),
    ]),
  );

const before = readFileSync(page, 'utf8');
const lists = {
  problems: problems(),
  rules: rules(RULES, 'rules.md'),
  lint: rules(LINT_RULES, 'lint.md'),
};
let after = before;
for (const [name, text] of Object.entries(lists))
  after = after.replace(
    new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`),
    (_, open, close) => `${open}\n\n${text}\n\n${close}`,
  );
// Tables are laid out by Prettier, which the comparison does not ask for.
const bare = (text) => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
if (bare(after) !== bare(before)) {
  if (process.argv.includes('--check')) {
    console.error(
      'docs/troubleshooting.md does not tell what the program says: run `npm run docs:troubleshooting`.',
    );
    process.exitCode = 1;
  } else writeFileSync(page, after);
}
