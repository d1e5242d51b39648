/** A service that starts OpenCode and is then killed: run by orphan tests, it prints OpenCode's pid. */
import { startModelServer } from '../../model/server.ts';
import { startOpenCode } from '../../../frontdesk/opencode/start.ts';
import { optionsFor, startTools } from './desk.ts';

const [stateDir = ''] = process.argv.slice(2);
const opencode = await startOpenCode(optionsFor(stateDir, await startModelServer(), await startTools()));
console.log(opencode.pid);
