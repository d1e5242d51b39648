import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';

import { isAllowed, isNavigation } from './control/guard.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Nothing from elsewhere, nothing inline: what an agent posts is shown by this page, and must stay words. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Names that carry a hash of their content, as bundlers make them, never change what they hold. */
const hashed = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

/**
 * Serves the files of a built page, to this machine and this origin only (a link from elsewhere may open it).
 * 403 for others, 404 for what is not there, 304 for what the browser has.
 */
export async function serveSite(
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const refuse = (status: number, text: string) =>
    void response.writeHead(status, { ...headers, 'content-type': 'text/plain' }).end(text);
  if (!isAllowed(request) && !isNavigation(request)) return refuse(403, 'only from this machine');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'GET only');
  const path = url.pathname === '/' ? '/index.html' : url.pathname;
  const content = await readInside(folder, path);
  if (!content) return refuse(404, 'not found');
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  const caching = hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
  const kept = { ...headers, etag, 'cache-control': caching };
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, kept).end();
  const type = types[extname(path)] ?? 'application/octet-stream';
  response.writeHead(200, { ...kept, 'content-type': type, 'content-length': content.length });
  response.end(request.method === 'HEAD' ? undefined : content);
}

/** @returns undefined for what is not a file below the folder. */
async function readInside(folder: string, path: string): Promise<Buffer | undefined> {
  try {
    const file = join(folder, decodeURIComponent(path));
    if (!file.startsWith(folder + sep) || file.includes('\0')) return undefined;
    return await readFile(file);
  } catch {
    return undefined;
  }
}
