// The audit page: what is granted and disclosed through the library is opened, checked and reported as it says.

import assert from "node:assert/strict";

import type { BrowserContext } from "playwright-core";

import { decimal } from "../../pages/shared/format.js";
import type { AuditReport, PackageReport, Sum } from "../../src/index.js";
import { Auditor } from "./auditor.js";
import { Discloser, MARKUP } from "./discloser.js";
import type { PagesStage, PagesSuite } from "./site.js";

/** The grants and disclosures, and the library's own report on them. */
interface Materials {
  /** The key file that the grants are sealed to. */
  key: string;
  account: string;
  nonce: string;
  all: Uint8Array;
  receipts: Uint8Array;
  disclosure: Uint8Array;
  proof: Uint8Array;
  report: AuditReport;
  disclosed: PackageReport;
}

/** The proofs take their time: they are made once, for all tests. */
let materials: Promise<Materials> | undefined;

async function make({ url }: PagesStage, context: BrowserContext, key: string): Promise<Materials> {
  const discloser = await Discloser.arrive(context, url);
  const recipient = await discloser.recipient(key);
  const nonce = "5a".repeat(32);
  const all = await discloser.grant(recipient);
  const disclosure = await discloser.disclose(nonce);
  return {
    key, account: discloser.account, nonce, all, disclosure,
    proof: await discloser.prove(disclosure),
    receipts: await discloser.grant(recipient, { change: false, outgoing: false, spends: false, detection: false }),
    report: await discloser.audit(all, key),
    disclosed: await discloser.verify(disclosure, { account: discloser.account, auditor: "Mara & Sons", nonce }),
  };
}

/** An auditor, with what was made for the key that is in his hands. */
async function arrive(stage: PagesStage): Promise<{ auditor: Auditor; made: Materials }> {
  const context = await stage.browser.newContext();
  const auditor = await Auditor.arrive(context, stage.url);
  materials ??= auditor.newKey().then((key) => make(stage, context, key));
  const made = await materials;
  return { auditor, made };
}

/** A line of a report without the same. */
function undated(line: string): string {
  return line.replaceAll(/up to block \d+/g, "up to a block");
}

/** A report without the head it was made under: other tests may have grown the chain between two readings. */
function headless(json: string): object {
  const report = JSON.parse(json) as { chain: object };
  return { ...report, chain: { ...report.chain, head: null } };
}

/** A report without how far the ledger had come, which differs between two readings. */
function timeless(json: string): unknown {
  return { ...headless(undated(json)), blocks: null, epochs: null, remarks: null };
}

export const audit: PagesSuite = {
  "an auditor drops a grant, sees it checked step by step, and gets what the library reports": async (stage) => {
    const { looks, browser, url } = stage;
    const context = await browser.newContext();
    const auditor = await Auditor.arrive(context, url);
    const { page } = auditor;
    await looks.at(page, "audit-empty");
    const recipient = await auditor.makeKey();
    assert.match(recipient, /^age1/);
    await looks.at(page, "audit-key");
    const key = await auditor.saves("Save the key file");
    assert.match(key.text, /^AGE-SECRET-KEY-1/m);
    await page.getByText("in your key file and in this tab’s memory").waitFor();

    materials ??= make(stage, context, key.text);
    const { all, report: ours } = await materials;
    await auditor.drop(["all.grant", all]);
    const report = await auditor.report();
    assert.equal(await auditor.steps(), "open passed, chain passed, signature passed, keys passed, ledger passed");
    // The report has the focus.
    await page.locator("#report-title:focus").waitFor();
    const saved = await auditor.saves("Save the report");
    assert.match(saved.name, /^louver-audit-.*\.json$/);
    assert.deepEqual(timeless(saved.text), timeless(ours.json));

    // The page says what the report says.
    const text = await report.innerText();
    for (const line of [...ours.guaranteed, ...ours.unverified, ...ours.remarks]) assert.ok(undated(text).includes(undated(line)), line);
    assert.ok(text.includes(ours.account));
    assert.match(text, /On the chain that you chose by its genesis hash/);
    assert.equal(await page.locator(".findings tbody tr").count(), ours.findings.length);
    for (const label of ["guaranteed", "unverified", "unexplained"] as const) {
      const number = ours.findings.filter(({ assurance }) => assurance === label).length;
      assert.equal(await page.locator(`.findings tr[data-label="${label}"] .mark.${label} svg`).count(), number, label);
    }
    const totals = (await page.locator(".totals tbody tr").first().innerText()).replaceAll("\u202f", "");
    assert.match(totals, /at least 0\.00 LVR.*\s100\.00 LVR/s, "what was brought in is a deposit, and what the account paid to itself is nothing received");
    assert.match(totals, /12\.50 LVR/);
    assert.ok(text.includes("The sums meet if what is called paid went to others"), "the books meet, and do not close");
    // The chart adds up to the totals, and says how far it can be relied on.
    assert.equal(await page.locator(".chart .chart-key .mark.guaranteed").count(), 1);
    assert.equal(await page.locator(".chart .chart-key .mark.unverified").count(), 1);
    const bars = await page.locator(".chart svg[role=img]").first().getAttribute("aria-label");
    const [moved] = ours.totals;
    const sum = (...sums: (Sum | undefined)[]) => decimal(sums.reduce((sum, part) => sum + BigInt(part?.value ?? 0), 0n), 6);
    const [came, went] = [sum(moved?.received, moved?.deposits), sum(moved?.paid, moved?.withdrawn, moved?.fees)];
    assert.equal(came, "100.00");
    assert.ok((bars ?? "").includes(`${came} in and ${went} out`), bars ?? "");
    await page.getByLabel("By month").check();
    await page.getByText("The same as a table").click();
    await page.getByRole("columnheader", { name: "Months (UTC)" }).waitFor();

    // The words of strangers are shown as text.
    assert.ok(text.includes(MARKUP));
    assert.equal(await page.locator("#report img, #report script").count(), 0);
    await looks.at(page, "audit-report");

    // Filters.
    await page.getByLabel("Kind").selectOption("paid");
    const paid = ours.findings.filter(({ what }) => what.kind === "paid").length;
    assert.equal(await page.locator(".findings tbody tr").count(), paid);
    await page.locator("#findings-told").getByText(`${paid} of ${ours.findings.length} findings.`).waitFor();
    await page.getByLabel("Kind").selectOption("all");

    // Paper has no buttons.
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    assert.equal(await page.getByRole("button", { name: "Save the report" }).isVisible(), false);
    assert.equal(await page.locator("#check").isVisible(), false);
    assert.ok(await page.locator(".sayings").isVisible());
    assert.deepEqual(auditor.complaints, []);
  },

  "an auditor is told what a narrow grant does not show": async (stage) => {
    const { auditor, made } = await arrive(stage);
    await auditor.loadKey(made.key);
    await auditor.choose("receipts.grant", made.receipts);
    await auditor.report();
    const totals = await auditor.page.locator(".totals").innerText();
    assert.equal(totals.match(/not shown(?! in all)/g)?.length, 4, "paid, withdrawn, fees and unspent");
    assert.equal(totals.match(/not shown in all/g)?.length, 2, "received and deposits, which other directions may add to");
    assert.doesNotMatch(totals, /at least/);
    assert.ok(totals.includes("cannot be compared"));
    await auditor.page.getByText("The grant does not show what went out").waitFor();
    await stage.looks.at(auditor.page, "audit-narrow");
    assert.deepEqual(auditor.complaints, []);
  },

  "an auditor opens a grant with its key, with no other, and not once it was altered": async (stage) => {
    const { looks } = stage;
    const { auditor, made } = await arrive(stage);
    const { key, all: grant } = made;
    await auditor.choose("all.grant", grant);
    assert.equal(await auditor.refusal(), "noKey");
    await looks.at(auditor.page, "audit-no-key");
    await auditor.loadKey("nothing of the kind");
    await auditor.page.locator("#key [data-refusal]").waitFor();
    assert.equal(await auditor.refusal("key"), "audit.Key");
    await auditor.loadKey(key);
    await auditor.report();
    // Attacker: an owner submits a grant that was made for somebody else.
    await auditor.page.getByText('made for "Mara & Sons", not asked for by you').first().waitFor();
    await auditor.demand({ auditor: "Eve" });
    await auditor.press("Check with these");
    assert.equal(await auditor.refusal(), "audit.OtherName");
    assert.equal(await auditor.page.getByLabel("Name of the reader").getAttribute("aria-invalid"), "true");
    await auditor.demand({});

    await auditor.press("Forget the key");
    await auditor.makeKey();
    await auditor.choose("all.grant", grant);
    assert.equal(await auditor.refusal(), "audit.NotForThisKey");
    assert.equal(await auditor.steps(), "open failed, chain unreached, signature unreached, keys unreached, ledger unreached");
    await auditor.page.getByText("This key does not open the file.").waitFor();
    await looks.at(auditor.page, "audit-wrong-key");

    // A key file can be dropped as well; an unsaved key is not replaced without asking.
    await auditor.drop(["key.txt", Buffer.from(key)]);
    await auditor.page.getByRole("dialog").getByRole("button", { name: "Replace it" }).click();
    await auditor.page.getByText("in your key file and in this tab’s memory").waitFor();
    const altered = grant.slice();
    altered[altered.length - 9]! ^= 1;
    await auditor.choose("altered.grant", altered);
    assert.equal(await auditor.refusal(), "audit.NotForThisKey");
    await auditor.choose("holiday.jpg", new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
    assert.equal(await auditor.refusal(), "neither");
    await looks.at(auditor.page, "audit-neither");
    assert.deepEqual(auditor.complaints, []);
  },

  "an auditor stops the reading of the ledger, and begins anew": async (stage) => {
    const { auditor, made } = await arrive(stage);
    await auditor.loadKey(made.key);
    await auditor.grow(1000);
    await auditor.choose("all.grant", made.all);
    const cancel = auditor.page.getByRole("button", { name: "Cancel" });
    await cancel.waitFor();
    assert.match(await auditor.page.locator(".work-line").innerText(), /of [\d\u202f]+ blocks/);
    await cancel.click();
    assert.equal(await auditor.refusal(), "stopped");
    assert.equal(await auditor.steps(), "open passed, chain passed, signature passed, keys passed, ledger stopped");
    await stage.looks.at(auditor.page, "audit-stopped");
    await auditor.press("Check again");
    await auditor.report();
    assert.deepEqual(auditor.complaints, []);
  },

  "an auditor who checks a grant again reads only new blocks, for as long as its key is in the tab": async (stage) => {
    const { browser, looks, site, url } = stage;
    const { auditor, made } = await arrive(stage);
    const { page } = auditor;
    await auditor.loadKey(made.key);
    await page.getByText("in your key file").waitFor();
    /** Waits for the report; gives what the page says of the reading, its last block, and the first that the node was asked for. */
    const read = async (check: () => Promise<void>) => {
      const before = site.asked.length;
      await check();
      await auditor.report();
      const said = await page.locator('[data-step="ledger"] .step-detail').innerText();
      const from = site.asked.slice(before).flatMap(({ path }) => /compact-blocks\?from=(\d+)/.exec(path)?.[1] ?? []).map(Number);
      return { said, last: Number(/^Blocks \d+ to (\d+);/.exec(said)?.[1]), first: Math.min(...from) };
    };
    const again = () => auditor.press("Check again");
    const whole = await read(() => auditor.choose("all.grant", made.all));
    assert.ok(whole.first <= 1, String(whole.first));
    assert.doesNotMatch(whole.said, /earlier check/);
    const keeping = page.getByText("Checking again reads only new blocks.");
    assert.equal(await keeping.isVisible(), true);

    await auditor.grow(3);
    const second = await read(again);
    assert.ok(second.last >= whole.last + 3);
    assert.ok(second.first >= whole.last, `read from ${second.first}, though up to ${whole.last} was read before`);
    assert.ok(second.said.includes(`An earlier check in this tab has read them up to block ${whole.last}.`), second.said);
    await looks.at(page, "audit-again");
    const saved = await auditor.saves("Save the report");

    // Another tab knows nothing of it: it reads the whole, and finds the same.
    const other = await Auditor.arrive(await browser.newContext(), url);
    await other.loadKey(made.key);
    await other.page.getByText("in your key file").waitFor();
    await other.choose("all.grant", made.all);
    await other.report();
    assert.deepEqual(timeless(saved.text), timeless((await other.saves("Save the report")).text));
    await other.page.close();

    // A check that was stopped has lost nothing of the earlier one.
    const stand = site.asked.length;
    const blocks = /\/v1\/compact-blocks/;
    await auditor.grow(3);
    site.hold(blocks);
    await again();
    await site.hears(blocks, stand);
    await page.getByRole("button", { name: "Cancel" }).click();
    site.release(blocks);
    assert.equal(await auditor.refusal(), "stopped");
    const third = await read(again);
    assert.ok(third.first >= second.last, `read from ${third.first}, though up to ${second.last} was read before`);

    // It goes with the key.
    await auditor.press("Forget the key");
    await keeping.waitFor({ state: "hidden" });
    await auditor.loadKey(made.key);
    await page.getByText("in your key file").waitFor();
    const anew = await read(again);
    assert.ok(anew.first <= 1, String(anew.first));
    assert.doesNotMatch(anew.said, /earlier check/);
    assert.deepEqual([...auditor.complaints, ...other.complaints], []);
  },

  "an auditor checks a package for what it must say": async (stage) => {
    const { looks } = stage;
    const { auditor, made } = await arrive(stage);
    const { page } = auditor;
    await page.locator("#demands summary").click();
    await auditor.press("Make a challenge");
    assert.match(await page.getByLabel("Challenge", { exact: true }).inputValue(), /^[0-9a-f]{64}$/);
    await looks.at(page, "audit-demands");
    const { nonce, account, disclosure: bytes, disclosed: ours } = made;
    await auditor.demand({ account, auditor: "Mara & Sons", nonce });
    await auditor.drop(["rent.disclosure", bytes]);
    const report = await auditor.report();
    assert.equal(await auditor.steps(), "open passed, chain passed, demands passed, signature passed, ledger passed");
    const text = await report.innerText();
    for (const said of ["12.50 LVR", MARKUP, "GUARANTEED", ...ours.unverified, ...ours.heading, "made for \"Mara & Sons\", with your nonce", "the account, the reader’s name, your challenge"]) assert.ok(text.includes(said), said);
    assert.equal(await page.locator("#report img, #report script").count(), 0);
    const saved = await auditor.saves("Save the report");
    assert.deepEqual(headless(saved.text), headless(ours.json));
    await looks.at(page, "audit-package");

    await auditor.demand({ nonce: "cd".repeat(32) });
    await auditor.press("Check with these");
    assert.equal(await auditor.refusal(), "package.Nonce");
    assert.equal(await auditor.steps(), "open passed, chain passed, demands failed, signature unreached, ledger unreached");
    assert.equal(await page.getByLabel("Challenge", { exact: true }).getAttribute("aria-invalid"), "true");
    await looks.at(page, "audit-nonce");
    await auditor.demand({ auditor: "Eve" });
    await auditor.press("Check with these");
    assert.equal(await auditor.refusal(), "package.OtherReader");
    await auditor.demand({ account: "nobody" });
    await auditor.press("Check with these");
    assert.equal(await auditor.refusal(), "package.Expectation");

    await auditor.demand({});
    const altered = bytes.slice();
    altered[altered.length - 1]! ^= 1;
    await auditor.choose("altered.disclosure", altered);
    assert.equal(await auditor.refusal(), "package.Signature");
    await looks.at(page, "audit-altered");
    await auditor.choose("torn.disclosure", bytes.slice(0, 40));
    assert.equal(await auditor.refusal(), "package.NotAPackage");
    await auditor.press("Check again");
    assert.equal(await auditor.refusal(), "package.NotAPackage");
    await auditor.choose("rent.disclosure", bytes);
    await auditor.report();
    await page.getByText("You asked for no account, name or challenge").first().waitFor();
    await page.getByText('made for "Mara & Sons", not asked for by you').waitFor();
    // The recipient's address is shown whole, so that nobody compares its end alone.
    assert.ok((await page.locator(".findings .detail").first().innerText()).includes(ours.payments[0]?.recipient ?? "none"));

    // With a key, the reader writes a receipt.
    assert.equal(await page.getByRole("button", { name: "Write a receipt" }).count(), 0);
    await auditor.loadKey(made.key);
    await page.getByText("in your key file").waitFor();
    await auditor.press("Check again");
    await auditor.report();
    const receipt = await auditor.saves("Write a receipt");
    assert.match(receipt.name, /\.receipt$/);
    assert.ok(receipt.text.startsWith("LVRCEPT") && receipt.text.includes("Mara & Sons"));
    assert.deepEqual(auditor.complaints, []);
  },

  "an auditor is told of a node that does not answer, and asks again": async (stage) => {
    const { site } = stage;
    const { auditor, made } = await arrive(stage);
    await auditor.loadKey(made.key);
    await auditor.page.getByText("in your key file").waitFor();
    site.fault = "cut";
    await auditor.choose("all.grant", made.all);
    assert.match(await auditor.refusal(), /^(audit|node)\./);
    await auditor.page.getByText("The node cannot be reached.").first().waitFor();
    await stage.looks.at(auditor.page, "audit-unreachable");
    site.fault = "none";
    await auditor.press("Check again");
    await auditor.report();
    // The browser itself tells of the connections that were cut.
    assert.deepEqual(auditor.complaints.filter((text) => !text.includes("net::")), []);
  },

  "a report is shown though the node went away after the check": async (stage) => {
    const { site } = stage;
    const { auditor, made } = await arrive(stage);
    // The check asks for the assets itself, and the report needs nothing more.
    site.spoil(/\/v1\/assets/, "cut", 1);
    await auditor.choose("rent.disclosure", made.disclosure);
    const report = await auditor.report();
    assert.match(await report.innerText(), /12\.50 LVR/);
    assert.deepEqual(auditor.complaints.filter((text) => !text.includes("net::")), []);
  },

  "an auditor checks a package by its proof while the network is cut": async (stage) => {
    const { looks, site } = stage;
    const { auditor, made } = await arrive(stage);
    const { page } = auditor;
    const { disclosure, proof, disclosed: ours } = made;
    const steps = "open passed, chain passed, demands passed, signature passed, ledger passed";
    const address = page.url();
    await page.context().setOffline(true);
    site.fault = "cut";
    site.asked.length = 0;
    const begun = performance.now();
    await auditor.drop(["rent.disclosure", disclosure], ["rent.disclosure.proof", proof]);
    const report = await auditor.report();
    const took = performance.now() - begun;
    console.log(`      a package is checked offline in ${Math.round(took)} ms, with the dropping of its files`);
    assert.equal(await auditor.steps(), steps);
    const text = await report.innerText();
    for (const said of ["12.50 LVR", MARKUP, "GUARANTEED", "From a proof file, without a node", "its authorities sealed", ...ours.unverified]) assert.ok(text.includes(said), said);
    const told = JSON.parse((await auditor.saves("Save the report")).text) as { chain: { offline: boolean }; payments: object[] };
    assert.equal(told.chain.offline, true);
    assert.deepEqual(told.payments, (JSON.parse(ours.json) as { payments: object[] }).payments);
    await looks.at(page, "audit-offline");

    // In either order; the proof alone waits for its package.
    await page.context().setOffline(false);
    site.fault = "none";
    await page.goto(address);
    await page.getByText(/Development chain/).waitFor();
    await page.context().setOffline(true);
    await auditor.choose("its.proof", proof);
    await page.getByText("Drop the package that it stands beside as well.").waitFor();
    assert.equal(await report.isVisible(), false);
    await auditor.choose("rent.disclosure", disclosure);
    await auditor.report();
    assert.equal(await auditor.steps(), steps);

    // Lies, each with its sentence.
    const lie = async (bytes: Uint8Array, code: string, says: string, stands: string) => {
      await auditor.choose("altered.proof", bytes);
      assert.equal(await auditor.refusal(), code);
      await page.getByText(says).first().waitFor();
      assert.ok((await auditor.steps()).includes(stands), stands);
    };
    const flipped = (at: number) => proof.map((byte, index) => (index === at ? byte ^ 1 : byte));
    await lie(flipped(0), "package.NotAProof", "is not an offline proof", "open failed");
    await lie(proof.slice(0, 900), "package.NotAProof", "is not an offline proof", "open failed");
    await lie(flipped(proof.length - 400), "package.ProofFalse", "The proof is false.", "chain failed");
    await looks.at(page, "audit-false-proof");
    await page.getByLabel("Hash of its genesis").fill("07".repeat(32));
    await lie(proof, "package.ProofOfOtherChain", "not of the chain that you chose", "chain failed");
    await page.context().setOffline(false);
    await auditor.press("Leave the proof aside and ask the node");
    await auditor.report();
    assert.equal(await auditor.steps(), steps);
    // The browser itself tells of the network that was cut.
    assert.deepEqual(auditor.complaints.filter((text) => !text.includes("net::")), []);
  },

  "an auditor works by keyboard alone": async (stage) => {
    const { auditor, made } = await arrive(stage);
    const { page } = auditor;
    // Heard all along: a listener that comes and goes may come too late for the second file.
    page.on("filechooser", () => {});
    const reach = async (name: RegExp) => {
      for (let presses = 0; presses < 40; presses++) {
        const { text, ring } = await page.evaluate(() => {
          const active = document.activeElement as HTMLElement | null;
          return { text: active?.getAttribute("aria-label") ?? active?.innerText ?? "", ring: active ? getComputedStyle(active).outlineStyle : "none" };
        });
        if (name.test(text)) {
          assert.notEqual(ring, "none", `the focus on ${text} cannot be seen`);
          return;
        }
        await page.keyboard.press("Tab");
      }
      assert.fail(`the keyboard does not reach ${String(name)}`);
    };
    await reach(/^Load a key file$/);
    const [keyChooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
    await keyChooser.setFiles({ name: "key.txt", mimeType: "text/plain", buffer: Buffer.from(made.key) });
    await page.getByText("in your key file").waitFor();
    await reach(/^Choose files$/);
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
    await chooser.setFiles({ name: "all.grant", mimeType: "", buffer: Buffer.from(made.all) });
    await auditor.report();
    await reach(/^Save the report$/);
    assert.deepEqual(auditor.complaints, []);
  },
};
