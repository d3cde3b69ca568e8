import type { Discovered } from './discovered.ts';
import { portIn } from './ports-in-text.ts';
import type { Tree } from './tree.ts';

/** `web:` of a Procfile, which takes its port from `$PORT` by convention. */
export function discoverProcfile(tree: Tree): Discovered | null {
  const text = tree.read('Procfile');
  const command = /^web:[ \t]*(\S.*?)\s*$/m.exec(text ?? '')?.[1];
  return command === undefined ? null : { command, port: portIn(command), source: 'Procfile' };
}

/** Django, FastAPI (and other ASGI applications by name), Flask. */
export function discoverPython(tree: Tree): Discovered | null {
  if (/\bdjango\b/i.test(tree.read('manage.py') ?? '')) {
    const command = 'python3 manage.py runserver --noreload 127.0.0.1:$PORT';
    return { command, port: 8000, source: 'manage.py' };
  }
  const files = [
    'main',
    'app',
    'wsgi',
    'server',
    'api',
    'app/main',
    'src/main',
    'app/__init__',
    'src/app',
  ];
  for (const name of files) {
    const text = tree.read(`${name}.py`) ?? '';
    const module = name.replaceAll('/', '.').replace(/\.__init__$/, '');
    const source = `${name}.py`;
    const asgi = /^(\w+)\s*(?::[^=\n]*)?=\s*(?:fastapi\.)?(?:FastAPI|Starlette|Litestar)\(/m.exec(
      text,
    )?.[1];
    if (asgi !== undefined) {
      const command = `python3 -m uvicorn ${module}:${asgi} --host 127.0.0.1 --port $PORT`;
      return { command, port: portIn(text) ?? 8000, source };
    }
    if (/\bFlask\(/.test(text)) {
      const command = `python3 -m flask --app ${module} run --host 127.0.0.1 --port $PORT`;
      return { command, port: portIn(text) ?? 5000, source };
    }
  }
  return null;
}

/** Rails, or anything with a rackup file. */
export function discoverRuby(tree: Tree): Discovered | null {
  if (tree.read('bin/rails') !== null && tree.read('config/application.rb') !== null) {
    return { command: 'bin/rails server -b 127.0.0.1 -p $PORT', port: 3000, source: 'bin/rails' };
  }
  if (tree.read('config.ru') === null) return null;
  return { command: 'bundle exec rackup -o 127.0.0.1 -p $PORT', port: 9292, source: 'config.ru' };
}

/** A main package that serves HTTP, at the root or under cmd/. */
export function discoverGo(tree: Tree): Discovered | null {
  if (tree.read('go.mod') === null) return null;
  const packages = ['.', ...tree.list('cmd').map((name) => `./cmd/${name}`)];
  for (const path of packages) {
    const source = path === '.' ? 'main.go' : `${path.slice(2)}/main.go`;
    const text = tree.read(source) ?? '';
    const serves = /net\/http|gin-gonic|labstack\/echo|gofiber|go-chi/.test(text);
    if (serves && text.includes('package main')) {
      return { command: `go run ${path}`, port: portIn(text) ?? 8080, source };
    }
  }
  return null;
}
