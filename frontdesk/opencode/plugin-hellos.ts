/** What the stamp plugin says when OpenCode loads it: `POST {stampUrl}/hello`. */
export interface PluginHello {
  /** Of the plugin's own file, hex. */
  readonly sha256: string;
}

/** Implemented by the HTTP gateway that receives the plugin's hellos. */
export interface PluginHellos {
  /**
   * The next hello: one that is waiting, or else the first to arrive.
   * @throws when none came within `timeoutMs`
   */
  next(timeoutMs: number): Promise<PluginHello>;
}
