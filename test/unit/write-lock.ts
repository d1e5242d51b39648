/** `npm run format:lock`, after each install that changed package-lock.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { completeLock } from './lock.ts';

const file = 'package-lock.json';
const { text, added } = completeLock(readFileSync(file, 'utf8'));
writeFileSync(file, text);
console.log(`${added.length} added`);
