import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The one door to prom-client. Metrics come into being when first used, so that a room needs only their names. */
export interface Metrics {
  /** Adds to a counter, e.g. `count('slack_retries_total', { method: 'chat.postMessage' })`. */
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void;
  /** Records a duration in seconds, e.g. `observe('slack_command_duration_seconds', 0.2, { command })`. */
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void;
  /** Registers a level that is read when scraped, e.g. `gauge('outbox_depth', () => outbox.depth())`. */
  gauge(name: string, read: () => number): void;
  /** @returns the Prometheus text format and its content type */
  render(): Promise<{ text: string; contentType: string }>;
}

/** Seconds. Around the limits of SPEC OP-2: 3 s commands, 30 s deployments, 1 s permission forwarding. */
const buckets = [0.01, 0.05, 0.1, 0.3, 1, 3, 10, 30, 60, 300];

export interface MetricsOptions {
  /** CPU, memory, event loop lag of this process. */
  readonly processMetrics?: boolean;
}

export function createMetrics({ processMetrics = true }: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const describe = (name: string, labels: object) => ({
    name,
    help: name.replaceAll('_', ' '),
    labelNames: Object.keys(labels),
    registers: [registry],
  });

  return {
    count(name, labels = {}, by = 1) {
      const counter = counters.get(name) ?? new Counter(describe(name, labels));
      counters.set(name, counter);
      counter.inc(labels, by);
    },
    observe(name, seconds, labels = {}) {
      const histogram = histograms.get(name) ?? new Histogram({ ...describe(name, labels), buckets });
      histograms.set(name, histogram);
      histogram.observe(labels, seconds);
    },
    gauge(name, read) {
      void new Gauge({
        ...describe(name, {}),
        collect() {
          this.set(read());
        },
      });
    },
    async render() {
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
  };
}
