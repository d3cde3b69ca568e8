import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Discovered } from './discovered.ts';
import { portIn } from './ports-in-text.ts';
import type { Tree } from './tree.ts';

const parser = unified().use(remarkParse).freeze();

type Node = ReturnType<typeof parser.parse>['children'][number];

/** A command and the words around it. */
interface Candidate {
  readonly command: string;
  readonly words: string;
}

const FILES = ['CLAUDE.md', 'AGENTS.md', '.claude/CLAUDE.md'];

const RUNNERS =
  /^(?:npm|pnpm|yarn|bun|npx|bunx|node|deno|tsx|ts-node|nodemon|python3?|uvicorn|gunicorn|hypercorn|flask|fastapi|uv|poetry|pipenv|rails|bundle|rackup|ruby|go|cargo|make|just|java|mvn|gradle|dotnet|php|mix|\.{0,2}\/?(?:bin|scripts?|gradlew|mvnw|run|start)\b\S*)(?:\s|$)/;
const OTHER_WORK =
  /\b(?:tests?|lint|install|ci|i|add|format|fmt|typecheck|tsc|migrate|check|deploy|publish|release|seed|clean|coverage|audit|--version|--help)\b/;

/** A start command, with a port near it, in what the project tells its agents. */
export function discoverInstructions(tree: Tree): Discovered | null {
  for (const source of FILES) {
    const text = tree.read(source);
    const best = text === null ? undefined : bestOf(candidatesIn(text));
    if (text === null || best === undefined) continue;
    const { command, port } = withoutPort(best.command);
    return { command, port: port ?? portIn(best.words) ?? portIn(text), source };
  }
  return null;
}

/** Highest score first, then the order of the document. */
function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  const scored = candidates.map((candidate) => ({ candidate, score: score(candidate) }));
  const [best] = scored.filter((one) => one.score >= 3).sort((a, b) => b.score - a.score);
  return best?.candidate;
}

/** How much a command looks like the one that starts a server: one hint is too little, as tools are "run" too. */
function score({ command: given, words }: Candidate): number {
  const command = given.replace(/^(?:\w+=\S*\s+)+/, '');
  if (!RUNNERS.test(command) || OTHER_WORK.test(command)) return 0;
  const hints: readonly [number, boolean][] = [
    [2, /\b(?:start|starts|serve|serves|launch|boot)\b/i.test(words)],
    [1, /\b(?:run|runs|running)\b/i.test(words)],
    [2, /\b(?:server|service|api|http|dev server|app|port|localhost)\b/i.test(words)],
    [2, /\b(?:start|serve|dev|server|runserver|uvicorn|gunicorn|rackup|flask run)\b/.test(command)],
    [-2, /\b(?:tests?|lint|build|install)\b/i.test(words.split('\n')[0] ?? '')],
  ];
  return hints.reduce((sum, [weight, holds]) => sum + (holds ? weight : 0), 0);
}

/** `PORT=3000 npm start` would beat the port that is given: the assignment becomes the port. */
function withoutPort(command: string): { command: string; port: number | null } {
  const assigned = /(?:^|\s)PORT=(\d{2,5})\s+/.exec(command);
  if (assigned === null) return { command, port: portIn(command) };
  return { command: command.replace(assigned[0], ' ').trim(), port: Number(assigned[1]) };
}

function candidatesIn(text: string): Candidate[] {
  const found: Candidate[] = [];
  let [heading, before] = ['', ''];
  for (const node of parser.parse(text).children) {
    if (node.type === 'heading') {
      [heading, before] = [textOf(node), ''];
    } else if (node.type === 'code') {
      found.push(...fenced(node.value, `${heading}\n${before}`));
    } else {
      for (const block of blocksOf(node)) {
        const words = `${heading}\n${textOf(block)}`;
        if (block.type === 'code') found.push(...fenced(block.value, words));
        else found.push(...inlineOf(block).map((command) => ({ command, words })));
      }
      before = textOf(node);
    }
  }
  return found;
}

/** One candidate per line; a comment belongs to the words, of its own line or of the one below. */
function fenced(code: string, words: string): Candidate[] {
  const found: Candidate[] = [];
  let above = '';
  for (const line of code.split('\n')) {
    const [, command = '', comment = ''] =
      /^\s*(?:[$>]\s+)?(.*?)\s*(?:(?:^|\s)#\s*(.*))?$/.exec(line) ?? [];
    if (command === '') above = comment;
    else {
      found.push({ command: inForeground(command), words: [words, above, comment].join('\n') });
      above = '';
    }
  }
  return found;
}

const inForeground = (command: string): string => command.replace(/\s*&$/, '');

/** The paragraphs, cells and code blocks a node is made of: each has words of its own. */
function blocksOf(node: Node): Node[] {
  if (!('children' in node) || node.type === 'paragraph') return [node];
  const children = node.children as Node[];
  return children.some((child) => child.type === 'text') ? [node] : children.flatMap(blocksOf);
}

function inlineOf(node: Node): string[] {
  if (node.type === 'inlineCode') return [inForeground(node.value.trim())];
  return 'children' in node ? (node.children as Node[]).flatMap(inlineOf) : [];
}

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'children' in node ? (node.children as Node[]).map(textOf).join(' ') : '';
}
