import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Probe } from '../../mcp-servers/kit/probe.ts';
import type { Config } from '../config/schema.ts';
import type { Metrics } from '../http/metrics.ts';
import { createHttpReceiver } from './http-receiver.ts';
import { createSocketReceiver } from './receiver.ts';

/** Socket Mode, or HTTP where it is configured (IN-1). */
export function createReceiver(
  config: Config,
  parts: { log: Log; probe: Probe; metrics: Metrics; onGapEnd: () => void },
) {
  const { log, probe, metrics, onGapEnd } = parts;
  if (config.slackMode === 'http') {
    const onRejected = () => metrics.count('webhook_rejections_total');
    const { signingSecret = '', slackPort: port } = config;
    return createHttpReceiver({ signingSecret, host: config.slackHost, port, log, onRejected });
  }
  const { appToken = '', slackApiUrl } = config;
  return createSocketReceiver({ appToken, slackApiUrl, log, probe, onGapEnd });
}
