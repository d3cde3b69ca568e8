import { Evaluator, Lexer, Parser, data } from '@actions/expressions';

/** What expressions may speak of, and how the job stands. */
export interface Contexts {
  readonly inputs: Readonly<Record<string, string>>;
  readonly github: Readonly<Record<string, string>>;
  readonly runner: Readonly<Record<string, string>>;
  /** Outputs of steps by their ids. */
  readonly steps: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly isFine: boolean;
}

/** A condition as GitHub reads it: without a status function it asks for success as well. */
export function holds(condition: string, contexts: Contexts): boolean {
  const asks = /\b(?:always|success)\(\)/.test(condition);
  const whole = asks ? condition : `success() && (${condition})`;
  const value = evaluate(whole, contexts).coerceString();
  return !['', 'false', '0'].includes(value);
}

/** A text with its `${{ … }}` replaced by their values. */
export const fill = (text: string, contexts: Contexts): string =>
  text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    evaluate(expression, contexts).coerceString(),
  );

function evaluate(expression: string, { steps, isFine, ...plain }: Contexts): data.ExpressionData {
  const status = (name: string, answer: boolean) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  });
  const functions = [status('always', true), status('success', isFine)];
  const outputs = Object.entries(steps).map(([id, values]) => ({
    key: id,
    value: new data.Dictionary({ key: 'outputs', value: dictionary(values) }),
  }));
  const contexts = new data.Dictionary(
    ...Object.entries(plain).map(([key, values]) => ({ key, value: dictionary(values) })),
    { key: 'steps', value: new data.Dictionary(...outputs) },
  );
  const names = contexts.pairs().map(({ key }) => key);
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, names, functions).parse();
  const byName = new Map(functions.map((each) => [each.name, each]));
  return new Evaluator(parsed, contexts, byName).evaluate();
}

const dictionary = (values: Readonly<Record<string, string>>) =>
  new data.Dictionary(
    ...Object.entries(values).map(([key, value]) => ({ key, value: new data.StringData(value) })),
  );
