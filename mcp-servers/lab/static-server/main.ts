/** Serves a folder (its argument, relative to where it is started) on PORT of HOST. */
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { serveFolder } from './serve.ts';

const root = path.resolve(process.argv[2] ?? '.');
if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
  process.stderr.write(`There is no folder ${process.argv[2]} to serve.\n`);
  process.exit(1);
}
const port = Number(process.env['PORT'] ?? 0);
const host = process.env['HOST'] ?? '127.0.0.1';
createServer(serveFolder(root)).listen(port, host, () => {
  process.stdout.write(`Serving ${path.basename(root)} on http://${host}:${port}\n`);
});
