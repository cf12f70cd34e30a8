// Looking at a screen: whether everybody can use it, and how it looks.

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { Page } from "playwright-core";

import { root } from "../harness.js";

/** Where pictures go, if `LOUVER_PICTURES` asks for them. */
const FOLDER = join(root, "artifacts");
const WIDTHS = { wide: 1280, narrow: 360 } as const;

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Looks at screens, and remembers what is wrong with them. */
export class Looks {
  readonly faults: string[] = [];
  readonly seen: string[] = [];

  /** Looks at the screen as it is, in light and in dark, wide and narrow. */
  async at(page: Page, name: string): Promise<void> {
    this.seen.push(name);
    const size = page.viewportSize();
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      for (const [width, pixels] of Object.entries(WIDTHS)) {
        await page.setViewportSize({ width: pixels, height: 900 });
        // Focused elements and their surroundings are looked at as they are.
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (overflow > 0) this.faults.push(`${name}: ${overflow} pixels too wide at ${pixels}`);
        if (width === "narrow" || scheme === "dark") await this.check(page, `${name} (${scheme}, ${width})`);
        if (process.env.LOUVER_PICTURES) {
          await mkdir(FOLDER, { recursive: true });
          await page.screenshot({ path: join(FOLDER, `${name}-${scheme}-${width}.png`), fullPage: true });
        }
      }
    }
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    if (size) await page.setViewportSize(size);
  }

  private async check(page: Page, where: string): Promise<void> {
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
    const { violations, passes } = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[]; passes: unknown[] }> } };
      const { violations, passes } = await axe.run();
      return { violations, passes: passes.length };
    });
    if (passes < 10) this.faults.push(`${where}: only ${passes} rules were looked at`);
    for (const { id, nodes } of violations) {
      this.faults.push(`${where}: ${id}, ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ""}`).join(" | ")}`);
    }
  }
}
