// The whole life of a payment, of a grant and of a package.

import assert from "node:assert/strict";

import type { PaymentFilter } from "../src/index.js";
import { open } from "./harness.js";
import type { Suite } from "./suite.js";

export const life: Suite = {
  "a payment goes from plan to history, in one call": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const alice = await help.funded("alice");
      const bob = await help.make("bob");
      const { address } = await bob.wallet.receive(0);
      const amount = await alice.node.parseAmount("12.50 LVR");
      const plan = await alice.wallet.plan(0, help.pay(address, amount, "for lunch"));
      const preview = await plan.preview();
      const stages = new Set<string>();
      const sent = await alice.wallet.send(plan, alice.keys, alice.prover, { onProgress: ({ stage }) => stages.add(stage) });
      const pending = (await alice.wallet.history(0))[0];
      await help.mine(alice);
      await bob.wallet.sync();
      const [mined] = await alice.wallet.history(0);
      const [received] = await bob.wallet.history(0);
      return {
        preview, stages: [...stages], sent, pending, mined, received,
        state: await alice.node.transaction(sent.txid),
        left: await help.spendable(alice.wallet),
        got: await alice.node.formatAmount({ asset: 1n, value: await help.spendable(bob.wallet) }),
      };
    });
    assert.equal(seen.preview.circuit, "transfer2x3");
    assert.deepEqual(seen.preview.fee, { asset: 1n, value: 1000n });
    assert.deepEqual(seen.stages, ["proving"]);
    assert.equal(seen.sent.notTaken, undefined);
    assert.equal(seen.pending?.status.kind, "pending");
    assert.equal(seen.mined?.status.kind, "mined");
    assert.equal(seen.mined?.txid, seen.sent.txid);
    assert.equal(seen.state.kind, "included");
    assert.equal(seen.left, 100_000_000n - 12_500_000n - 1000n);
    assert.equal(seen.got, "12.50 LVR");
    assert.equal(seen.received?.outputs[0]?.memo, "for lunch");
  },

  "a payment goes step by step": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const { node, wallet, keys, prover } = await help.funded("steps");
      const { address } = await wallet.receive(0);
      const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n }));
      const draft = await wallet.build(plan, keys);
      const proven = await draft.prove(prover);
      const again = await help.fault(draft.prove(prover));
      const txid = await proven.txid();
      const outgoing = await wallet.sign(proven, keys);
      const twice = await help.fault(wallet.sign(proven, keys));
      const before = await node.transaction(txid);
      const waiting = await wallet.waiting();
      await wallet.submit(outgoing);
      await wallet.submit(outgoing);
      const after = await node.transaction(txid);
      const other = await help.make("other");
      const foreign = await help.fault(other.wallet.build(plan, other.keys));
      return { again, twice, txid, outgoing, before, waiting, after, foreign };
    });
    assert.equal(seen.again, "send.Used");
    assert.equal(seen.twice, "send.Used");
    assert.equal(seen.foreign, "send.OtherWallet");
    assert.equal(seen.outgoing.txid, seen.txid);
    assert.equal(seen.before.kind, "unknown");
    assert.deepEqual(seen.waiting.map(({ txid }) => txid), [seen.txid]);
    assert.equal(seen.after.kind, "pending");
  },

  "notes are joined and withdrawn, and an account is added": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const made = await help.funded("many", "10 LVR");
      await help.fund(made, "20 LVR");
      const { node, wallet, keys, prover } = made;
      const joining = await wallet.plan(0, { kind: "consolidate", asset: 1n, fee: { kind: "leastIn", asset: 1n } });
      const { circuit } = await joining.preview();
      await wallet.send(joining, keys, prover);
      await help.mine(made);
      const to = await keys.transparentAccount(0);
      const amount = { asset: 1n, value: 1_000_000n };
      const before = (await node.transparentAccount(to)).balances;
      const out = await wallet.plan(0, { kind: "withdraw", to, amount, fee: { kind: "exactly", amount: { asset: 1n, value: 1_000n } } });
      const { side } = await out.preview();
      await wallet.send(out, keys, prover);
      await help.mine(made);
      const after = (await node.transparentAccount(to)).balances;
      const account = await wallet.addAccount(keys, 1);
      const twice = await help.fault(wallet.addAccount(keys, 1));
      const summary = await wallet.rescan(0);
      return { circuit, side, before, after, account, twice, summary, accounts: await wallet.accounts(), left: await help.spendable(wallet) };
    });
    assert.equal(seen.circuit, "transfer2x3");
    assert.equal(seen.side.kind, "withdrawal");
    assert.equal((seen.after[0]?.value ?? 0n) - (seen.before[0]?.value ?? 0n), 1_000_000n);
    assert.equal(seen.account.number, 1);
    assert.equal(seen.twice, "wallet.AccountExists");
    assert.equal(seen.accounts.length, 2);
    assert.ok(seen.summary.blocks > 0);
    assert.equal(seen.left, 30_000_000n - 1_000n - 1_001_000n);
  },

  "payments of several transactions go on after a restart": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const { wallet, keys, prover } = await help.funded("scheduling");
      const bob = await help.make("scheduled");
      const { address } = await bob.wallet.receive(0);
      const payment = { to: address, amount: { asset: 1n, value: 700n }, memo: "salary" };
      const long = await (await wallet.propose(0, Array.from({ length: 20 }, () => payment))).preview();
      const proposal = await wallet.propose(0, [payment], { kind: "leastIn", asset: 1n });
      const id = await wallet.begin(proposal);
      const twice = await help.fault(wallet.begin(proposal));
      const stop = new AbortController();
      const onProgress = ({ stage }: { stage: string }) => stage === "waiting" && stop.abort();
      const stopped = await help.fault(wallet.carryOut(id, keys, prover, { signal: stop.signal, onProgress }));
      const dropped = await wallet.begin(await wallet.propose(0, [payment]));
      await wallet.stopSchedule(dropped);
      return { long, id, twice, stopped, waiting: await wallet.waiting(), schedules: await wallet.schedules(), entry: (await wallet.history(0))[0] };
    });
    assert.equal(seen.long.rounds.length, 2);
    const places = Array.from({ length: 20 }, (_, place) => place);
    assert.deepEqual(seen.long.rounds.flat().flatMap(({ payments }) => payments).sort((a, b) => a - b), places);
    assert.deepEqual(seen.long.doubled.map((doubled) => doubled.places), [places]);
    assert.deepEqual(seen.long.fees.map(({ asset }) => asset), [1n]);
    assert.equal(seen.twice, "send.Used");
    assert.equal(seen.stopped, "AbortError");
    const [schedule, ...others] = seen.schedules;
    assert.deepEqual([schedule?.id, others], [seen.id, []]);
    assert.deepEqual(schedule?.payments.map(({ progress }) => progress), [{ kind: "waiting", txid: seen.waiting[0]?.txid }]);
    assert.deepEqual([seen.entry?.canRetry, seen.entry?.canAbandon], [true, true]);

    await page.reload();
    await page.waitForFunction(() => "help" in globalThis);
    const after = await page.evaluate(async () => {
      const { node, wallet, keys, prover } = await help.reopenSoon("scheduling");
      const [schedule] = await wallet.schedules();
      const steps: [number, number][] = [];
      const onProgress = ({ stage, done, total }: { stage: string; done: number; total: number }) => {
        if (stage !== "waiting") return;
        steps.push([done, total]);
        void node.produceBlocks(1);
      };
      const sent = await wallet.carryOut(schedule!.id, keys, prover, { onProgress });
      const bob = await help.reopenSoon("scheduled");
      await bob.wallet.sync();
      return { sent, steps, got: await help.spendable(bob.wallet), schedules: await wallet.schedules(), entry: (await wallet.history(0))[0] };
    });
    assert.deepEqual(after.sent, []);
    assert.deepEqual(after.steps[0], [0, 1]);
    assert.equal(after.got, 700n);
    assert.deepEqual(after.schedules, []);
    assert.deepEqual([after.entry?.status.kind, after.entry?.canRetry], ["mined", false]);
  },

  "a transaction that waits is tried again or given up": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const { wallet, keys, prover } = await help.funded("trying");
      const { address } = await wallet.receive(0);
      const sent = await wallet.send(await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n })), keys, prover);
      const tried = await wallet.retry(sent.txid);
      const givenUp = await wallet.abandon(sent.txid);
      const gone = await help.fault(wallet.retry(sent.txid, { onProgress: () => {} }));
      return { sent, tried, givenUp, gone, entry: (await wallet.history(0))[0] };
    });
    assert.deepEqual(seen.tried, seen.sent);
    assert.deepEqual(seen.givenUp, [seen.sent.txid]);
    assert.equal(seen.gone, "wallet.NotWaiting");
    assert.deepEqual([seen.entry?.status.kind, seen.entry?.canRetry, seen.entry?.canAbandon], ["abandoned", false, false]);
  },

  "a history is read by pages, and a date finds a birthday": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const made = await help.funded("paging");
      const { node, wallet, keys, prover } = made;
      const late = await node.produceBlocks(1);
      await wallet.sync();
      const { address } = await wallet.receive(0);
      await wallet.send(await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n })), keys, prover);
      await help.mine(made);
      const all = await wallet.history(0);
      const [paid, deposited] = all;
      const pages = await Promise.all([
        wallet.historyPage(0, { limit: 1 }),
        wallet.historyPage(0, { before: paid!.txid, limit: 5 }),
        wallet.historyPage(0, { after: deposited!.txid }),
        wallet.historyPage(0, { kind: "deposited", asset: 1n }),
        wallet.historyPage(0, { since: 2n ** 63n }),
      ]);
      const gone = await help.fault(wallet.historyPage(0, { before: "00" }));
      const protection = await louver.Protection.unsealed();
      const phrase = await wallet.recoveryPhrase(protection);
      const restored = await louver.Wallet.create({ name: "paging late", node, phrase, protection, birthday: late });
      const told = await restored.sync();
      const again = await restored.rescan(new Date());
      const dated = await louver.Wallet.create({ name: "paging dated", node, phrase, protection, birthday: new Date() });
      const noDate = await help.fault(restored.rescan(new Date("no date")));
      return { all, pages, gone, late, told, again, birthday: await dated.birthday(), noDate };
    });
    const [paid, deposited] = seen.all;
    assert.deepEqual(seen.all.map(({ kind }) => kind), ["toSelf", "deposited"]);
    assert.deepEqual([paid?.feePaid, deposited?.feePaid], [{ asset: 1n, value: 1000n }, undefined]);
    assert.ok(paid?.time);
    assert.deepEqual(seen.pages, [[paid], [deposited], [paid], [deposited], []]);
    assert.equal(seen.gone, "wallet.UnknownTransaction");
    assert.equal(seen.told.lateBirthday, seen.late + 1);
    assert.equal(seen.again.lateBirthday, undefined);
    assert.equal(seen.birthday, 0);
    assert.equal(seen.noDate, "misuse.Argument");
  },

  "a grant opens to its reader, and the audit finds what it shows": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const { wallet, keys, prover, node } = await help.funded("granting");
      const key = await louver.AuditorKey.generate();
      const other = await louver.AuditorKey.parse(await (await louver.AuditorKey.generate()).toText());
      const directions = { incoming: true, change: true, outgoing: true, spends: true, detection: true };
      // From the first day of the chain until now.
      const { first: firstEpoch, last: lastEpoch } = await node.epochs({ from: "2026-01-01" });
      const request = { auditor: "Smith & Co", recipient: await key.recipient(), directions, firstEpoch, lastEpoch, purpose: "tax 2026", days: 30 };
      const stages: string[] = [];
      const sealed = await wallet.grant(0, request, keys, prover, { onProgress: ({ stage }) => stages.push(stage) });
      const grant = await louver.Grant.open(sealed, key);
      await grant.verify(node);
      const kept = await grant.continueAudit(node);
      await node.produceBlocks(1);
      const begun: number[] = [];
      const goneOn = await grant.continueAudit(node, {}, kept.state, { onProgress: ({ done }) => begun.push(done) });
      return {
        stages: [...new Set(stages)],
        info: await grant.info(),
        account: (await wallet.accounts())[0]?.id,
        report: await grant.audit(node, {}, { onProgress: () => {} }),
        elsewhere: await help.fault(grant.verify(node, { auditor: "Jones" })),
        kept, goneOn, begun, anew: (await grant.continueAudit(node, {}, new Uint8Array([1]))).readAnew,
        stranger: await help.fault(louver.Grant.open(sealed, other)),
        torn: await help.fault(louver.Grant.open(sealed.slice(0, -1), key)),
        backwards: await help.fault(wallet.grant(0, { ...request, firstEpoch: lastEpoch + 1 }, keys, prover)),
        nobody: await help.fault(wallet.grant(0, { ...request, recipient: "age1nobody" }, keys, prover)),
        noKey: await help.fault(louver.AuditorKey.parse("AGE-SECRET-KEY-1NOBODY")),
      };
    });
    assert.equal(seen.info.account, seen.account);
    assert.equal(seen.info.purpose, "tax 2026");
    assert.equal(seen.report.account, seen.account);
    assert.ok(seen.begun[0]! > 0, String(seen.begun));
    assert.deepEqual(seen.goneOn.report.findings, seen.report.findings);
    assert.deepEqual([seen.kept.readAnew, seen.goneOn.readAnew], [undefined, undefined]);
    assert.equal(seen.anew, "the file is not a kept audit");
    assert.ok(seen.report.findings.some(({ what }) => what.kind === "received" && what.amount.value === 100_000_000n));
    assert.deepEqual(JSON.parse(seen.report.json).account, seen.account);
    assert.match(seen.report.heading[0] ?? "", /not asked for by you/);
    assert.equal(seen.elsewhere, "audit.OtherName");
    assert.equal(seen.stranger, "audit.NotForThisKey");
    assert.equal(seen.torn, "audit.NotForThisKey");
    assert.equal(seen.backwards, "disclose.Epochs");
    assert.equal(seen.nobody, "disclose.Recipient");
    assert.equal(seen.noKey, "audit.Key");
  },

  "a package shows its payment to its reader": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const { wallet, keys, prover, node } = await help.funded("disclosing");
      const bob = await help.make("paid");
      const { address } = await bob.wallet.receive(0);
      const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 700n }, "invoice 7"));
      const { txid } = await wallet.send(plan, keys, prover);
      const nonce = "ab".repeat(32);
      const request = { choice: { kind: "transaction", txid, output: undefined }, detail: { kind: "full" }, auditor: "Ada & Co", nonce, purpose: "invoice 7", days: 30 } as const;
      const early = await help.fault(wallet.disclose(0, request, keys, prover));
      await help.mine({ node, wallet });
      // The same payment by what it is: the reader would see a least amount of it, and nothing else.
      const filter = { asset: 1n, kind: "paid", atLeast: 700n } as const;
      const preview = (filter: PaymentFilter) =>
        wallet.previewDisclosure(0, { kind: "payments", filter }, { kind: "atLeast", amount: { asset: 1n, value: 500n } });
      const previewed = await preview(filter);
      const nothing = await help.fault(preview({ ...filter, atLeast: 701n }));
      const bytes = await wallet.disclose(0, request, keys, prover);
      const shown = await louver.Package.read(bytes);
      const altered = bytes.slice();
      altered[altered.length - 1]! ^= 1;
      const forged = await louver.Package.read(altered);
      const proof = await shown.prove(node);
      const { genesisHash } = await node.status();
      const flipped = proof.slice();
      flipped[flipped.length - 400]! ^= 1;
      const check = (proof: Uint8Array, genesisHash?: string) => shown.verifyOffline(proof, { genesisHash }, { auditor: "Ada & Co", nonce });
      return {
        offline: await check(proof, genesisHash),
        unchosen: (await check(proof)).payments.map(({ assurance }) => assurance),
        foreign: await help.fault(check(proof, "07".repeat(32))),
        flipped: await help.fault(check(flipped, genesisHash)),
        torn: await help.fault(check(proof.slice(0, -1), genesisHash)),
        notHex: await help.fault(check(proof, "07")),
        early, address, txid, previewed, nothing,
        info: await shown.info(),
        report: await shown.verify(node, { auditor: "Ada & Co", nonce }),
        other: await help.fault(shown.verify(node, { auditor: "Eve" })),
        stale: await help.fault(shown.verify(node, { nonce: "cd".repeat(32) })),
        forged: await help.fault(forged.verify(node)),
        none: await help.fault(louver.Package.read(new Uint8Array([1, 2, 3]))),
        unknown: await help.fault(wallet.disclose(0, { ...request, choice: { kind: "transaction", txid: "00".repeat(32), output: undefined } }, keys, prover)),
        noHex: await help.fault(wallet.disclose(0, { ...request, choice: { kind: "transaction", txid: "x", output: undefined } }, keys, prover)),
      };
    });
    assert.equal(seen.early, "disclose.NotMined");
    const would = seen.previewed.map(({ txid, shows, amount, recipient, memo }) => ({ txid, shows, amount, recipient, memo }));
    assert.deepEqual(would, [{ txid: seen.txid, shows: "atLeast", amount: { asset: 1n, value: 500n }, recipient: undefined, memo: undefined }]);
    assert.equal(seen.nothing, "disclose.Nothing");
    assert.equal(seen.info.payments, 1);
    const [payment] = seen.report.payments;
    assert.equal(payment?.side, "sent");
    assert.deepEqual(payment?.amount, { asset: 1n, value: 700n });
    assert.equal(payment?.memo, "invoice 7");
    assert.equal(payment?.recipient, seen.address);
    assert.deepEqual(seen.offline.payments.map(({ place, amount, memo }) => ({ place, amount, memo })), seen.report.payments.map(({ place, amount, memo }) => ({ place, amount, memo })));
    assert.deepEqual([seen.offline.offline, seen.offline.chosen, seen.offline.payments[0]?.assurance], [true, "genesis", "guaranteed"]);
    assert.deepEqual(seen.unchosen, ["chainNotChosen"]);
    assert.equal(seen.foreign, "package.ProofOfOtherChain");
    assert.match(seen.flipped, /^package\.(ProofFalse|NotAProof)$/);
    assert.equal(seen.torn, "package.NotAProof");
    assert.equal(seen.notHex, "package.Node > node.Choice");
    assert.equal(seen.other, "package.OtherReader");
    assert.equal(seen.stale, "package.Nonce");
    assert.equal(seen.forged, "package.Signature");
    assert.equal(seen.none, "package.NotAPackage");
    assert.equal(seen.unknown, "disclose.Unknown");
    assert.equal(seen.noHex, "disclose.Hexadecimal");
  },
};
