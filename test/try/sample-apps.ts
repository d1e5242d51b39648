/** The three small apps of the sample root. None needs a package or the network. */
/** A repository of the sample root: its files by path. */
export interface Sample {
  readonly name: string;
  readonly about: string;
  readonly files: Readonly<Record<string, string>>;
}

const app = `/** The smallest API: a table of routes. */
export const routes = { '/health': () => ({ status: 200, body: 'ok' }) };

export function handle(path) {
  return routes[path]?.() ?? { status: 404, body: 'not found' };
}
`;

const server = `import { createServer } from 'node:http';
import { handle } from './app.js';

const server = createServer((request, response) => {
  const { status, body } = handle(new URL(request.url, 'http://app').pathname);
  response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
});
server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? '127.0.0.1', () => {
  console.log(\`domain-apis listens on \${server.address().port}\`);
});
process.once('SIGTERM', () => server.close(() => process.exit()));
`;

const python = `"""A report of nothing in particular, over HTTP, with what Python has."""
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def answer(path):
    if path == "/health":
        return 200, "ok"
    if path == "/":
        return 200, "Reports: none yet."
    return 404, "not found"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        status, text = answer(self.path)
        body = text.encode()
        self.send_response(status)
        self.send_header("content-type", "text/plain")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8080"))
    server = ThreadingHTTPServer((os.environ.get("HOST", "127.0.0.1"), port), Handler)
    print(f"reports listens on {port}", flush=True)
    server.serve_forever()
`;

const pythonTest = `import unittest

from app import answer


class AnswerTest(unittest.TestCase):
    def test_health(self):
        self.assertEqual(answer("/health"), (200, "ok"))

    def test_unknown(self):
        self.assertEqual(answer("/nowhere")[0], 404)


if __name__ == "__main__":
    unittest.main()
`;

const packageJson = `${JSON.stringify(
  {
    name: 'domain-apis',
    version: '0.1.0',
    type: 'module',
    scripts: { start: 'node src/server.js', test: 'node --test' },
  },
  undefined,
  2,
)}\n`;

/** Where a test of the deployed app is cannot be seen from a repository. */
const settings = `tests:
  acceptance: node --test acceptance/health.js
`;

/** Asks the deployed app. */
const acceptanceTest = `import assert from 'node:assert/strict';
import { test } from 'node:test';

test('the deployed app is well', async () => {
  const response = await fetch(new URL('/health', process.env.TEST_URL));
  assert.equal(await response.text(), 'ok');
});
`;

const appTest = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handle } from './app.js';

test('health is ok', () => assert.equal(handle('/health').body, 'ok'));
test('what is not there is 404', () => assert.equal(handle('/nowhere').status, 404));
`;

export const samples: readonly Sample[] = [
  {
    name: 'domain-apis',
    about: 'The APIs of the domain',
    files: {
      'README.md': '# Domain APIs\n\nA sample made by `npm run try`.\n',
      'package.json': packageJson,
      'src/app.js': app,
      'src/app.test.js': appTest,
      'src/server.js': server,
      'acceptance/health.js': acceptanceTest,
      '.frontdesk.yaml': settings,
    },
  },
  {
    name: 'web',
    about: 'The site',
    files: {
      'README.md': '# Web\n\nA sample made by `npm run try`.\n',
      'index.html': '<!doctype html>\n<title>Web</title>\n<h1>Hello</h1>\n',
    },
  },
  {
    name: 'reports',
    about: 'Reports, in Python',
    files: {
      'README.md': '# Reports\n\nA sample made by `npm run try`.\n',
      '.gitignore': '__pycache__/\n',
      'app.py': python,
      'test_app.py': pythonTest,
    },
  },
];
