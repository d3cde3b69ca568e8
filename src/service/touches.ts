import picomatch from 'picomatch';

/** Files a running server does not need to be restarted for. Everything else asks for a restart: stale code is worse than a slow one. */
const HARMLESS: readonly string[] = [
  '**/*.{md,mdx,markdown,rst,adoc}',
  '{,**/}{docs,doc}/**',
  '{,**/}{test,tests,__tests__,spec,e2e,__mocks__,cypress,playwright}/**',
  '**/*.{test,spec}.*',
  '**/test_*.py',
  '**/*_test.{go,py,rb}',
  '{,**/}{public,static}/**',
  '**/*.{css,scss,sass,less}',
  '**/*.{png,jpg,jpeg,gif,webp,avif,svg,ico,bmp,woff,woff2,ttf,otf,eot,mp3,mp4,webm,pdf}',
  '{.github,.gitlab,.vscode,.idea,.husky}/**',
  '{,**/}{LICENSE,LICENSE.*,CHANGELOG,AUTHORS,CODEOWNERS}',
  '{,**/}{.gitignore,.gitattributes,.editorconfig,.prettierrc*,.prettierignore,.eslintrc*,.eslintignore,.oxlintrc*}',
];
const options = { dot: true };
const isHarmless = picomatch([...HARMLESS], { ...options, nocase: true });

/**
 * Whether a diff (paths relative to the root) asks for a restart of the running service. `restartOn` globs, when given, replace
 * the defaults.
 */
export function touchesServer(files: readonly string[], restartOn?: readonly string[]): boolean {
  if (restartOn === undefined) return files.some((file) => !isHarmless(file));
  const matches = picomatch([...restartOn], options);
  return files.some((file) => matches(file));
}
