/** Serves the files of one folder, and nothing outside of it. */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.htm': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.pdf': 'application/pdf',
  '.wasm': 'application/wasm',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
};

/** @param root absolute; its links to places outside are not followed */
export function serveFolder(root: string): RequestListener {
  return (request, response) => {
    respond(root, request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else say(response, 500, 'Something went wrong.');
    });
  };
}

async function respond(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return say(response, 405, 'Only GET and HEAD.');
  }
  const file = await findFile(root, request.url ?? '/');
  if (file === null) return say(response, 404, 'There is no such page.');
  if ('redirect' in file) {
    response.setHeader('location', file.redirect);
    return say(response, 301, 'It is at its folder.');
  }
  response.setHeader(
    'content-type',
    types[path.extname(file.name).toLowerCase()] ?? 'application/octet-stream',
  );
  response.setHeader('content-length', file.size);
  // It is deployed anew at the same place.
  response.setHeader('cache-control', 'no-cache');
  response.setHeader('x-content-type-options', 'nosniff');
  if (request.method === 'HEAD') return void response.end();
  await pipeline(createReadStream(file.name), response);
}

type FoundFile = { readonly name: string; readonly size: number } | { readonly redirect: string };

async function findFile(root: string, url: string): Promise<FoundFile | null> {
  let pathname: string;
  try {
    // Of the path alone: `//host/x` would be read as an address.
    pathname = decodeURIComponent(url.replace(/[?#].*$/s, ''));
  } catch {
    return null;
  }
  if (pathname.includes('\0') || pathname.split('/').some((part) => part.startsWith('.'))) return null;
  const wanted = path.join(root, pathname);
  const found = await stat(wanted).catch(() => null);
  if (found?.isDirectory() && !pathname.endsWith('/'))
    return { redirect: encodeURI(`${pathname.replace(/^\/+/, '/')}/`) };
  const candidates = found?.isDirectory() ? [path.join(wanted, 'index.html')] : [wanted, `${wanted}.html`];
  const inside = await realpath(root);
  for (const name of candidates) {
    const real = await realpath(name).catch(() => null);
    if (real === null || !real.startsWith(`${inside}${path.sep}`)) continue;
    const file = await stat(real).catch(() => null);
    if (file?.isFile()) return { name: real, size: file.size };
  }
  return null;
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}
