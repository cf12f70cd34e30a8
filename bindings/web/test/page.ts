// Helpers for the pages of the tests.

import * as louver from "louver";
import type { Amount, Node, Prover, SpendingKeys, Wallet } from "louver";

/** A wallet that holds something, and what is needed to spend it. */
export interface Funded {
  node: Node;
  wallet: Wallet;
  keys: SpendingKeys;
  prover: Prover;
}

/** A new wallet without a passphrase, with its keys. */
export async function make(name: string): Promise<Funded> {
  const node = await louver.Node.connect("/");
  using phrase = await louver.RecoveryPhrase.generate();
  using protection = await louver.Protection.unsealed();
  const wallet = await louver.Wallet.create({ name, node, phrase, protection });
  return { node, wallet, keys: await wallet.unlock(protection), prover: await louver.Prover.create() };
}

/** The wallet of a name, once more. */
export async function reopen(name: string): Promise<Funded> {
  const node = await louver.Node.connect("/");
  using protection = await louver.Protection.unsealed();
  const wallet = await louver.Wallet.open({ name, node, protection });
  return { node, wallet, keys: await wallet.unlock(protection), prover: await louver.Prover.create() };
}

/** The same, as soon as a Worker that was ended has let go of it: the browser takes its time. */
export async function reopenSoon(name: string): Promise<Funded> {
  for (let tries = 0; ; tries++) {
    try {
      return await reopen(name);
    } catch (error) {
      if (tries === 30 || !(error instanceof louver.LouverError) || error.find("storage")?.code !== "InUse") throw error;
    }
  }
}

/** Opens a wallet, works with it, and lets go of it. */
export async function during<T>(name: string, work: (open: Funded) => Promise<T>): Promise<T> {
  const open = await reopen(name);
  try {
    return await work(open);
  } finally {
    open.keys.free();
    open.wallet.free();
  }
}

/** Sends, and looks at the chain until it is in a block. */
export async function sendAndWait({ wallet, keys, prover }: Funded, action: louver.Action): Promise<void> {
  using plan = await wallet.plan(0, action);
  const sent = await wallet.send(plan, keys, prover);
  if (sent.notTaken) throw new Error(`it was not taken: ${sent.notTaken.code}`);
  while ((await wallet.history(0)).find(({ txid }) => txid === sent.txid)?.status.kind !== "mined") {
    await pause(500);
    await wallet.sync();
  }
}

/** Brings money into the wallet. */
export async function fund({ node, wallet, keys, prover }: Funded, text = "100 LVR"): Promise<void> {
  const from = await keys.transparentAccount(0);
  const amount = await node.parseAmount(text);
  await node.faucet(from, { ...amount, value: amount.value * 2n });
  await node.produceBlocks(1);
  await wallet.sync();
  using plan = await wallet.plan(0, { kind: "shield", from, amount });
  const sent = await wallet.send(plan, keys, prover);
  if (sent.notTaken) throw new Error(`the deposit was not taken: ${sent.notTaken.code}`);
  await mine({ node, wallet });
}

/** A new wallet that holds something. */
export async function funded(name: string, text?: string): Promise<Funded> {
  const made = await make(name);
  await fund(made, text);
  return made;
}

/** Has a block made, and reads it. */
export async function mine({ node, wallet }: Pick<Funded, "node" | "wallet">): Promise<void> {
  await node.produceBlocks(1);
  await wallet.sync();
}

/** The amount of the first asset that the first account can spend. */
export async function spendable(wallet: Wallet): Promise<bigint> {
  return (await wallet.balances(0)).find(({ asset }) => asset === 1n)?.spendable ?? 0n;
}

/** A payment to an address. */
export function pay(to: string, amount: Amount, memo = ""): louver.Action {
  return { kind: "pay", payments: [{ to, amount, memo }], fee: { kind: "least" } };
}

/** The error of a call: `concept.code`, with the concepts and codes below it. */
export async function fault(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return said(error);
  }
  return "nothing";
}

function said(error: unknown): string {
  if (error instanceof louver.LouverError) {
    return `${error.concept}.${error.code}${error.cause ? ` > ${said(error.cause)}` : ""}`;
  }
  return error instanceof Error ? error.name : String(error);
}

/** Ends when some time has passed. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
