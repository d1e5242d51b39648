/** Where a person is asked: the form in OpenCode, the card in the chat; and how each shows what was answered in the other. */
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Hosts } from '../../mcp-servers/kit/work.ts';
import type { StartRequest } from '../../mcp-servers/sessions/request.ts';
import type { ProjectEntry } from '../../mcp-servers/workspaces/contract.ts';
import type { ExploringPorts } from './exploring.ts';
import { answersOf, buildForm, isForm } from './form.ts';
import { adoptionId, type Exploring, inOpenCode } from './record.ts';
import { askInOpenCode, exploringCard } from './texts.ts';

export interface AskingParts extends Pick<ExploringPorts, 'hosts' | 'chat' | 'ownerOf' | 'dmOf' | 'log'> {
  readonly store: (record: Exploring) => Promise<Exploring>;
  readonly projectsNow: () => Promise<readonly ProjectEntry[]>;
}

/** All in the session's lane. Those that change the record store it, and return it as it is then. */
export function createAsking({ hosts, chat, ownerOf, dmOf, log, store, projectsNow }: AskingParts) {
  const show = async (record: Exploring): Promise<void> => {
    if (record.card === null) return;
    const { ref, id } = record.card;
    const name = record.by === '' || record.by === inOpenCode ? '' : await chat.nameOf(record.by);
    await chat.change(ref, id, { kind: 'card', card: exploringCard(record, await projectsNow(), name) });
  };

  const askInChat = async (record: Exploring): Promise<Exploring> => {
    const owner = ownerOf(record.host);
    const ref = record.card?.ref ?? (owner === undefined ? null : await dmOf(owner));
    if (ref === null) return record;
    const card = record.card ?? { ref, id: `${adoptionId(record)}/card` };
    // Stored first: a card that is shown is known.
    const stored = record.card === null ? await store({ ...record, card }) : record;
    await chat.say(ref, card.id, { kind: 'card', card: exploringCard(stored, await projectsNow(), '') });
    return stored;
  };

  const release = async (
    { host, id, directory, hold }: Exploring,
    refusal: Parameters<Hosts['releaseWrite']>[0]['refusal'],
  ): Promise<void> => {
    if (hold === null) return;
    await hosts.releaseWrite({ host, sessionId: id, directory, holdId: hold.id, refusal });
  };

  const askInUi = async (record: Exploring): Promise<Exploring> => {
    const { hold } = record;
    if (hold === null) return record;
    const asked = await store({
      ...record,
      hold: { ...hold, waits: false },
      form: { requestId: null, run: hosts.instanceOf(record.host) ?? '' },
    });
    const form = buildForm(asked, await projectsNow());
    await release(asked, { message: askInOpenCode, form });
    return asked;
  };

  /** Answered in the chat, the form is filled in: else the page would show it as failed, and its turn as interrupted. */
  const answerForm = async (record: Exploring, request: StartRequest): Promise<Exploring> => {
    const requestId = record.form?.requestId;
    if (requestId == null || record.by === inOpenCode) return record;
    const { host, directory } = record;
    const answers = answersOf(request, buildForm(record, await projectsNow()).length);
    try {
      await hosts.replyQuestion({ host, directory, requestId, answers });
    } catch (error) {
      // Its host is away; or it is answered there just now, which comes too late.
      log.info({ err: describeError(error) }, 'exploring.form.unanswered');
      return record;
    }
    return await store({ ...record, form: null });
  };

  /**
   * Right also where an event was lost: it went into a dying line, or the service was killed over it (ADR 10).
   * @returns the question that is the form, as its OpenCode has it now; null: it has none; undefined: not known
   */
  const findForm = async ({ id, host }: Exploring): Promise<string | null | undefined> => {
    try {
      const { waiting } = await hosts.snapshot(host);
      const found = waiting.find(
        ({ kind, sessionId, request }) => kind === 'question' && sessionId === id && isForm(request),
      );
      return found?.requestId ?? null;
    } catch {
      return undefined;
    }
  };

  return { show, askInChat, askInUi, answerForm, findForm, release };
}
