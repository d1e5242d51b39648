import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { PostOptions, SlackServer } from '../slack/types.ts';
import { type Command, help } from './commands.ts';
import { parseFields, renderForm, renderHome } from './forms.ts';
import {
  bot,
  devChannel,
  dmOf,
  findButton,
  hasActed,
  isAcknowledged,
  isBusy,
  nameOf,
  namesFor,
  people,
  renderJournal,
} from './slack-side.ts';
import type { Numbered } from './view.ts';

/** Where the person at the terminal sits. */
interface Seat {
  readonly person: string;
  readonly dm: boolean;
  /** Root of the open thread in #dev. */
  readonly thread: string | undefined;
}

export interface DeskParts {
  readonly slack: SlackServer;
  /** Numbers as they are printed. */
  readonly numbers: () => Numbered;
  /** Nothing is waited for when the service is not. */
  readonly running: () => boolean;
  /** Whether the service has no turn and nothing to send. */
  readonly idle: () => Promise<boolean>;
  readonly restart: () => Promise<void>;
  readonly logTail: () => Promise<string>;
  readonly note: (text: string) => void;
  /** Whether to wait after each command until the bot has finished (a pipe), or not (somebody types). */
  readonly waits: boolean;
}

export interface Desk {
  /** Does what a line asks. @returns false when it asks to end. Never throws: what fails is noted */
  perform(command: Command): Promise<boolean>;
  /** e.g. `Anna #dev`. */
  readonly label: () => string;
}

/** An app acknowledges within 3 s or Slack tries again; this covers one try and a restart in between. */
const ackWithinMs = 15_000;
const beginWithinMs = 5_000;
/** A question is shown soon after its agent has stopped to ask. */
const buttonWithinMs = 10_000;
/** A trigger is good for 3 s. */
const formWithinMs = 3_000;
const finishWithinMs = 180_000;
/** How often the service is asked whether it is idle. */
const askAgainMs = 50;

/** The commands of the try prompt, performed on the Slack server as the person who sits there. */
export function createDesk(parts: DeskParts): Desk {
  const { slack, note } = parts;
  const own = new Map<string, string>();
  // What an earlier run has kept goes on where it was.
  const opened = slack.messages(devChannel.id).findLast(({ bot }) => !bot);
  let seat: Seat = { person: 'U_ANNA', dm: false, thread: opened?.ts };

  const channelOf = () => (seat.dm ? dmOf(seat.person) : devChannel.id);
  const placeKey = () => (seat.dm ? `${channelOf()}:` : `${devChannel.id}:${seat.thread ?? ''}`);
  const ownKey = () => `${seat.person} ${placeKey()}`;
  /** Who has mentioned the bot already need not do so twice. */
  const mentioning = (text: string) => (/^@frontdesk\b/i.test(text) ? text : `<@${slack.botUserId}> ${text}`);

  /** Acts, then waits: for the ack, for the first sign of work, and (`finish`) for its end. */
  const act = async (action: () => Promise<unknown>, finish = true) => {
    const since = slack.journal.at(-1)?.seq ?? 0;
    const channel = channelOf();
    const { person } = seat;
    const form = slack.as(person).modal()?.id;
    const hasForm = () => ![undefined, form].includes(slack.as(person).modal()?.id);
    await action();
    if (!parts.waits) return void reaches(hasForm, formWithinMs).then((isNew) => isNew && showForm());
    await waitFor(
      () => isAcknowledged(slack, since) || !parts.running(),
      'the service to acknowledge',
      ackWithinMs,
    );
    if (!people.some(({ id, allowed }) => allowed && id === seat.person)) return;
    // Some things are rightly met with silence; then there is nothing to wait for.
    await reaches(() => hasActed(slack, channel, since) || hasForm() || !parts.running(), beginWithinMs);
    if (finish) await waitUntilQuiet();
    if (hasForm()) showForm();
  };

  const reaches = (condition: () => boolean, withinMs: number) =>
    slack.until(condition, 'this', withinMs).then(
      () => true,
      () => false,
    );
  const waitFor = async (condition: () => boolean, what: string, withinMs: number) => {
    if (!(await reaches(condition, withinMs))) note(`(waited ${withinMs / 1_000} s for ${what})`);
  };
  /** Slack shows when work ends, the service when what it still has to send is sent: both have to be so. */
  const waitUntilQuiet = async () => {
    const deadline = Date.now() + finishWithinMs;
    const left = () => Math.max(deadline - Date.now(), 1);
    for (;;) {
      const seen = await reaches(() => !isBusy(slack) || !parts.running(), left());
      if (seen && ((await parts.idle()) || !parts.running()) && !isBusy(slack)) return;
      if (left() === 1) return note(`(waited ${finishWithinMs / 1_000} s for ${bot} to finish)`);
      await delay(askAgainMs);
    }
  };

  const say = async (text: string, finish: boolean, options: PostOptions = {}) => {
    const { person, dm, thread } = seat;
    await act(async () => {
      const who = slack.as(person);
      if (dm) return void own.set(ownKey(), await who.dm(text, options));
      const opening = thread === undefined;
      const words = opening ? mentioning(text) : text;
      const ts = await who.post(devChannel.id, words, opening ? options : { ...options, threadTs: thread });
      if (opening) seat = { ...seat, thread: ts };
      own.set(ownKey(), ts);
    }, finish);
  };

  const edit = async (text: string) => {
    const ts = own.get(ownKey());
    if (ts === undefined) return note(`${nameOf(seat.person)} has not said anything here yet.`);
    // An edit must not lose the mention that a thread began with.
    const words = !seat.dm && ts === seat.thread ? mentioning(text) : text;
    return act(() => slack.as(seat.person).edit(channelOf(), ts, words));
  };

  const click = async (number: number) => {
    const key = parts.numbers()[number - 1];
    const button = key === undefined ? undefined : findButton(slack, key);
    if (!button)
      return note(key === undefined ? `There is no button ${number}.` : `Button ${number} is gone.`);
    return pressButton(button);
  };

  /** The last one shown that is called so: numbers depend on what was shown before. */
  const press = async (label: string) => {
    const find = () =>
      parts
        .numbers()
        .map((key) => findButton(slack, key))
        .findLast((found) => isCalled(found?.label ?? '', label));
    // A script presses what is about to be shown.
    if (parts.waits) await reaches(() => find() !== undefined, buttonWithinMs);
    const button = find();
    return button === undefined ? note(`There is no button called ${label}.`) : pressButton(button);
  };

  const pressButton = async (button: NonNullable<ReturnType<typeof findButton>>) => {
    note(`(${nameOf(seat.person)} presses [${button.label}])`);
    return act(async () => {
      const { acked } = await slack.as(seat.person).click(button.channel, button.ts, button.target);
      if (!acked) note('(Slack shows a warning sign at the button: the service did not acknowledge)');
    });
  };

  const showForm = () => {
    const form = slack.as(seat.person).modal();
    note(form === undefined ? 'No form is open.' : renderForm(form, namesFor(slack.botUserId)));
  };

  const submit = async (fields: string) => {
    const form = slack.as(seat.person).modal();
    if (form === undefined || fields === '') return showForm();
    const values = parseFields(fields, form);
    return act(async () => {
      const { errors = {}, acked } = await slack.as(seat.person).submit(form.id, values);
      for (const [name, problem] of Object.entries(errors)) note(`${name}: ${problem}`);
      if (acked && Object.keys(errors).length === 0) note(`(${nameOf(seat.person)} sends the form)`);
    });
  };

  const home = async () => {
    await slack.as(seat.person).openHome();
    await reaches(() => slack.as(seat.person).home() !== undefined, beginWithinMs);
    const view = slack.as(seat.person).home();
    return note(view === undefined ? 'App Home is empty.' : renderHome(view, namesFor(slack.botUserId)));
  };

  const react = async (emoji: string) => {
    const root = seat.thread ?? '';
    const messages = seat.dm ? slack.messages(channelOf()) : slack.thread(devChannel.id, root);
    const last = messages.findLast((message) => message.bot && message.ephemeralTo === undefined);
    if (!last) return note(`${bot} has not said anything here yet.`);
    return act(() => slack.as(seat.person).react(last.channel, last.ts, emoji));
  };

  const sitAs = (person: string) => {
    if (!people.some(({ id }) => id === person)) {
      return note(`There is no ${person}. There are: ${people.map(({ id }) => id).join(', ')}.`);
    }
    seat = { ...seat, person };
    const allowed = people.some(({ id, allowed }) => allowed && id === person);
    return note(
      `You are ${nameOf(person)}${allowed ? '' : ', who is not on the allowlist: expect silence'}.`,
    );
  };

  const perform = async (command: Command): Promise<void> => {
    switch (command.kind) {
      case 'say':
        return say(command.text, command.wait);
      case 'stop':
        return say('stop', true);
      case 'file': {
        const content = await readFile(command.path);
        return say(command.text, true, { files: [{ name: basename(command.path), content }] });
      }
      case 'edit':
        return edit(command.text);
      case 'click':
        return click(command.number);
      case 'press':
        return press(command.label);
      case 'react':
        return react(command.emoji);
      case 'slash':
        return act(
          async () => void (await slack.as(seat.person).slash('/opencode', command.text, channelOf())),
        );
      case 'form':
        return submit(command.fields);
      case 'home':
        return home();
      case 'shortcut': {
        const ts = own.get(ownKey());
        if (ts === undefined) return note(`${nameOf(seat.person)} has not said anything here yet.`);
        return act(
          async () => void (await slack.as(seat.person).shortcut('opencode_thread', channelOf(), ts)),
        );
      }
      case 'as':
        return sitAs(command.person);
      case 'dm':
      case 'channel':
        seat = { ...seat, dm: command.kind === 'dm' };
        return note(seat.dm ? `You write to ${bot} directly.` : `You are in #${devChannel.name}.`);
      case 'new':
        seat = { ...seat, dm: false, thread: undefined };
        return note('The next line opens a new thread.');
      case 'restart':
        await parts.restart();
        if (parts.waits) await waitUntilQuiet();
        return;
      case 'wait':
        return waitUntilQuiet();
      case 'journal':
        return note(renderJournal(slack.journal, command.count).join('\n'));
      case 'log':
        return note(await parts.logTail());
      case 'help':
        return note(help);
      case 'wrong':
        return note(command.why);
      case 'nothing':
      case 'quit':
    }
  };

  return {
    label: () =>
      `${nameOf(seat.person)} ${seat.dm ? 'DM' : `#${devChannel.name}`}${!seat.dm && seat.thread === undefined ? ' (new thread)' : ''}`,
    async perform(command) {
      try {
        await perform(command);
      } catch (error) {
        note(`That did not work: ${describeError(error)}`);
      }
      return command.kind !== 'quit';
    },
  };
}

/** `pm` is enough for “pm – specifies”. */
function isCalled(shown: string, typed: string): boolean {
  const [is, wanted] = [shown.toLowerCase(), typed.toLowerCase()];
  return is === wanted || is.startsWith(`${wanted} – `);
}
