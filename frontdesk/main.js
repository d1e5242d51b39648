#!/usr/bin/env node
/** The door of `frontdesk`, in plain JavaScript: an older Node can read it and say what is wrong; it fails over any `.ts`. */
const needed = 24;

if (Number.parseInt(process.versions.node, 10) >= needed) {
  await import('./main.ts');
} else {
  process.stderr.write(
    `Frontdesk needs Node ${needed} or later; ${process.execPath} is ${process.versions.node}. ` +
      '`npm ci` brings the right one, and `npm start` and `npx node` use it.\n',
  );
  process.exitCode = 1;
}
