/** `npm run format:readme`: writes the generated parts of the READMEs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withSettings } from './readme-settings.ts';

const file = 'frontdesk/config/README.md';
writeFileSync(file, withSettings(readFileSync(file, 'utf8')));
