import { chatRemembersMs } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import { showProject } from '../../mcp-servers/kit/work.ts';
import { chooseModel, suggestModel, type WorkModel } from '../../mcp-servers/sessions/models.ts';
import type { StartRequest, Suggestion } from '../../mcp-servers/sessions/request.ts';
import { decideRouting } from '../../mcp-servers/sessions/routing.ts';
import type { StartWords } from '../../mcp-servers/sessions/server.ts';
import { line } from '../../watcher/words.ts';
import { adoptionOf, chooseOwnModel, nameFor, withdrawn } from './adopt.ts';
import { proposalCard } from './cards.ts';
import type { Claims } from './claim.ts';
import { decideClick, lateText, type ProposalClick } from './decide-proposal.ts';
import { completeRequest } from './find.ts';
import type { Adoption, OwnSession } from './contract.ts';
import type { Answer, By, WorkPorts } from './ports.ts';
import { isCardElsewhere, isStartOver, type Proposal } from './record.ts';
import type { Start } from './start.ts';
import { percent } from './texts.ts';

/** A start that could not go on (disk full, its host away) is tried again after this long. */
const retryMs = 5000;

/** From a wish to a claimed start: the card, its clicks, the limit, models that are waited for. */
export interface Proposals {
  suggest(task: { title: string; description: string }): Promise<Suggestion>;
  propose(by: By, words: StartWords): Promise<Answer>;
  submit(by: By, request: StartRequest): Promise<string | null>;
  adopt(by: By, request: StartRequest, session: OwnSession): Promise<string | null>;
  cancelAdoption(requestId: string, reason: string): Promise<void>;
  adoption(requestId: string): Promise<Adoption>;
  click(by: By, action: string, value: string): Promise<string | null>;
  resumeAll(): Promise<number>;
  tick(): void;
  /** Lets what runs end as it can; what does not end stays stored. */
  drain(): Promise<void>;
  readonly running: number;
}

export function createProposals(
  ports: WorkPorts,
  claims: Claims,
  start: Start,
  onResumed: (workspace: string) => void,
): Proposals {
  const { workspaces, chat, proposals, models, health, rules, log, now, steady } = ports;
  const { starting, waiting, refusal, claim, modelOf } = claims;
  const running = new Map<string, Promise<void>>();
  const retries = new Map<string, number>();
  const stop = new AbortController();

  const suggest = async (task: { title: string; description: string }): Promise<Suggestion> => {
    const routing = decideRouting(task, rules);
    return { routing, model: await chooseModel(suggestModel(routing.agent, models), health) };
  };

  const render = async (proposal: Proposal): Promise<void> => {
    const { ref, id } = proposal;
    if (ref === null) return;
    const card = proposalCard(proposal, models, await chat.nameOf(proposal.by));
    await chat.change(ref, id, { kind: 'card', card });
  };

  const build = (by: By, request: StartRequest, { routing, model }: Suggestion): Proposal => ({
    id: `start/${by.requestId}`,
    person: by.person,
    askedIn: by.ref,
    ref: by.ref,
    request,
    workspace: nameFor(workspaces, request),
    routing,
    model,
    modelChosen: false,
    status: 'proposed',
    view: 'main',
    note: '',
    by: by.person,
    before: null,
    session: null,
    messageId: null,
    error: null,
    createdAt: now(),
    changedAt: now(),
  });

  const go = (id: string, resumed: boolean): void => {
    if (running.has(id) || stop.signal.aborted) return;
    const attempt = async () => {
      let proposal = await proposals.get(id);
      if (proposal?.status === 'placing') {
        await place(proposal);
        proposal = await proposals.get(id);
      }
      if (proposal?.status !== 'starting') return true;
      starting.set(id, proposal.workspace);
      const ended = await start.run(proposal, { signal: stop.signal, resumed });
      if (ended && resumed) onResumed(proposal.workspace);
      return ended;
    };
    const task = attempt()
      .then((ended) => void (ended ? starting.delete(id) : retries.set(id, steady() + retryMs)))
      .catch((error: unknown) => {
        log.error({ err: describeError(error), proposal: id }, 'work.start.stranded');
        retries.set(id, steady() + retryMs);
      })
      .finally(() => running.delete(id));
    running.set(id, task);
  };

  const startNow = async (id: string, by: string): Promise<Proposal | undefined> => {
    const { proposal, claimed } = await claim(id, by);
    if (proposal !== undefined) await render(proposal);
    if (claimed) go(id, false);
    return claimed || proposal?.status !== 'starting' ? proposal : undefined;
  };

  /** Opens the thread of a submitted form, then goes on from there. */
  const place = async (placing: Proposal): Promise<void> => {
    const { id, person, request } = placing;
    const text = `⏳ Starting session… **${line(request.title)}** → ${showProject(request.project)}`;
    const ref = await ports.places.open({ id, person, project: request.project, text });
    const unsure = placing.adopt === undefined && placing.routing.confidence < rules.confidentFrom;
    const placed = await proposals.update(id, (current) =>
      current?.status === 'placing'
        ? ref === null
          ? { ...current, status: 'cancelled' }
          : { ...current, ref, status: 'proposed', changedAt: now() }
        : current,
    );
    if (ref === null) {
      const place =
        'Neither the project’s channel nor a direct message to you can be posted to, so nothing was started.';
      return await chat.whisper(placing.askedIn, person, place);
    }
    if (placed?.status !== 'proposed') return;
    await chat.say(ref, id, { kind: 'card', card: proposalCard(placed, models, '') });
    if (!unsure) await startNow(id, person);
  };

  return {
    suggest,

    async propose(by, words) {
      const { projects } = await workspaces.projects();
      const request = completeRequest(words, projects);
      const made = build(by, request, await suggest(request));
      const refused = refusal(made);
      if (refused !== '') return { text: refused, shown: false };
      const proposal = await proposals.update(made.id, (known) => known ?? made);
      if (proposal === undefined) throw new TypeError('not stored');
      await chat.say(by.ref, proposal.id, { kind: 'card', card: proposalCard(proposal, models, '') });
      const { routing, model } = proposal;
      const text = [
        `Proposed “${request.title}” in ${showProject(request.project)}: ${routing.agent} (${percent(routing.confidence)}, ${routing.reason})`,
        `with ${model.id}${model.available ? '' : `, which is not available now: ${model.problem}`}.`,
        'The card with [Start] is in the thread; it starts when somebody clicks it.',
      ].join(' ');
      return { text, shown: true };
    },

    async submit(by, request) {
      const routing = decideRouting(request, rules);
      const { id, reason } = suggestModel(routing.agent, models);
      // Its health is asked at the start itself: Slack waits 3 s for an answer to the form.
      const made = build(by, request, { routing, model: { id, reason, available: true, problem: '' } });
      const refused = refusal(made);
      if (refused !== '') return refused;
      const stored = await proposals.update(
        made.id,
        (known) => known ?? { ...made, ref: null, status: 'placing' },
      );
      if (stored?.status === 'placing') go(made.id, false);
      return null;
    },

    async adopt(by, request, { model: wanted, ...adopt }) {
      const routing = decideRouting(request, rules);
      const model = chooseOwnModel(wanted, routing.agent, models);
      const workspace = nameFor(workspaces, request, new Set(starting.values()));
      const own = { workspace, adopt, status: 'placing', ref: null } as const;
      const made: Proposal = { ...build(by, request, { routing, model }), ...own };
      const known = await proposals.get(made.id);
      const refused = known === undefined ? refusal(made) : '';
      if (refused !== '') return refused;
      const stored = await proposals.update(made.id, (current) => current ?? made);
      if (stored?.status === 'placing') go(made.id, false);
      // Killed before it could begin.
      if (known !== undefined && stored?.status === 'proposed') await startNow(made.id, by.person);
      return null;
    },

    async cancelAdoption(requestId, reason) {
      const id = `start/${requestId}`;
      const before = await proposals.get(id);
      const changed = await proposals.update(id, (current) => current && withdrawn(current, reason, now()));
      if (changed?.status === 'cancelled' && before?.status !== 'cancelled') {
        waiting.delete(id);
        await render(changed);
      }
    },

    adoption: async (requestId) => adoptionOf(await proposals.get(`start/${requestId}`)),

    async click(by, action, value) {
      // `id choice`; neither agents nor models have spaces in their names.
      const cut = action === 'agent' || action === 'model' ? value.lastIndexOf(' ') : value.length;
      const [id, choice] = [value.slice(0, cut), value.slice(cut + 1)];
      const current = await proposals.get(id);
      if (current === undefined) return 'This card is too old; say it again.';
      const target = current.workspace;
      const name = await chat.nameOf(by.person);
      if (action === 'start') {
        if (current.status !== 'proposed' && current.status !== 'waiting') return lateText(current);
        const proposal = await startNow(id, by.person);
        ports.audit({ person: by.person, action: 'work.start', target, outcome: proposal?.status ?? 'late' });
        return proposal === undefined ? lateText({ ...current, status: 'starting' }) : null;
      }
      const model =
        action === 'model'
          ? modelOf(choice)
          : action === 'agent'
            ? agentModel(choice, models)
            : modelOf(current.model.id);
      const chosen =
        action === 'model' || action === 'agent' ? await chooseModel(model, health) : current.model;
      let late: string | null = null;
      const click: ProposalClick = { action, choice, person: by.person, name };
      const changed = await proposals.update(id, (proposal) => {
        late = null;
        if (proposal === undefined) return proposal;
        const verdict = decideClick(proposal, click, { models, choice: chosen, now: now() });
        if (verdict.kind === 'late') late = verdict.text;
        return verdict.kind === 'changed' ? verdict.proposal : proposal;
      });
      if (late !== null) {
        // Killed before the card showed its end; a started one's card is the session's.
        if (current.status === 'cancelled' || current.status === 'failed') await render(current);
        return late;
      }
      if (changed?.status !== 'waiting') waiting.delete(id);
      if (changed) await render(changed);
      // Waiting, then another model: the start was asked for already.
      if (action === 'model' && current.status === 'waiting' && chosen.available)
        await startNow(id, by.person);
      ports.audit({ person: by.person, action: `work.${action}`, target, outcome: choice || 'done' });
      return null;
    },

    async resumeAll() {
      let count = 0;
      for await (const [id, proposal] of proposals.entries()) {
        const { status, ref } = proposal;
        if (status === 'starting') starting.set(id, proposal.workspace);
        if (status === 'waiting') waiting.add(id);
        if (isStartOver(proposal)) continue;
        count += 1;
        // Stored, and killed before the card was: saying it once more does nothing.
        if (ref !== null && !isCardElsewhere(workspaces.find(proposal.workspace)?.state, proposal)) {
          if (proposal.createdAt > now() - chatRemembersMs)
            await chat.say(ref, id, { kind: 'card', card: proposalCard(proposal, models, '') });
          await render(proposal);
        }
        if (status === 'starting' || status === 'placing') go(id, true);
      }
      return count;
    },

    tick() {
      for (const [id, at] of retries) {
        if (steady() < at) continue;
        retries.delete(id);
        go(id, true);
      }
      for (const id of waiting) {
        const retry = async () => {
          const proposal = await proposals.get(id);
          if (proposal?.status !== 'waiting') return void waiting.delete(id);
          if ((await health.check(modelOf(proposal.model.id))) === '') await startNow(id, proposal.by);
        };
        retry().catch((error: unknown) =>
          log.error({ err: describeError(error), proposal: id }, 'work.wait.failed'),
        );
      }
    },

    async drain() {
      stop.abort();
      await Promise.allSettled(running.values());
    },

    get running() {
      return running.size;
    },
  };
}

function agentModel(agent: string, models: readonly WorkModel[]): WorkModel {
  const found = models.find(({ agents }) => agents.some((each) => each === agent)) ?? models[0];
  if (found === undefined) throw new TypeError('no models are configured');
  return found;
}
