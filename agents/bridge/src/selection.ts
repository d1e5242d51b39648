/**
 * Which agent and model a prompt runs with that a person typed into a session the service works with (WS-6). Pure.
 *
 * OpenCode's page sends with each prompt what is selected in it, and goes on sending what a session was begun with after the
 * service gave it to another agent: no choice of anybody. So what the session had before the service took it up counts as not
 * chosen; whatever is new is chosen. Who has once chosen chooses on, also the old.
 */

/** A model as OpenCode names it. */
export interface ModelRef {
  readonly providerID: string;
  readonly modelID: string;
}

export interface Selection {
  readonly agent: string;
  readonly model: ModelRef;
}

/** A prompt that was given to a session, as it ran. */
export interface Given extends Selection {
  /** By the service, on behalf of the people in the chat. */
  readonly byService: boolean;
}

/** @param earlier the session's prompts, oldest first @returns `asked` itself where it stands */
export function decideSelection(earlier: readonly Given[], asked: Selection): Selection {
  const agent = decideOne(earlier, asked, ({ agent: name }) => name);
  const model = decideOne(earlier, asked, ({ model: { providerID, modelID } }) => `${providerID}/${modelID}`);
  return agent === asked && model === asked ? asked : { agent: agent.agent, model: model.model };
}

/** @returns of whom the value is to be taken */
function decideOne(
  earlier: readonly Given[],
  asked: Selection,
  valueOf: (selection: Selection) => string,
): Selection {
  const ofService = earlier.findLast(({ byService }) => byService);
  if (ofService === undefined) return asked;
  const value = valueOf(ofService);
  // Since the service works with this one; a change of its own begins anew.
  const other = earlier.findLastIndex((given) => given.byService && valueOf(given) !== value);
  const from = earlier.findIndex((given, at) => at > other && given.byService);
  const hasChosen = earlier.slice(from).some((given) => valueOf(given) !== value);
  const wasBefore = earlier.slice(0, from).some((given) => valueOf(given) === valueOf(asked));
  return wasBefore && !hasChosen ? ofService : asked;
}
