// Errors in words: what happened, and what to do now.

import { type Amount, type Asset, type Concept, type Fault, type Faults, LouverError } from "louver";

import { amount, count, day } from "./format.js";

/** A fault in words. */
export interface Words {
  /** The event, as a sentence. */
  readonly what: string;
  /** The advice, as one or more sentences; empty if there is nothing to do. */
  readonly todo: string;
  /** The details for a developer, in the library's words. It is plain text. */
  readonly details?: string | undefined;
}

type Saying = readonly [what: string, todo: string];
/** The faults that pass on no other one: those that do are told by the one below. */
type Own<F> = Exclude<F, { error: unknown }>;
type Sayings<F extends { code: string }> = {
  [K in Own<F>["code"]]: Saying | ((fault: Extract<F, { code: K }>, say: (amount: Amount) => string) => Saying);
};

const ask = "Nothing was changed and nothing was sent.";
const again = "Try again in a moment.";
const rescan = "Read the chain again from the wallet’s birthday in the settings.";

/** All but those of the protocol's primitives, which no page calls. */
const SAYINGS: { [C in Exclude<Concept, "protocol">]: Sayings<Faults[C]> } = {
  address: {
    Empty: ["There is no address.", "Ask the payee for one."],
    Invalid: ({ reason }) => ["This is not a valid address.", `Check that it was copied whole, from lvr1 to its end: ${reason}.`],
    Secret: ({ what }) => [
      `This is ${what}, not an address.`,
      "It is a secret: clear the field. It was neither used nor kept. If anybody else may have seen it, move the money to a new wallet.",
    ],
    OtherThing: ({ what }) => [`This is ${what}, not an address of this chain.`, "Ask the payee for an address that begins with lvr1."],
    PaymentRequest: ["This is a payment request, not an address alone.", "Ask the payee for the address, or open the request as a whole."],
  },
  amount: {
    Form: ["This is not an amount.", "Write a number and a symbol, such as 12.50 LVR."],
    NoAsset: ["The amount has no asset.", "Write the asset after the number, such as 12.50 LVR."],
    TwoReadings: ({ first, second }) => [`This can mean ${first} or ${second}.`, "Write the one that you mean."],
    UnknownAsset: ({ reason }) => ["This chain has no such asset.", `Check its name: ${reason}.`],
    TooPrecise: ({ asset, decimals }) => [
      "The amount has too many decimals.",
      decimals === 0 ? `${asset} has no decimals.` : `${asset} has ${count(decimals, "decimal")} at most. Nothing is rounded for you.`,
    ],
    TooLarge: ({ most }) => ["The amount is larger than any amount can be.", `The most is ${most}.`],
  },
  audit: {
    Key: ["This is not an auditor’s key.", "Choose the key file as it was made: it has a line that begins with AGE-SECRET-KEY-1."],
    NotForThisKey: [
      "This key does not open the file.",
      "The grant was sealed to another key, or the file was altered on its way. Choose the other key, or ask for the file again.",
    ],
    NotAGrant: ({ reason }) => ["The file is not a viewing grant.", `Choose the file as its owner handed it over: ${reason}.`],
    OtherReader: ["The grant was made out to somebody else.", "It may have been passed on. Ask its owner for one that is made out to you."],
    Expectation: ({ what }) => [`What you expect as the ${what} is not written as it should be.`, "Check it, or leave it empty to leave it unchecked."],
    OtherAccount: ["The grant is another account’s.", "Do not rely on it for the account that you expected."],
    OtherName: ({ madeFor, expected }) => [
      `The grant is made out to “${madeFor}”, not to “${expected}”.`,
      "It may have been passed on. Ask its owner for one that is made out to you.",
    ],
    Nonce: ["The grant does not answer your request.", "It may be an old one, or one that was made for something else. Ask its owner for one that answers your request."],
    Challenge: ({ reason }) => ["The grant is not what you asked for.", `Do not rely on it as an answer: ${reason}.`],
    NotYet: ({ reason }) => ["The grant says that it was made later than now.", `One of two clocks is wrong: ${reason}.`],
    OtherChain: ["The grant is of another chain.", "Open this page at a node of the chain that the grant is for."],
    OtherPool: ["The grant is of another pool of this chain.", "Ask its owner for a grant of this pool."],
    Expired: ["The grant’s time is over.", "Ask its owner for a new one."],
    Unproven: [
      "The keys of this grant are not proven to be the account’s.",
      "Do not rely on what it shows: ask its owner for a new one.",
    ],
    Signature: ["The account did not sign this grant.", "Do not rely on it: it was altered or forged. Ask its owner for a new one."],
    Blocks: ({ reason }) => ["The node’s blocks do not fit together.", `Try another node: ${reason}.`],
    Cancelled: ["The audit was stopped.", "Start it again whenever you like."],
    NoKeys: ["This chain has no key to check the grant’s proofs with.", "Open this page at a node of the chain that the grant is for."],
  },
  book: {
    NotABook: ({ reason }) => ["The file is not a book.", `Choose the file as its owner handed it over: ${reason}.`],
    NotForThisKey: ["This key does not open the book.", "It was sealed to another key, or the file was altered on its way. Choose the other key, or ask for the file again."],
    Expectation: ({ what }) => [`What you expect as the ${what} is not written as it should be.`, "Check it, or leave it empty to leave it unchecked."],
    OtherAccount: ["The book is another account’s.", "Do not rely on it for the account that you expected."],
    OtherReader: ({ madeFor, expected }) => [
      `The book is made out to “${madeFor}”, not to “${expected}”.`,
      "It may have been passed on. Ask its owner for one that is made out to you.",
    ],
    Nonce: ["The book does not answer your number.", "A book answers none: leave the field empty."],
    Refused: ({ reason }) => ["The book is refused.", `Rely on no sum in it: ${reason}.`],
    BeforeNotVerified: ["The book before was not checked.", "Check that one first, or both together."],
    Blocks: ({ reason }) => ["The node’s blocks do not fit together.", `Try another node: ${reason}.`],
    Cancelled: ["The check was stopped.", "Start it again whenever you like."],
    NoKeys: ["This chain has no key to check the book’s proofs with.", "Open this page at a node of the chain that the book is for."],
  },
  challenge: {
    NotAChallenge: ({ reason }) => ["The file is not a reader’s request.", `Choose the file as the reader sent it: ${reason}.`],
    Demand: ({ reason }) => ["Nobody could meet this request.", `Ask for something else: ${reason}.`],
    Refused: ({ reason }) => ["The request is not one to answer.", `${reason}.`],
  },
  disclose: {
    Challenge: ({ reason }) => ["This does not answer the reader’s request.", `Nothing was made: ${reason}.`],
    Nothing: ["Nothing was chosen to be shown.", "Choose at least one thing."],
    Epochs: ["The first month is after the last.", "Turn them round."],
    TooManyEpochs: ({ most }) => [`A grant opens ${count(most, "month")} at most.`, "Choose fewer, or make several grants."],
    Recipient: ["The reader’s key is not valid.", "It begins with age1. Ask the reader to copy it whole, or to send the file again."],
    NoReader: ["The disclosure names no reader.", "Say whom it is for: without a name, anybody could show it to anybody."],
    NoValidity: ["The disclosure could be shown at no time.", "Give it a day at least."],
    TooLong: ({ what }) => [`The ${what} is too long.`, "Say it in fewer words."],
    Choice: ({ reason }) => [`These payments cannot be shown so: ${reason}.`, "Nothing was made. Change the choice, or the amount to show."],
    Hexadecimal: ({ what }) => [`The ${what} is not written as it should be.`, "It has 64 digits, from 0 to 9 and from a to f. Ask the reader to copy it whole."],
    Unknown: ["The account knows nothing of that payment.", "Choose a payment that this account made or received."],
    NotMined: ["The payment is in no block yet.", "Wait until it is in a block, then disclose it."],
    NotRead: ["The payment was not read in full yet.", "Synchronise the wallet, then try again."],
    NotStated: ({ reason }) => ["The statement cannot be made.", `Nothing was shown to anybody: ${reason}.`],
    OtherKeys: ["These keys do not sign for this account.", "Open the account with its own recovery phrase: one that can only be seen cannot disclose."],
  },
  node: {
    Unreachable: ["The node cannot be reached.", `Check your connection. ${again}`],
    Refused: ({ refusal, reason, status }) => REFUSALS[refusal.kind] ?? [
      status >= 500 ? "The node failed to answer." : "The node refused this.",
      status >= 500 || status === 429 ? again : `It says: ${reason}.`,
    ],
    Answer: ["The node’s answer makes no sense.", "It may be of another version, or something between you and it altered the answer. Try another node."],
    NotChosen: ({ reason }) => ["The node’s chain is not the one that was chosen.", `Nothing was read, and nothing was sent: ${reason}.`],
    Choice: ({ reason }) => ["The chain that you mean is not written as it should be.", `${reason}.`],
    Behind: ["The node shows less of the chain than was final before.", "It is behind, was reset, or hides blocks. Your money is where it was: wait, or ask another node."],
    Untrusted: ({ reason }) => ["The node does not prove what it says.", `Nothing was taken from its answer, and your money is where it was. Ask another node: ${reason}.`],
    Convicted: ["Those who make this chain’s blocks sealed two chains, or a false block.", "Nobody can know which payments count. Nothing more is read or sent here. Save the evidence, which anybody can check, and ask the chain’s operators and others who use it."],
    DateToCome: ({ reason }) => ["This date is still to come.", `${reason}.`],
    OtherChain: ["The node is on another chain now.", "Reload this page. If it stays so, this wallet belongs to another chain."],
  },
  package: {
    NotAPackage: ({ reason }) => ["The file is not a disclosure package.", `Choose the file as its owner handed it over: ${reason}.`],
    NotForThisKey: ["The package is sealed to another key, or damaged.", "See that you use the key that you gave to its owner, and ask for the file again if you do."],
    Sealed: ["The package is sealed to a reader’s key.", "Load your key first."],
    Expectation: ({ what }) => [`What you expect as the ${what} is not written as it should be.`, "Check it, or leave it empty to leave it unchecked."],
    OtherChain: ["The package is of another chain.", "Open this page at a node of the chain that the package is for."],
    OtherPool: ["The package is of another pool of this chain.", "Ask its owner for one of this pool."],
    OtherAccount: ["Another account made this package.", "Do not rely on it for the account that you expected."],
    OtherReader: ({ madeFor, expected }) => [
      `The package is made out to “${madeFor}”, not to “${expected}”.`,
      "It may have been passed on. Ask its owner for one that is made out to you.",
    ],
    Nonce: ["The package does not answer your challenge.", "It may be an old one, shown again. Ask its owner for one with your challenge in it."],
    Challenge: ({ reason }) => ["The package is not what you asked for.", `Do not rely on it as an answer: ${reason}.`],
    NotYet: ({ reason }) => ["The package says that it was made later than now.", `One of two clocks is wrong: ${reason}.`],
    Expired: ["The package’s time is over.", "Ask its owner for a new one."],
    Signature: ["The account did not sign this package.", "Do not rely on it: it was altered or forged."],
    NotOnLedger: ({ item }) => [`Payment ${item + 1} is not on the ledger.`, "Do not rely on the package. If the payment is very new, check it again later."],
    Untrue: ({ item, reason }) => [`Payment ${item + 1} is not what the package says.`, `Do not rely on the package: ${reason}.`],
    NotProvable: ["The chain does not have a payment of the package where the package says.", "Do not rely on the package. If the payment is very new, try again later."],
    NotAProof: ({ reason }) => ["The file beside the package is not an offline proof.", `It is another file, or it was altered on its way. Ask for it again, or leave it aside and ask the node: ${reason}.`],
    ProofOfOtherChain: ({ reason }) => ["The proof is not of the chain that you chose.", `Do not rely on it: whoever made it may have made that chain as well. It says: ${reason}.`],
    ProofLacks: ({ reason }) => ["The proof does not show what the package names.", `It may stand beside another package. Anybody can make it anew, or leave it aside and ask the node: ${reason}.`],
    ProofFalse: ({ reason }) => ["The proof is false.", `Do not rely on it: it was altered or forged. Anybody can make it anew, or leave it aside and ask the node: ${reason}.`],
    NoKeys: ["This chain has no key to check the package’s proofs with.", "Open this page at a node of the chain that the package is for."],
  },
  statement: {
    NotAStatement: ({ reason }) => ["The file is not a statement.", `Choose the file as its owner handed it over: ${reason}.`],
    NotForThisKey: ["The statement is sealed to another key, or damaged.", "See that you use the key that you gave to its owner, and ask for the file again if you do."],
    Sealed: ["The statement is sealed to a reader’s key.", "Load your key first."],
    Expectation: ({ what }) => [`What you expect as the ${what} is not written as it should be.`, "Check it, or leave it empty to leave it unchecked."],
    Refused: ({ reason }) => ["The statement does not hold.", `Do not rely on it: ${reason}.`],
    NoKeys: ["This chain has no key to check the statement’s proofs with.", "Open this page at a node of the chain that the statement is for."],
  },
  paymentList: {
    Row: ({ line, reason }) => [`Line ${line} of the list is wrong.`, `Mend it and choose the list again: ${reason}. ${ask}`],
    Form: ({ reason }) => ["The list cannot be read.", `${reason}. ${ask}`],
  },
  paymentRequest: {
    Unsupported: ({ parameter }) => ["This wallet is too old for the payment request.", `It has to understand “${parameter}”. Ask for another request, or for an address.`],
    ForeignPool: ["The payment request is of another chain or pool.", "To pay it from here would lose the money."],
    Invalid: ({ reason }) => ["This is not a payment request that can be paid.", `Ask the payee for another one: ${reason}.`],
  },
  period: {
    BeforeTheChain: ({ reason }) => ["The chain was not there yet in this period.", `Choose a later one: ${reason}.`],
    Invalid: ({ reason }) => ["This is not a period.", `Write it another way: ${reason}.`],
  },
  phrase: {
    WordCount: ({ words }) => [`A recovery phrase has 12, 15, 18, 21 or 24 words; this one has ${words}.`, "Check that none is missing or written twice."],
    UnknownWord: ({ position, candidates }) => [
      `Word ${position} is not a word of recovery phrases.`,
      candidates.length ? `Did you write ${candidates.join(" or ")}?` : "Check its spelling against what you wrote down.",
    ],
    Checksum: ["These words do not belong together.", "A word is wrong, or two have changed places. Check them against what you wrote down."],
  },
  plan: {
    Nothing: ["There is nothing to pay.", "Write an amount above zero."],
    TransparentAccount: ({ reason }) => ["This is not a transparent account.", `It begins with lvrt1. Check that it was copied whole: ${reason}.`],
    MemoTooLong: ({ most }) => ["The memo is too long.", `It can have ${count(most, "byte")} at most: letters with accents take two, others up to four.`],
    ForeignPool: ["The address is of another chain or pool.", "To pay it from here would lose the money. Ask the payee for an address on this chain."],
    AddressExpired: ({ until }) => [
      `The address could be paid until ${day(until)} (UTC).`,
      "Its owner no longer looks for payments to it. Ask the payee for a new one.",
    ],
    AddressNotYetValid: ({ from }) => [
      from === undefined ? "The address is for a time that this chain does not have." : `The address can be paid from ${day(from)} (UTC) on.`,
      "Wait until then, or ask the payee for one of this month.",
    ],
    AddressLeavesNoTime: ({ until, readyBy }) => [
      `The address can be paid until ${day(until)} (UTC) only.`,
      `This is to be signed and sent until ${day(readyBy)}. Ask the payee for an address of a later month, or sign sooner.`,
    ],
    TooFarAhead: ({ until }) => ["Nothing can be planned now that is signed so late.", `It has to be sent before ${day(until)} (UTC).`],
    WithdrawalsOnly: ["This chain has come to its last period.", "Money can only be moved out of the pool now."],
    FeeTooLow: ({ asset, least }, say) => ["The fee is too low.", `The pool takes ${say({ asset, value: least })} at least.`],
    InsufficientFunds: ({ asset, needed, spendable, missing, immature, pending, newer }, say) => [
      `There is too little money: ${say({ asset, value: missing })} is missing.`,
      [
        `With the fee it takes ${say({ asset, value: needed })}; ${say({ asset, value: spendable })} can be spent now.`,
        immature > 0n && `${say({ asset, value: immature })} was just received and can be spent after some more blocks.`,
        pending > 0n && `${say({ asset, value: pending })} comes back with transactions that wait for a block.`,
        newer > 0n && `${say({ asset, value: newer })} was received after the month of this address. Ask the payee for a new address to spend it.`,
      ].filter(Boolean).join(" "),
    ],
    TransparentFunds: ({ asset, needed, available, deposit, fits }, say) => [
      "The public balance does not pay this deposit with its fee.",
      `It takes ${say({ asset, value: needed })}, and the account holds ${say({ asset, value: available })}.${fits > 0n ? ` At most ${say({ asset: deposit, value: fits })} can be moved into the pool now.` : ""}`,
    ],
    EarlierAttempt: ({ until }) => [
      "An earlier attempt at this payment was given up, and may still be taken.",
      `A block up to ${until} can take it. Wait until then, so that it is not paid twice.`,
    ],
    TooFragmented: ({ notes, most }) => [
      `The money is in too many pieces: it would take ${notes}, and one transaction spends ${most}.`,
      "Join the pieces first, or pay less at a time.",
    ],
    SeveralTransactions: ({ reason }) => ["One transaction cannot do this.", `Make several: ${reason}.`],
    Other: ({ reason }) => ["This cannot be done now.", `${reason}.`],
    SwitchedOff: ({ reason }) => ["The chain has stopped all payments, because a fault was found in its rules.", `Your money stays where it is: ${reason}.`],
    Behind: ({ scanned, height }) => [`The wallet has read up to block ${scanned} of ${height}.`, "Synchronise it, then try again."],
  },
  prover: {
    Cancelled: ["The proof was stopped.", "Nothing was sent. Start again whenever you like."],
    KeyMissing: ["The proving key is not at hand.", "Check your connection to the node and try again."],
    KeyInvalid: ({ reason }) => ["The proving key is damaged.", `Clear this site’s data only if you have your recovery phrase; else try another browser. It says: ${reason}.`],
    Other: ({ reason }) => [`The proof was not made.`, `Close other tabs and programs, synchronise the wallet, and try again. It says: ${reason}.`],
    OtherKey: ["The node handed out a proving key that is not this chain’s.", "Try another node: this one cannot be relied on."],
  },
  receipt: {
    NothingVerified: ["There is nothing to write a receipt for yet.", "Check the file first."],
    NotAReceipt: ({ reason }) => ["The file is not a receipt.", `Choose the file as its reader handed it over: ${reason}.`],
    NotShown: ({ reason }) => ["The receipt does not show this.", `${reason}.`],
  },
  send: {
    PlanVoid: ["This was sent already, or the money for it was spent.", "Look at the history before you pay again."],
    PlanExpired: ["This took too long: no block takes it any more.", "Start again: nothing was sent."],
    OtherWallet: ["This was planned by another wallet.", "Start again."],
    Used: ["This was sent already.", "Look at the history before you pay again."],
    OtherKeys: ["These keys do not spend this account’s money.", "Unlock the wallet again."],
    OtherPayer: ["The money comes from another transparent account than the one of this wallet.", "Use the wallet that the transparent account belongs to."],
    Other: ({ reason }) => ["The transaction was not built.", `Synchronise the wallet and try again: ${reason}.`],
  },
  statementOfAccount: {
    Report: ({ name, reason }) => [`${name} is not a report that a statement can be made of.`, `${reason}.`],
    Prices: ({ reason }) => ["The file of prices cannot be read.", `Mend it and choose it again: ${reason}.`],
    Labels: ({ reason }) => ["The file of labels cannot be read.", `Mend it and choose it again: ${reason}.`],
    Other: ({ reason }) => ["These reports do not make one statement.", `${reason}.`],
  },
  storage: {
    InUse: ["The wallet is open in another tab.", "Close it there, or lock it there; then try again here."],
    Foreign: ["The data under this name is not a wallet.", "Choose another name."],
    Version: ({ found, expected }) => [
      `Another version stored the wallet (${found}; this one reads ${expected}).`,
      found > expected ? "Reload this page to get the newer version." : "Restore it from its recovery phrase.",
    ],
    Damaged: ["The wallet’s data in this browser is damaged.", "Delete it here and restore it from its recovery phrase: the money is safe with the phrase."],
    System: ["This browser could not store or read the wallet.", "Check that there is room on the disk and that this is not a private window."],
  },
  travelRule: {
    NothingVerified: ["There are no payments to compare the record with yet.", "Check the package first."],
    NotForThisKey: ["This key does not open the record.", "It was sealed to another key, or the file was altered on its way."],
    NotARecord: ({ reason }) => ["The file is not a record of the travel rule.", `${reason}.`],
    Recipient: ["A record is sealed to keys that begin with age1.", "Ask the counterparty for theirs."],
    Refused: ({ reason }) => ["The record is refused.", `${reason}.`],
  },
  wallet: {
    Exists: ["There is a wallet of this name in this browser.", "Open it, or choose another name."],
    NotFound: ["There is no wallet of this name in this browser.", "Restore it from its recovery phrase."],
    OtherChain: ["The wallet is of another chain.", "Open this page at a node of the wallet’s chain."],
    WrongPassphrase: ["The passphrase is wrong.", "Check capital letters and the keyboard’s language, and try again. If it is lost, restore the wallet from its recovery phrase."],
    OtherProtection: ["The wallet is kept in another way than this.", "Open it as it was made: with a passphrase, or without."],
    AccountExists: ({ account }) => [`The wallet has account ${account} already.`, "Choose another number."],
    OtherKeys: ["These keys are of another recovery phrase.", "Unlock this wallet again."],
    Other: ({ reason }) => ["The wallet cannot do this.", `${reason}.`],
    EmptyPassphrase: ["The passphrase is empty.", "Write one: it is all that keeps others from this wallet."],
    ViewOnly: ["This account can only be seen.", "To spend, restore the wallet from its recovery phrase."],
    Blocks: ({ reason }) => ["The node’s blocks do not fit together.", `Try again, or another node: ${reason}.`],
    Reorganised: ["The chain was reorganised further back than the wallet remembers.", rescan],
    NotWaiting: ["This transaction does not wait for a block.", "There is nothing to give up: look at the history."],
    UnknownTransaction: ["The history changed meanwhile.", "Open it again."],
    BirthdayTooLate: ({ birthday }) => [
      `The wallet looks for payments from block ${birthday} on already.`,
      "Start there or earlier: what was received before a later block would be lost from sight.",
    ],
    Cancelled: ["Stopped.", "What was read stays read."],
  },
  misuse: {
    Freed: ["This is over: the wallet was locked meanwhile.", "Unlock it again."],
    Argument: ({ reason }) => ["This page asked for something that cannot be.", `Reload the page and try again: ${reason}.`],
    Terminated: ["This was ended.", "Reload the page. Everything that was recorded is still there."],
  },
  internal: {
    NoWorkers: ["This browser cannot run the wallet.", "It has no Web Workers. Use a current browser."],
    Panic: ["The library stopped at a fault of its own.", "Reload the page. The wallet is as it was last saved; look at its history before you pay again."],
    Load: ["The library cannot be loaded.", "Check your connection and reload the page. It needs a browser with WebAssembly, and no extension that blocks it."],
  },
};

/** The refusals by the chain's rules for which there is more to say than the node says. */
const REFUSALS: Readonly<Record<string, Saying>> = {
  anchorTooOld: ["The proof was made too long ago.", "Start again: nothing was taken."],
  assetUnknown: ["This chain has no such asset.", "Choose another one."],
  expired: ["The transaction’s time is over.", "Start again: it was not taken, and no longer can be."],
  feeTooLow: ["The fee is too low.", "Start again: the wallet then takes the fee of now."],
  hostDebit: ["The transparent account does not hold that much.", "Choose a smaller amount, or put more into it first."],
  insufficientBalance: ["The transparent account does not hold that much.", "Choose a smaller amount, or put more into it first."],
  notFound: ["The node does not offer this.", "It may not be a development chain, or be of another version."],
  nullifierKnown: ["This money was spent already.", "Synchronise and look at the history before you pay again."],
};

/** An error in words. Assets are for amounts in them. */
export function explain(error: unknown, assets: readonly Asset[] = []): Words {
  if (error instanceof DOMException && error.name === "AbortError") return { what: "Stopped.", todo: ask };
  if (!(error instanceof LouverError)) {
    return { what: "This page met a fault of its own.", todo: "Reload it and try again.", details: String(error) };
  }
  let deepest = error;
  while (deepest.cause) deepest = deepest.cause;
  const [what, todo] = saying(deepest.fault, (value) => amount(value, assets));
  return { what, todo, details: `${codes(error)}: ${error.message}` };
}

/** An error in one paragraph. */
export function sentence(error: unknown, assets: readonly Asset[] = []): string {
  const { what, todo } = explain(error, assets);
  return todo ? `${what} ${todo}` : what;
}

/** Whether a call ended because its owner stopped it. */
export function isStopped(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function saying(fault: Fault, say: (amount: Amount) => string): Saying {
  const sayings = (fault.concept === "protocol" ? {} : SAYINGS[fault.concept]) as Readonly<Record<string, Saying | ((fault: Fault, say: (amount: Amount) => string) => Saying)>>;
  const found = Object.hasOwn(sayings, fault.code) ? sayings[fault.code] : undefined;
  if (found === undefined) return ["Something failed that this page has no words for.", "Reload it and try again."];
  return typeof found === "function" ? found(fault, say) : found;
}

function codes(error: LouverError): string {
  return `${error.concept}.${error.code}${error.cause ? ` > ${codes(error.cause)}` : ""}`;
}
