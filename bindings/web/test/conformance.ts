// The vectors of the specification, made by an independent implementation, against this library: in the page.

import { LouverError, protocol, type ProtocolIncomingKey, type ProtocolNote, type ProtocolView, RecoveryPhrase } from "louver";

type Vector = Record<string, unknown>;

const text = (vector: Vector, name: string) => vector[name] as string;
const optional = (vector: Vector, name: string) => (vector[name] as string | null | undefined) ?? undefined;
const big = (vector: Vector, name: string) => vector[name] as bigint;
const number = (vector: Vector, name: string) => Number(vector[name]);
const texts = (vector: Vector, name: string) => vector[name] as string[];
const lists = (vector: Vector, name: string) => vector[name] as string[][];
const object = (vector: Vector, name: string) => vector[name] as Vector;
const view = (vector: Vector): ProtocolView => (text(vector, "direction") === "out" ? "outgoing" : (text(vector, "direction") as ProtocolView));

/** The objects of a list, which must not be empty. */
function objects(vector: Vector, name: string): Vector[] {
  const list = vector[name] as Vector[];
  if (list.length === 0) throw new Error(`${name} is empty`);
  return list;
}

async function open(name: string): Promise<Vector> {
  const answer = await fetch(`/vectors/${name}.json`);
  // Numbers have up to 64 bits.
  const whole = (_: string, value: unknown, context?: { source: string }) => (typeof value === "number" ? BigInt(context!.source) : value);
  return JSON.parse(await answer.text(), whole as (key: string, value: unknown) => unknown) as Vector;
}

let compared = 0;

function same(found: unknown, expected: unknown, what = ""): void {
  const [one, other] = [found, expected].map((value) => JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part)));
  if (one !== other) throw new Error(`${what}: ${one} where ${other} is expected`);
  compared++;
}

async function fault(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => undefined, (error: unknown) => error);
  return error instanceof LouverError ? error.code : `no fault: ${String(error)}`;
}

async function keysOf(vector: Vector): Promise<protocol.ProtocolKeys> {
  return protocol.ProtocolKeys.derive(await RecoveryPhrase.parse(text(vector, "phrase")), number(vector, "account"));
}

function noteOf(vector: Vector): ProtocolNote {
  return {
    poolTag: text(vector, "pool"), epoch: number(vector, "epoch"), index: number(vector, "index"), diversifier: text(vector, "d"),
    pkD: text(vector, "pk_d"), tau: text(vector, "tau"), asset: big(vector, "asset"), value: big(vector, "value"),
    rho: text(vector, "rho"), rseed: text(vector, "rseed"),
  };
}

function pick(vector: Vector, names: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([name, from]) => [name, text(vector, from)]));
}

const SECRETS = { m: "m", rcm: "rcm", esk: "esk", epk: "epk", cm: "cm" };
const wire = (output: Vector) => ["cm", "epk", "compact", "rest", "out"].map((name) => text(output, name)).join("");
const compact = (output: Vector) => ["cm", "epk", "compact"].map((name) => text(output, name)).join("");
const keyOf = (vector: Vector) => pick(vector, { ivk: "ivk", dk: "dk", tk: "tk" }) as unknown as ProtocolIncomingKey;
const scopeOf = (vector: Vector, memoBucket: number) => ({
  poolTag: text(vector, "pool"), epoch: number(vector, "epoch"), rho: text(vector, "rho"), index: number(vector, "index"), memoBucket,
});

/** The checks, by name. */
export const checks = {
  async poseidon() {
    const vectors = await open("poseidon");
    same((await protocol.poseidonRoundConstants())[0], texts(vectors, "first_round_constants"));
    same(await protocol.poseidonMds(), lists(vectors, "mds"));
    for (const vector of objects(vectors, "permutations")) {
      same(await protocol.poseidonPermute(texts(vector, "input")), texts(vector, "output"));
    }
    const domains = await protocol.poseidonDomains();
    same(domains.length, objects(vectors, "hashes").length);
    for (const vector of objects(vectors, "hashes")) {
      const domain = text(vector, "domain");
      same(domains.find(({ name }) => name === domain)?.constant, text(vector, "constant"), domain);
      same(await protocol.poseidonHash(domain, texts(vector, "inputs")), texts(vector, "lanes_1_to_4"), domain);
    }
    same(await fault(protocol.poseidonHash("node", [])), "Argument");
    const orders = object(await open("keys"), "orders");
    same(await fault(protocol.poseidonPermute([...Array<string>(4).fill("00".repeat(32)), text(orders, "r")])), "NonCanonicalField");
  },

  async tree() {
    const vectors = await open("tree");
    const empty = texts(vectors, "empty_roots");
    for (const [level, root] of empty.slice(1).entries()) {
      same((await protocol.poseidonHash("node", Array<string>(4).fill(empty[level]!)))[0], root);
    }
    same(await protocol.treeRoot([]), empty.at(-1));
    for (const vector of objects(vectors, "roots")) {
      same(await protocol.treeRoot(texts(vectors, "leaves").slice(0, number(vector, "leaves"))), text(vector, "root"));
    }
    for (const vector of objects(vectors, "paths")) {
      const [position, children] = [number(vector, "position"), lists(vector, "children")];
      const siblings = children.map((all, level) => all.filter((_, place) => place !== Math.floor(position / 4 ** level) % 4));
      same(await protocol.treePath(text(vector, "leaf"), position, siblings), { children, root: text(vector, "root") });
    }
  },

  async keys() {
    const vectors = await open("keys");
    for (const vector of objects(vectors, "pools")) {
      same(await protocol.poolTag(text(vector, "genesis_hash"), number(vector, "pool_id")), text(vector, "pool"));
    }
    for (const vector of objects(vectors, "accounts")) {
      const keys = await keysOf(vector);
      const parts = { sk: "sk", ak: "ak", nk: "nk", inExternal: "in_external", inInternal: "in_internal", out: "out", dummyRoot: "dummy_root" };
      same(await keys.parts(), pick(vector, parts));
      for (const id of objects(vector, "ids")) same(await keys.accountId(text(id, "pool")), text(id, "aid"));
      for (const epoch of objects(vector, "epochs")) {
        const [external, internal] = [object(epoch, "external"), object(epoch, "internal")];
        same(await keys.epoch(text(epoch, "pool"), number(epoch, "epoch")), {
          tkx: text(epoch, "tkx"), nk: text(epoch, "nk_e"), sd: text(epoch, "sd"), tki: text(epoch, "tki"), externalIvk: text(external, "ivk"),
          externalDk: text(external, "dk"), internalIvk: text(internal, "ivk"), internalDk: text(internal, "dk"), ovk: text(epoch, "ovk"),
        });
      }
      for (const tree of objects(vector, "ggm")) {
        for (const cover of objects(tree, "covers")) {
          same(await keys.cover(view(tree), text(tree, "pool"), number(cover, "first"), number(cover, "last")), text(cover, "bytes"));
        }
      }
      keys.free();
    }
  },

  async addresses() {
    const vectors = await open("addresses");
    const keys = await keysOf(vectors);
    for (const vector of objects(vectors, "addresses")) {
      const [pool, epoch, diversifier] = [text(vector, "pool"), number(vector, "epoch"), text(vector, "d")];
      const index = BigInt(`0x${text(vector, "index").match(/../g)!.reverse().join("")}`);
      const address = await (index < 1n << 64n
        ? keys.address(pool, epoch, view(vector), index)
        : keys.addressOf(pool, epoch, view(vector), diversifier));
      same(address, { poolTag: pool, epoch, diversifier, ...pick(vector, { base: "g_d", pkD: "pk_d", tau: "tau", bytes: "bytes", text: "string" }) });
      same(await protocol.readProtocolAddress(text(vector, "string")), address);
    }
    for (const vector of objects(vectors, "group_hashes")) same(await protocol.diversifierBase(text(vector, "d")), text(vector, "g_d"));
    for (const vector of objects(vectors, "strings")) {
      same((await protocol.readProtocolText(text(vector, "string"))).payload, text(vector, "payload"), text(vector, "form"));
    }
    for (const vector of objects(vectors, "refused")) {
      same(await fault(protocol.readProtocolAddress(text(vector, "string"))), text(vector, "fault"), text(vector, "name"));
    }
    for (const vector of objects(vectors, "elements")) {
      same(await fault(protocol.checkElement(text(vector, "bytes"))), text(vector, "fault"), text(vector, "name"));
    }
    for (const vector of objects(vectors, "points")) {
      same(await fault(protocol.checkSubgroupPoint(text(vector, "bytes"))), text(vector, "fault"), text(vector, "name"));
    }
  },

  async notes() {
    const vectors = await open("notes");
    const keys = await keysOf(vectors);
    same(await fault(keys.randomizedKey(text(object(await open("keys"), "orders"), "j"))), "NonCanonicalField");
    for (const vector of objects(vectors, "m")) {
      // This version only writes class 0; byte 15 holds the class.
      const m = await protocol.packNote(number(vector, "index"), number(vector, "epoch"), big(vector, "asset"), big(vector, "value"));
      same(m.slice(0, 30) + number(vector, "class").toString(16).padStart(2, "0") + m.slice(32), text(vector, "m"));
    }
    for (const vector of objects(vectors, "notes")) {
      const [pool, epoch] = [text(vector, "pool"), number(vector, "epoch")];
      same(await protocol.deriveNote(noteOf(vector)), pick(vector, SECRETS));
      same((await keys.epoch(pool, epoch)).nk, text(vector, "nk_e"));
      same(await protocol.noteNullifier(text(vector, "nk_e"), text(vector, "cm")), text(vector, "nf"));
      const { pkD, tau } = await keys.addressOf(pool, epoch, view(vector), text(vector, "d"));
      same([pkD, tau], [text(vector, "pk_d"), text(vector, "tau")]);
    }
    for (const vector of objects(vectors, "spend_tags")) same(await protocol.spendTag(text(vector, "sd"), text(vector, "nf_0")), text(vector, "st"));
    const all = object(vectors, "dummies");
    const [epoch, asset, alpha, first] = [number(all, "epoch"), big(all, "main_asset"), text(all, "alpha"), text(all, "first_nullifier")];
    same((await keys.parts()).dummyRoot, text(all, "dummy_root"));
    same(await keys.randomizedKey(alpha), text(all, "rk"));
    for (const vector of objects(all, "cases")) {
      const slot = number(vector, "slot");
      if (number(vector, "kind") === 0) {
        same(await keys.dummyInput(text(all, "pool"), epoch, asset, alpha, slot), pick(vector, { pkDHash: "pk_d_hash", tau: "tau", rho: "rho", rcm: "rcm", cm: "cm", nf: "nf" }));
      } else {
        same(await keys.dummyOutput(epoch, asset, alpha, first, slot), pick(vector, { tau: "tau", rcm: "rcm", epk: "epk", cm: "cm" }));
      }
    }
  },

  async encryption() {
    const vectors = await open("encryption");
    for (const vector of objects(vectors, "outputs")) {
      const [parts, memo, bucket] = [object(vector, "note"), text(vector, "memo"), number(vector, "memo_bucket")];
      const [note, scope, output, seal] = [noteOf(parts), scopeOf(parts, bucket), object(vector, "output"), optional(vector, "ovk")];
      same(await protocol.deriveNote(note), pick(parts, SECRETS));
      const ours = await protocol.encryptOutput(note, memo, bucket, seal);
      const end = seal === undefined ? -text(output, "out").length : undefined;
      same(ours.slice(0, end), wire(output).slice(0, end));
      if (seal === undefined) same(ours.slice(end) === text(output, "out"), false);
      else same(await protocol.recoverOutput(seal, scope, wire(output)), { note, memo });
      same(await protocol.decryptOutput(keyOf(vector), scope, wire(output)), { note, memo });
      same(await protocol.decryptCompactOutput(keyOf(vector), scope, compact(output)), note);
    }
    const refused = object(vectors, "refused");
    const scope = scopeOf(refused, number(refused, "memo_bucket"));
    for (const vector of objects(refused, "cases")) {
      const [name, output] = [text(vector, "name"), object(vector, "output")];
      same(await protocol.decryptOutput(keyOf(refused), scope, wire(output)), undefined, name);
      if (name !== "paid to another account") same(await protocol.recoverOutput(text(refused, "ovk"), scope, wire(output)), undefined, name);
      same((await protocol.decryptCompactOutput(keyOf(refused), scope, compact(output))) === undefined, vector["compact"], name);
    }
  },

  async codec() {
    const vectors = await open("codec");
    for (const vector of objects(vectors, "valid")) {
      const [name, bytes, context] = [text(vector, "name"), text(vector, "transaction"), text(vector, "context")];
      const read = await protocol.readTransaction(bytes);
      same([read.bytes, read.effects], [bytes, text(vector, "effects")], name);
      const hashes = await protocol.transactionHashes(bytes, context);
      same(hashes, pick(vector, { txid: "txid", wtxid: "wtxid", sighash: "sighash" }), name);
      same(await protocol.effectsSighash(read.effects, context), hashes.sighash, name);
      same(await protocol.verifySpendSignature(read.rk, hashes.sighash, read.signature), true, name);
      same(
        [read.shape, read.expiryHeight, read.epoch, read.memoBucket, read.fee.asset, read.fee.value],
        [text(vector, "shape"), number(vector, "expiry_height"), number(vector, "epoch"), number(vector, "memo_bucket"), big(vector, "fee_asset"), big(vector, "fee")],
        name,
      );
      const side = object(vector, "public_side");
      same(read.side.kind, text(side, "kind"), name);
      if (read.side.kind !== "internal") same([read.side.amount.asset, read.side.amount.value, read.party], [big(side, "asset"), big(side, "amount"), text(side, "party")], name);
      const inputs = await protocol.transactionPublicInputs(bytes, text(vectors, "pool"));
      same(inputs.map(({ name, value }) => [name, value]), lists(vector, "public_inputs"), name);
    }
    for (const vector of objects(vectors, "malformed")) {
      same(await fault(protocol.readTransaction(text(vector, "bytes"))), text(vector, "fault"), text(vector, "name"));
    }
  },

  async sighash() {
    const vectors = await open("sighash");
    for (const vector of objects(vectors, "descriptors")) same(await protocol.assetDescriptorHash(text(vector, "bytes")), text(vector, "hash"));
    const keys = await keysOf(await open("notes"));
    for (const vector of objects(vectors, "hashes")) {
      const [name, sighash, rk] = [text(vector, "name"), text(vector, "sighash"), text(vector, "rk")];
      const context = await protocol.transactionContext(text(vector, "genesis_hash"), optional(vector, "public_descriptor"), optional(vector, "fee_descriptor"));
      same(context, text(vector, "context"), name);
      same(await protocol.effectsSighash(text(vector, "effects"), context), sighash, name);
      same(await protocol.hostMessage(sighash), text(vector, "host_message"), name);
      same(await keys.randomizedKey(text(vector, "alpha")), rk, name);
      same(await protocol.verifySpendSignature(rk, sighash, text(vector, "signature")), true, name);
    }
    for (const vector of objects(vectors, "signatures")) {
      same(await protocol.verifySpendSignature(text(vector, "rk"), text(vector, "message"), text(vector, "signature")), vector["valid"], text(vector, "name"));
    }
  },

  async statement() {
    const vectors = await open("statement");
    for (const vector of objects(vectors, "cases")) {
      const [moved, parts] = [object(vector, "public_value"), object(vector, "witness")];
      const deposit = "in" in moved;
      const statement = {
        shape: text(vector, "shape"), poolTag: text(vectors, "pool"), epoch: number(vectors, "epoch"), deposit,
        publicValue: big(moved, deposit ? "in" : "out"), scalars: lists(vector, "public_inputs").map((input) => input[1]!),
      };
      const witness = {
        akU: text(parts, "ak_u"), akV: text(parts, "ak_v"), alpha: text(parts, "alpha"), nk: text(parts, "nk"), main: text(parts, "main"),
        exchange: text(parts, "exchange"),
        inputs: objects(parts, "inputs").map((input) => ({
          index: text(input, "index"), epoch: text(input, "epoch"), isFeeAsset: text(input, "is_fee_asset"), value: text(input, "value"),
          isInternal: text(input, "is_internal"), pkDHash: text(input, "pk_d_hash"), rho: text(input, "rho"), rcm: text(input, "rcm"), path: lists(input, "path"),
        })),
        outputs: objects(parts, "outputs").map((output) => ({
          tau: text(output, "tau"), rcm: text(output, "rcm"), isFeeAsset: text(output, "is_fee_asset"), value: text(output, "value"),
        })),
      };
      await protocol.checkStatement(statement, witness);
      compared++;
      same(await fault(protocol.checkStatement(statement, { ...witness, exchange: `07${"00".repeat(31)}` })), "Untrue", text(vector, "name"));
    }
  },
};

/** Does one of the checks, and tells how much it compared. */
export async function check(name: keyof typeof checks): Promise<number> {
  compared = 0;
  await checks[name]();
  return compared;
}
