/** Which models the configuration means. */
import { defaultWorkModels, type WorkModel } from '../mcp-servers/sessions/models.ts';
import type { Config } from './config/schema.ts';
import type { ModelOptions } from './opencode/config.ts';

/** The one that talks to people. */
export function frontDeskModelOf(config: Config): ModelOptions {
  return {
    id: config.model,
    baseUrl: config.modelBaseUrl,
    apiKey: config.modelApiKey,
    contextLimit: config.modelBaseUrl === undefined ? undefined : config.modelContext,
  };
}

type ModelSetting = WorkModel & { readonly apiKey?: string };

/** Those that code. Configured ones; else the front desk's own model where it runs on a server of one's own; else the suggested pair. */
export function workModelsOf(
  config: Pick<Config, 'workModels' | 'modelBaseUrl' | 'modelApiKey'> & {
    readonly model?: string | undefined;
  },
): readonly ModelSetting[] {
  if (config.workModels !== undefined)
    return config.workModels.map(({ baseUrl, apiKey, ...model }) => ({
      ...model,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(apiKey === undefined ? {} : { apiKey, headers: { authorization: `Bearer ${apiKey}` } }),
    }));
  if (config.modelBaseUrl === undefined || config.model === undefined) return defaultWorkModels;
  const own: ModelSetting = {
    id: config.model,
    agents: ['architect', 'pm', 'builder', 'party-mode'],
    reason: 'the model the front desk runs on',
    baseUrl: config.modelBaseUrl,
  };
  return [config.modelApiKey === undefined ? own : { ...own, apiKey: config.modelApiKey }];
}

/** As OpenCode is told of them; the first one is its default. */
export function toModelOptions(models: readonly ModelSetting[]): [ModelOptions, ...ModelOptions[]] {
  return models.map(({ id, baseUrl, apiKey }) => ({ id, baseUrl, apiKey })) as [
    ModelOptions,
    ...ModelOptions[],
  ];
}
