/** A work session on real git and a real store that asks, for the tests of deadlines; hosts and chat are in memory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAsks } from '../../frontdesk/asks/asks.ts';
import { createDiscussions } from '../../frontdesk/asks/discuss.ts';
import { createDocuments, type Written } from '../../frontdesk/asks/documents.ts';
import { createExpiry } from '../../frontdesk/asks/expiry.ts';
import { lateJobSchema } from '../../frontdesk/asks/late-work.ts';
import { createLate } from '../../frontdesk/asks/late.ts';
import { askRulesSchema } from '../../frontdesk/asks/record.ts';
import type { LoadedFile } from '../../frontdesk/threads/incoming.ts';
import { activitySchema, confirmationSchema, proposalSchema } from '../../frontdesk/work/record.ts';
import { type Ask, askSchema, type Question } from '../../mcp-servers/kit/asks.ts';
import type { Chat, ChatFile, ChatHistoryEntry, ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { policySchema } from '../../mcp-servers/kit/policy.ts';
import { openStore } from '../../mcp-servers/kit/store/store.ts';
import type { Hosts, HostSnapshot } from '../../mcp-servers/kit/work.ts';
import { createGround, git } from './git-ground.ts';
import { anna, clickButton, createWorkWorld, thread } from './work-world.ts';

export const here = thread('1.0');
/** Where discussions are. */
export const there = thread('7.0');
export const workspace = 'ai-dev-domain-apis-implement-login';

export const abQuestion: Question = {
  header: 'Database',
  question: 'Which database?',
  options: [
    { label: 'Postgres (Recommended)', description: '' },
    { label: 'SQLite', description: '' },
  ],
  multiple: false,
};

/** @param policy as in the configuration */
export async function createLateRig(policy: object = { deadline: { wallMinutes: 60 } }) {
  const stack = new AsyncDisposableStack();
  const ground = stack.use(await createGround());
  const dir = await mkdtemp(path.join(tmpdir(), 'late-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  await ground.addRepository('api');
  const world = createWorkWorld();
  /** What OpenCode was answered. */
  const replies: string[] = [];
  /** OpenCode lives on when the service ends. */
  let waiting: HostSnapshot['waiting'] = [];
  const answered = (requestId: string) => {
    waiting = waiting.filter((each) => each.requestId !== requestId);
  };
  let checkpoints = 0;
  /** By the last part of their ids: messages that cannot be stored, so many times. */
  const refusals = new Map<string, number>();
  /** What was attached, by id; and what people wrote, which the chat keeps. */
  const files = new Map<string, ChatFile>();
  const written = new Map<string, ChatHistoryEntry>();

  const uploaded: { file: LoadedFile } = { file: { ok: false, name: '', reason: 'there is none' } };

  const live = async () => {
    const store = await openStore({ dir, log: createSilentLog() });
    const workspaces = await ground.open({
      projects: [{ name: 'ai-dev/domain-apis', repositories: ['api'] }],
    });
    const collections = {
      proposals: store.collection({ name: 'proposals', schema: proposalSchema, version: 1 }),
      confirmations: store.collection({ name: 'confirmations', schema: confirmationSchema, version: 1 }),
      activity: store.collection({ name: 'activity', schema: activitySchema, version: 1 }),
    };
    const jobs = store.collection({ name: 'late', schema: lateJobSchema, version: 1 });
    const life = world.live({ ports: { workspaces, ...collections } });
    const { ports } = life;
    const hosts: Hosts = {
      ...ports.hosts,
      snapshot: async (host) => ({ ...(await ports.hosts.snapshot(host)), waiting }),
      async replyQuestion({ requestId, answers }) {
        replies.push(`${requestId}: ${JSON.stringify(answers)}`);
        answered(requestId);
      },
      async replyPermission({ requestId, reply, message = '' }) {
        replies.push(`${requestId}: ${reply} ${message}`.trim());
        answered(requestId);
      },
    };
    const chat: Chat = {
      ...ports.chat,
      async say(ref, id, message) {
        const left = refusals.get(id.split('/').at(-1) ?? '') ?? 0;
        if (left > 0) {
          refusals.set(id.split('/').at(-1) ?? '', left - 1);
          throw new Error('no space left on device');
        }
        await ports.chat.say(ref, id, message);
      },
      attach: async (_, id, file) => void files.set(id, file),
      history: async () => [...written.values()],
    };
    const rules = store.collection({ name: 'rules', schema: askRulesSchema, version: 1 });
    const counted: typeof workspaces = {
      ...workspaces,
      checkpoint: (...args) => ((checkpoints += 1), workspaces.checkpoint(...args)),
    };
    let documents: ReturnType<typeof createDocuments> | undefined;
    let discussions: ReturnType<typeof createDiscussions> | undefined;
    const parts = { ...ports, workspaces: counted, hosts, chat, policyOf: () => policySchema.parse(policy) };
    const asks = createAsks({
      ...parts,
      asks: store.collection({ name: 'asks', schema: askSchema, version: 1 }),
      rules,
      acceptWords: async () => {},
      remember: () => {},
      metrics: { observe: () => {}, gauge: () => {} },
      extensions: [
        createExpiry(parts),
        createLate({ ...parts, jobs, work: () => life.work }),
        (room) =>
          (documents = createDocuments({ chat, loadFile: async () => uploaded.file }, room)).extension,
        (room) =>
          (discussions = createDiscussions(
            {
              ...parts,
              async openThread(_, id, markdown) {
                await chat.say(there, 'root', { kind: 'text', markdown: `${markdown} (${id})` });
                return there;
              },
              linkTo: async ({ thread: root }) => `https://chat.test/${root}`,
            },
            room,
          )).extension,
      ],
    });
    await life.work.resumeAll();
    await asks.resumeAll();
    const sessionId = () => workspaces.find(workspace)?.state.session?.id ?? '';
    let last = '';
    return {
      ...life,
      asks,
      jobs,
      workspaces,
      hosts,
      /** What OpenCode asks, as its bridge tells it. Resolves with it stored. */
      async hears(requestId: string, kind: 'question' | 'permission', request: unknown): Promise<Ask> {
        const known = new Set(asks.pending().map(({ id }) => id));
        const stored = Promise.withResolvers<Ask>();
        using _ = asks.onChange((ask) => {
          if (!known.has(ask.id)) stored.resolve(ask);
        });
        waiting = [...waiting, { kind, sessionId: sessionId(), directory: '', requestId, request }];
        life.hear({ kind, sessionId: sessionId(), requestId, request });
        const ask = await stored.promise;
        last = ask.id;
        return ask;
      },
      /** A person writes in a thread. @returns whether it was for a question */
      async writes(ref: ThreadRef, text: string, file?: LoadedFile): Promise<boolean> {
        const messageId = `9.${written.size}`;
        written.set(messageId, { id: messageId, author: anna, own: false, text });
        if (file !== undefined) uploaded.file = file;
        const named =
          file === undefined ? [] : [{ name: file.name, mime: 'text/markdown', size: 1, source: '' }];
        const message: Written = {
          kind: 'message',
          ref,
          messageId,
          eventId: messageId,
          author: anna,
          text,
          files: named,
          addressing: 'open',
        };
        return ((await documents?.take(message)) || (await discussions?.take(message))) ?? false;
      },
      latest: async () => await asks.get(last),
      async press(label: string, person = anna, ref = here) {
        const button = world
          .cards(ref)
          .flatMap(({ buttons = [] }) => buttons)
          .findLast((each) => each.label === label && each.action.startsWith('ask.'));
        if (button === undefined) throw new Error(`no button ${label}`);
        const by = { person, ref, requestId: `click-${label}-${person}` };
        return await asks.click(by, button.action, button.value);
      },
      async end() {
        await asks[Symbol.asyncDispose]();
        await life.work[Symbol.asyncDispose]();
        await workspaces[Symbol.asyncDispose]();
        await store[Symbol.asyncDispose]();
      },
    };
  };

  const worktree = path.join(ground.builders, workspace, 'repos', 'api');
  return {
    world,
    live,
    replies,
    files,
    refuse: (id: string, times: number) => void refusals.set(id, times),
    worktree,
    /** A life with a session that works. */
    async begin() {
      const life = await live();
      await life.work.propose(
        { person: anna, ref: here, requestId: 'start' },
        { project: 'api', title: 'Implement login', description: '', priority: 'normal' },
      );
      await clickButton(world, life.work, { ref: here, label: 'Start' });
      await world.until(() => life.work.busy === 0, 'the start');
      return life;
    },
    subjects: async (ref: string) => (await git(worktree, 'log', '--format=%s', ref)).split('\n'),
    /** What the agent was sent, without its task. */
    messages: () =>
      [...(world.hosts.get('local')?.sessions.values() ?? [])]
        .flatMap((each) => each.messages)
        .slice(1)
        .map(({ text }) => text),
    /** Attempts to keep what there is. */
    get checkpoints() {
      return checkpoints;
    },
    pass: (minutes: number) => world.pass(minutes * 60_000),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export type LateRig = Awaited<ReturnType<typeof createLateRig>>;
export type LateLife = Awaited<ReturnType<LateRig['live']>>;
