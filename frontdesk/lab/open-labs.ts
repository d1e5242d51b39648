/** Labs, tests and their desk, put together. */
import { join } from 'node:path';
import type { Chat } from '../../mcp-servers/kit/chat.ts';
import { readFrontdeskYaml } from '../../mcp-servers/kit/frontdesk-yaml.ts';
import type { Lab } from '../../mcp-servers/kit/lab.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import { forgetOver } from '../../mcp-servers/kit/store/collection.ts';
import type { Store } from '../../mcp-servers/kit/store/store.ts';
import type { Tests } from '../../mcp-servers/kit/tests.ts';
import { createLab } from '../../mcp-servers/lab/lab.ts';
import { createLocalTarget } from '../../mcp-servers/lab/local/local-target.ts';
import { createPlanner } from '../../mcp-servers/lab/plan.ts';
import { findProgram } from '../../mcp-servers/lab/programs.ts';
import { deploymentRecordSchema, tidyDeployment } from '../../mcp-servers/lab/record.ts';
import { createTests } from '../../mcp-servers/tests/tests.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import type { Config } from '../config/schema.ts';
import type { Metrics } from '../http/metrics.ts';
import { findEnclosure } from '../hosts/enclosure.ts';
import type { AuditEntry } from '../threads/ports.ts';
import type { Work } from '../work/contract.ts';
import type { Labs } from '../work/ports.ts';
import { orStarting } from '../work/run-command.ts';
import type { LabDesk } from './contract.ts';
import { createLabDesk } from './desk.ts';
import { measureDeployments } from './measure.ts';
import { deployWishSchema, testSessionSchema } from './record.ts';

/** From asking tests to end to ending them; a part of the 10 s the service has to stop (OP-4). */
const testGraceMs = 1000;

export interface OpenLabsOptions {
  readonly config: Config;
  readonly store: Store;
  readonly workspaces: Workspaces;
  readonly chat: Chat;
  readonly metrics: Pick<Metrics, 'observe'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isAllowed: (person: string) => boolean;
  readonly redact: (text: string) => string;
  readonly audit: (entry: AuditEntry) => void;
  readonly log: Log;
  readonly now: () => number;
}

export interface OpenLabs extends AsyncDisposable {
  readonly lab: Lab;
  readonly tests: Tests;
  /** What the work room needs of it, also before the desk is there. */
  readonly labs: Labs;
  /** Opens the desk, and takes up what an earlier process left. */
  openDesk(work: Pick<Work, 'send' | 'confirm'>): Promise<LabDesk>;
}

export async function openLabs(options: OpenLabsOptions): Promise<OpenLabs> {
  await using stack = new AsyncDisposableStack();
  const { config, store, workspaces, environment, redact, log, now } = options;
  const repositoriesOf = async (name: string) => {
    const { folder, state } = workspaces.get(name);
    return state.repositories.map((repository) => ({
      repository,
      folder: join(folder, 'repos', repository),
    }));
  };
  const enclosure = await findEnclosure();
  const lab = stack.use(
    createLab({
      targets: [
        createLocalTarget({
          folder: join(config.stateDir, 'labs'),
          environment,
          endWithService: !config.labsStay,
          limits: {
            readyMs: config.labReadySeconds * 1000,
            idleMs: config.labIdleMinutes === undefined ? null : config.labIdleMinutes * 60_000,
          },
          enclosure,
          log,
        }),
      ],
      deployments: store.collection({
        name: 'deployments',
        schema: deploymentRecordSchema,
        version: 1,
        tidy: tidyDeployment,
      }),
      planOf: createPlanner({
        repositoriesOf,
        has: (program) => findProgram(program, environment['PATH'] ?? '') !== undefined,
      }),
      redact,
      log,
      now,
      expireAfterMs: config.labHours === undefined ? null : config.labHours * 3_600_000,
    }),
  );
  stack.use(measureDeployments(lab, options.metrics));
  const tests = stack.use(
    createTests({
      store,
      dir: join(config.stateDir, 'tests'),
      repositoriesOf,
      environment,
      enclosure,
      redact,
      log,
      limitSeconds: config.testSeconds,
      graceMs: testGraceMs,
      now,
    }),
  );
  const late: { desk?: LabDesk } = {};
  const desk = () => late.desk;
  const labs: Labs = {
    cleanup: (workspace) => lab.cleanup(workspace),
    async abandon(workspace) {
      await (desk()?.abandon(workspace) ?? lab.cleanup(workspace));
    },
    deploy: async (by, workspace) => await orStarting(desk()).deploy(by, { workspace }),
    logs: async (by, workspace) => await orStarting(desk()).logs(by, workspace),
    undeploy: async (by, workspace) => await orStarting(desk()).cleanup(by, workspace),
    test: async (by, suites, workspace) => await orStarting(desk()).test(by, { suites, workspace }),
  };
  const owned = stack.move();
  return {
    lab,
    tests,
    labs,
    async openDesk(work) {
      const opened = createLabDesk({
        ...options,
        lab,
        tests,
        work,
        testedFirst: async ({ name }, repository) => {
          for (const each of await repositoriesOf(name)) {
            if (repository !== undefined && each.repository !== repository) continue;
            const read = await readFrontdeskYaml(each.folder);
            if (read.ok && read.settings.testOnDeploy) return each.repository;
          }
          return undefined;
        },
        wishes: store.collection({
          name: 'lab-wishes',
          schema: deployWishSchema,
          version: 1,
          tidy: forgetOver((wish) => (wish.status === 'begun' ? wish.at : null)),
        }),
        sessions: store.collection({
          name: 'test-wishes',
          schema: testSessionSchema,
          version: 1,
          tidy: forgetOver((wish) => (wish.told ? wish.startedAt : null)),
        }),
      });
      owned.use(opened);
      late.desk = opened;
      const resumed = await opened.resumeAll();
      log.info({ resumed }, 'lab.ready');
      return opened;
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
