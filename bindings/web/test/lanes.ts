// Tests side by side. Most of what a test takes is waiting: for blocks, for pages that look at the chain every few seconds,
// for a node that does not answer. So several groups of tests run at once, and each has what it stands on to itself.

/** How many groups run at once: more would keep each other from the processor, and tests do look at the clock. */
const AT_ONCE = 2;

/** Runs every group, the first ones first, some at once. */
export async function sideBySide<T>(groups: readonly T[], run: (group: T) => Promise<void>): Promise<void> {
  const left = [...groups];
  const lane = async () => {
    for (let group; (group = left.shift()) !== undefined;) await run(group);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** How the tests went so far. */
export class Score {
  passed = 0;
  failed = 0;

  /** Runs a test and tells how it went; `details` is what else there is to say if it failed. */
  async of(name: string, test: () => Promise<void>, details: () => Promise<string> = async () => ""): Promise<void> {
    const started = performance.now();
    try {
      await test();
      this.passed++;
      console.log(`ok    ${name} (${Math.round(performance.now() - started)} ms)`);
    } catch (error) {
      this.failed++;
      const stack = String(error instanceof Error ? error.stack : error).replaceAll(/^/gm, "      ");
      console.log(`FAIL  ${name}\n${stack}\n${await details()}`.trimEnd());
    }
  }
}
