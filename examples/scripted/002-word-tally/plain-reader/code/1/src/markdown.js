const fence = /^```[^\n]*\n(?:[^\n]*\n)*?```[ \t]*(?:\n|$)/gm;
const leading = /^(?:[ \t]*(?:#{1,6}|[-*>]|\d+\.)[ \t]+)+/;

/** What a reader sees of a Markdown text. */
export function plainText(markdown) {
  if (typeof markdown !== 'string') throw new TypeError('markdown must be a string');
  // Inline code steps aside while the marks go, so that a star within it is safe.
  const code = [];
  return markdown
    .replace(fence, '')
    .replace(/`([^`\n]+)`/g, (_, content) => `\0${code.push(content) - 1}\0`)
    .split('\n')
    .map((line) => withoutMarks(line.replace(leading, '')))
    .join('\n')
    .replace(/\0(\d+)\0/g, (_, at) => code[at]);
}

function withoutMarks(line) {
  return line
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/\*(?=\S)([^*]+)(?<=\S)\*/g, '$1')
    .replace(/(?<![\p{L}\p{N}_])_(?=\S)([^_]+)(?<=\S)_(?![\p{L}\p{N}_])/gu, '$1');
}
