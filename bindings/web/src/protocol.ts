// The protocol's primitives, for checking other implementations against this one. A wallet needs none of them.
//
// Whatever is bytes is text here: hexadecimal in small letters, as in the specification's vectors. Field elements,
// scalars and points are their 32 bytes.

import type {
  AccountParts, DummyInput, DummyOutput, EpochParts, NamedScalar, OpenedOutput, OutputScope, PoseidonDomain,
  ProtocolAddress, ProtocolIncomingKey, ProtocolNote, ProtocolNoteSecrets, ProtocolText, ProtocolView, StatementPublic,
  StatementWitness, TransactionFields, TransactionHashes, TreePath,
} from "./data.js";
import { callStatic, Handle, makeStatic } from "./handle.js";
import type { RecoveryPhrase } from "./secrets.js";

const call = <A extends unknown[], R>(name: string) => (...args: A): Promise<R> => callStatic("Protocol", "call", [name, args]);

/** The hash of an asset's descriptor. */
export const assetDescriptorHash = call<[descriptor: string], string>("assetDescriptorHash");
/** Whether a witness shows the statement; fails with the first clause that does not hold. */
export const checkStatement = call<[statement: StatementPublic, witness: StatementWitness], void>("checkStatement");
/** Whether 32 bytes are the encoding of an element of Ristretto255 other than the identity. */
export const checkElement = call<[bytes: string], void>("checkElement");
/** Whether 32 bytes are the encoding of a point of the subgroup other than the identity. */
export const checkSubgroupPoint = call<[bytes: string], void>("checkSubgroupPoint");
/** Reads the 128 bytes of an output that scanning needs. */
export const decryptCompactOutput = call<[key: ProtocolIncomingKey, scope: OutputScope, compact: string], ProtocolNote | undefined>("decryptCompactOutput");
/** Reads an output with its owner's key; nothing if it is not his, or is not as it should be. */
export const decryptOutput = call<[key: ProtocolIncomingKey, scope: OutputScope, output: string], OpenedOutput | undefined>("decryptOutput");
/** The values that follow from a note's parts. */
export const deriveNote = call<[note: ProtocolNote], ProtocolNoteSecrets>("deriveNote");
/** The point that a diversifier hashes to. */
export const diversifierBase = call<[diversifier: string], string>("diversifierBase");
/** The signed hash of effects in a context. */
export const effectsSighash = call<[effects: string, context: string], string>("effectsSighash");
/** Encrypts a note. Sealed to no outgoing viewing key, the last 112 bytes are random. */
export const encryptOutput = call<[note: ProtocolNote, memo: string, memoBucket: number, outgoingKey: string | undefined], string>("encryptOutput");
/** The message that the payer of a deposit signs. */
export const hostMessage = call<[sighash: string], string>("hostMessage");
/** The nullifier of a commitment under a nullifier key. */
export const noteNullifier = call<[nullifierKey: string, commitment: string], string>("noteNullifier");
/** A note's index, epoch, asset and value in one field element, in class 0. */
export const packNote = call<[index: number, epoch: number, assetId: bigint, value: bigint], string>("packNote");
/** The tag of a pool of a chain. */
export const poolTag = call<[genesisHash: string, poolId: number], string>("poolTag");
/** Every domain of the hash. */
export const poseidonDomains = call<[], PoseidonDomain[]>("poseidonDomains");
/** Lanes 1 to 4 of the hash in a domain; the first is the hash. */
export const poseidonHash = call<[domain: string, inputs: string[]], string[]>("poseidonHash");
/** The matrix of the linear layer, by rows. */
export const poseidonMds = call<[], string[][]>("poseidonMds");
/** The permutation of five field elements. */
export const poseidonPermute = call<[state: string[]], string[]>("poseidonPermute");
/** The constants of every round. */
export const poseidonRoundConstants = call<[], string[][]>("poseidonRoundConstants");
/** An address from its text. */
export const readProtocolAddress = call<[text: string], ProtocolAddress>("readProtocolAddress");
/** Any text of the protocol. */
export const readProtocolText = call<[text: string], ProtocolText>("readProtocolText");
/** Reads a transaction. */
export const readTransaction = call<[transaction: string], TransactionFields>("readTransaction");
/** Reads an output with its payer's outgoing viewing key. */
export const recoverOutput = call<[outgoingKey: string, scope: OutputScope, output: string], OpenedOutput | undefined>("recoverOutput");
/** The spend tag of a transaction's first nullifier under a detection key. */
export const spendTag = call<[detectionKey: string, firstNullifier: string], string>("spendTag");
/** The values that a transaction's hashes bind beside its effects. */
export const transactionContext = call<[genesisHash: string, publicDescriptor: string | undefined, feeDescriptor: string | undefined], string>("transactionContext");
/** The ids and the signed hash of a transaction in a context. */
export const transactionHashes = call<[transaction: string, context: string], TransactionHashes>("transactionHashes");
/** The public inputs of a transaction's proof, in order. */
export const transactionPublicInputs = call<[transaction: string, poolTag: string], NamedScalar[]>("transactionPublicInputs");
/** The way of a leaf to the root, from its position and, at each of 16 levels, the other three children. */
export const treePath = call<[leaf: string, position: number, siblings: string[][]], TreePath>("treePath");
/** The root of the tree of these leaves. */
export const treeRoot = call<[leaves: string[]], string>("treeRoot");
/** Whether a signature under `rk` signs a message. */
export const verifySpendSignature = call<[rk: string, message: string, signature: string], boolean>("verifySpendSignature");

/** The keys of an account, by their bytes. */
export class ProtocolKeys extends Handle {
  override readonly kind = "ProtocolKeys";

  /** The keys of an account of a recovery phrase. */
  static derive(phrase: RecoveryPhrase, account: number): Promise<ProtocolKeys> {
    return makeStatic(ProtocolKeys, "ProtocolKeys", "derive", [phrase, account]);
  }

  /** The keys that no epoch limits. */
  parts(): Promise<AccountParts> {
    return this.call("call", ["parts", []]);
  }

  /** The account's id in a pool. */
  accountId(poolTag: string): Promise<string> {
    return this.call("call", ["accountId", [poolTag]]);
  }

  /** The keys of one epoch of one pool. */
  epoch(poolTag: string, epoch: number): Promise<EpochParts> {
    return this.call("call", ["epoch", [poolTag, epoch]]);
  }

  /** The cover of some epochs: the least nodes of a tree that give their keys and no others. */
  cover(view: ProtocolView, poolTag: string, firstEpoch: number, lastEpoch: number): Promise<string> {
    return this.call("call", ["cover", [view, poolTag, firstEpoch, lastEpoch]]);
  }

  /** An address by its index. */
  address(poolTag: string, epoch: number, view: ProtocolView, index: bigint): Promise<ProtocolAddress> {
    return this.call("call", ["address", [poolTag, epoch, view, index]]);
  }

  /** An address by its diversifier. */
  addressOf(poolTag: string, epoch: number, view: ProtocolView, diversifier: string): Promise<ProtocolAddress> {
    return this.call("call", ["addressOf", [poolTag, epoch, view, diversifier]]);
  }

  /** `rk` of an `alpha`. */
  randomizedKey(alpha: string): Promise<string> {
    return this.call("call", ["randomizedKey", [alpha]]);
  }

  /** An input that pads a transaction. */
  dummyInput(poolTag: string, epoch: number, mainAsset: bigint, alpha: string, slot: number): Promise<DummyInput> {
    return this.call("call", ["dummyInput", [poolTag, epoch, mainAsset, alpha, slot]]);
  }

  /** An output that pads a transaction. */
  dummyOutput(epoch: number, mainAsset: bigint, alpha: string, firstNullifier: string, slot: number): Promise<DummyOutput> {
    return this.call("call", ["dummyOutput", [epoch, mainAsset, alpha, firstNullifier, slot]]);
  }
}
