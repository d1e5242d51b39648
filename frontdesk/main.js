#!/usr/bin/env node
/** The door of `frontdesk`, in plain JavaScript: an older Node can read it and say what is wrong; it fails over any `.ts`. */
const needed = 24;

if (Number.parseInt(process.versions.node, 10) >= needed) {
  const { enableCompileCache } = await import('node:module');
  // Before anything of ours is loaded: from the second start on no types are stripped, which saves a quarter of a start's work and
  // 10 MB at its peak. It is code, so it stands where only those write who may write the packages; where nobody may, nothing is kept.
  enableCompileCache(`${import.meta.dirname}/../node_modules/.cache/frontdesk`);
  await import('./main.ts');
} else {
  process.stderr.write(
    `Frontdesk needs Node ${needed} or later; ${process.execPath} is ${process.versions.node}. ` +
      '`npm ci` brings the right one, and `npm start` and `npx node` use it.\n',
  );
  process.exitCode = 1;
}
