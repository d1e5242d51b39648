/** What this folder counts. The composition root hands in Prometheus. */
export interface SlackMetrics {
  count(name: string, labels?: Readonly<Record<string, string>>): void;
  gauge(name: string, read: () => number): void;
}

export const noMetrics: SlackMetrics = { count() {}, gauge() {} };
