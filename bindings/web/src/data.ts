// The data of the API. Written from the Rust types by `LOUVER_WRITE=1 cargo test -p louver-web`; do not edit.

/**
 * The account of one asset: opening + received + deposits + unexplained = paid + withdrawn + fees + closing.
 */
export interface BookAccount {
    /**
     * The asset's id.
     */
    asset: bigint;
    /**
     * The notes from before that count.
     */
    opening: Sum;
    /**
     * From other accounts.
     */
    received: Sum;
    /**
     * Brought into the pool by the account.
     */
    deposits: Sum;
    /**
     * Spent by the account, from nowhere that the book shows: a sum for people.
     */
    unexplained: string;
    /**
     * Outputs that the account calls paid. They may be the same person's, or even the account's.
     */
    paid: Sum;
    /**
     * Taken out of the pool by the account.
     */
    withdrawn: Sum;
    /**
     * Fees of the account's transactions, paid inside the pool.
     */
    fees: Sum;
    /**
     * The notes that stay; absent while a transaction of the account is not opened.
     */
    closing?: Sum | undefined;
    /**
     * Whether these sums agree, in a sentence.
     */
    balance: string;
}

/**
 * A book is refused, or was not checked.
 */
export type BookError = { code: "NotABook"; reason: string } | { code: "NotForThisKey" } | { code: "Expectation"; what: string } | { code: "OtherAccount" } | { code: "OtherReader"; madeFor: string; expected: string } | { code: "Nonce" } | { code: "Refused"; reason: string } | { code: "BeforeNotVerified" } | { code: "Blocks"; reason: string } | { code: "Cancelled" } | { code: "NoKeys"; reason: string } | { code: "Node"; error: NodeError };

/**
 * Something that is wrong, open or worth a look.
 */
export interface BookFinding {
    /**
     * How it is to be taken.
     */
    mark: BookMark;
    /**
     * The finding in a sentence.
     */
    text: string;
}

/**
 * A book's statement about itself. It is true once the book was verified.
 */
export interface BookInfo {
    /**
     * The account's id (`lvraid1...`).
     */
    account: string;
    /**
     * The first epoch that it covers.
     */
    firstEpoch: number;
    /**
     * The last epoch that it covers.
     */
    lastEpoch: number;
    /**
     * The reader's name, in the account's words. The text comes from a stranger: show it as plain text.
     */
    auditor: string;
    /**
     * Its purpose, in the account's words. The text comes from a stranger: show it as plain text.
     */
    purpose: string;
    /**
     * When it was made, in seconds since 1970 by the account's clock.
     */
    issued: bigint;
    /**
     * Until when it may be presented, in seconds since 1970.
     */
    expires: bigint;
    /**
     * How many transactions it opens.
     */
    transactions: number;
    /**
     * How many receipts it shows.
     */
    receipts: number;
}

/**
 * A transaction or a receipt of a book.
 */
export interface BookLine {
    /**
     * Its place on the ledger.
     */
    place: Place;
    /**
     * Its name, in a word or two.
     */
    title: string;
    /**
     * The amounts that came to the account: a receipt, or a deposit.
     */
    incoming: Amount[];
    /**
     * The outputs that the account calls paid.
     */
    paid: BookPayment[];
    /**
     * The amount that was taken out of the pool.
     */
    withdrawn?: Amount | undefined;
    /**
     * The fee, paid inside the pool.
     */
    fee?: Amount | undefined;
    /**
     * The fee of a deposit, which its payer paid outside the pool.
     */
    hostFee?: Amount | undefined;
}

/**
 * How a finding about a book is to be taken, the worst first.
 */
export type BookMark = "contradiction" | "unexplained" | "unverified" | "noted";

/**
 * An output that the account calls paid.
 */
export interface BookPayment {
    /**
     * The amount, with its asset.
     */
    amount: Amount;
    /**
     * The recipient's address, if it is shown. Nobody says whose it is.
     */
    recipient?: string | undefined;
}

/**
 * A book that was checked against the ledger.
 */
export interface BookReport {
    /**
     * The conclusion in a sentence: show this first.
     */
    conclusion: string;
    /**
     * The worst mark of its findings; absent if there is none.
     */
    worst?: BookMark | undefined;
    /**
     * Its reader, its challenge, the time it was made and the time until which it is valid. It has words of a stranger: show it
     * as plain text.
     */
    heading: string[];
    /**
     * The chain that was read, and how far.
     */
    chain: string[];
    /**
     * The choice of a chain that was made beforehand. If there was none, nothing is guaranteed.
     */
    chosen: ChainChoice;
    /**
     * The block that everything in the report stands under, which the chain's authorities sealed.
     */
    head: TrustedHead;
    /**
     * The account's id (`lvraid1...`).
     */
    account: string;
    /**
     * Its purpose, in the account's words.
     */
    purpose: string;
    /**
     * The name of the epochs that it covers: months, as a rule.
     */
    period: string;
    /**
     * Whether it begins with the pool's first epoch, so that nothing was there before.
     */
    fromTheBeginning: boolean;
    /**
     * Whether the book before was read too, ends where this one begins, and hands on its closing notes.
     */
    joined: boolean;
    /**
     * The transactions and receipts, in the order of the ledger.
     */
    lines: BookLine[];
    /**
     * The account of each asset.
     */
    accounts: BookAccount[];
    /**
     * Everything that is wrong, open or worth a look.
     */
    findings: BookFinding[];
    /**
     * The guarantees. They hold whatever the owner did. Empty if the chain was not chosen.
     */
    guaranteed: string[];
    /**
     * The guarantees that would hold if this chain were the one that the reader means; empty if it was chosen.
     */
    ifChosen: string[];
    /**
     * The gaps of a book: statements that it does not prove.
     */
    unverified: string[];
    /**
     * The assets of the chain that are known, for reading the amounts.
     */
    assets: Asset[];
    /**
     * The whole report as JSON, as `louver audit book --json` writes it. Store this one.
     */
    json: string;
}

/**
 * A request for a book: all that an account did in some epochs, so that its reader can add up. A book cannot be taken back
 * once its reader has read it.
 */
export interface BookRequest {
    /**
     * The reader's name: at most 256 bytes.
     */
    auditor: string;
    /**
     * The reader's `age` key (`age1...`). Nobody else can open the book.
     */
    recipient: string;
    /**
     * The first epoch that it covers.
     */
    firstEpoch: number;
    /**
     * The last epoch that it covers.
     */
    lastEpoch: number;
    /**
     * Whether it shows the addresses of those whom the account paid.
     */
    showRecipients: boolean;
    /**
     * The purpose: at most 512 bytes.
     */
    purpose: string;
    /**
     * For how many days it may be presented.
     */
    days: number;
    /**
     * The file of the reader's challenge, which it answers. The challenge names the reader, in place of `auditor` and
     * `recipient`: read it first (`Node::read_challenge`), and show its owner what it asks for.
     */
    challenge?: Uint8Array | undefined;
}

/**
 * A challenge was not made, or is not one to answer.
 */
export type ChallengeError = { code: "NotAChallenge"; reason: string } | { code: "Demand"; reason: string } | { code: "Refused"; reason: string } | { code: "Node"; error: NodeError };

/**
 * The words of a challenge, to be read before anything is answered.
 */
export interface ChallengeInfo {
    /**
     * The name that its reader gives himself. The text comes from a stranger: show it as plain text.
     */
    auditor: string;
    /**
     * The reader's `age` key (`age1...`), which every answer is sealed to.
     */
    recipient: string;
    /**
     * When it was made, in seconds since 1970, by the reader's clock.
     */
    made: bigint;
    /**
     * Its demand, for filling in an answer.
     */
    demand: Demand;
    /**
     * Its demand in sentences. They have words of a stranger: show them as plain text.
     */
    asks: string[];
}

/**
 * A CSV file that the reader brings.
 */
export interface CsvFile {
    /**
     * Its name.
     */
    name: string;
    /**
     * Its text.
     */
    text: string;
}

/**
 * The columns of a CSV file.
 */
export type CsvForm = "louver" | "koinly" | "coinTracker";

/**
 * A reader's demand.
 */
export type Demand = { kind: "grant"; directions: Directions; firstEpoch: number; lastEpoch: number } | { kind: "payments"; firstEpoch: number | undefined; lastEpoch: number | undefined; side: Side | undefined; asset: bigint | undefined; atLeast: bigint | undefined } | { kind: "book"; firstEpoch: number; lastEpoch: number } | { kind: "address"; address: string } | { kind: "unspent"; txid: string; output: number; since: bigint | undefined } | { kind: "holdings"; atLeast: Amount; since: bigint | undefined } | { kind: "total"; atLeast: Amount; firstEpoch: number; lastEpoch: number };

/**
 * A book that was made.
 */
export interface MadeBook {
    /**
     * The file to hand over.
     */
    file: Uint8Array;
    /**
     * How many transactions it opens.
     */
    transactions: number;
    /**
     * How many receipts it shows.
     */
    receipts: number;
    /**
     * The ids of transactions that the wallet does not know whole, so that the book lacks them. The reader will see that
     * they are missing: say so.
     */
    leftOut: string[];
}

/**
 * A reader's conclusion.
 */
export type ReceiptConclusion = "refused" | "chainNotChosen" | "guaranteed";

/**
 * A receipt was not made, or does not show what it should.
 */
export type ReceiptError = { code: "NothingVerified" } | { code: "NotAReceipt"; reason: string } | { code: "NotShown"; reason: string };

/**
 * The words of a receipt. They are true of its signer once the receipt was verified.
 */
export interface ReceiptInfo {
    /**
     * The reader's name in the file. The text comes from a stranger: show it as plain text.
     */
    auditor: string;
    /**
     * The key that signed it, in hexadecimal.
     */
    key: string;
    /**
     * The hash of the file that it is about, in hexadecimal.
     */
    fileHash: string;
    /**
     * The hash of the chain's genesis, in hexadecimal.
     */
    genesisHash: string;
    /**
     * The height of the block that the verdict stands under.
     */
    height: number;
    /**
     * The hash of that block, in hexadecimal.
     */
    blockHash: string;
    /**
     * The time of that block, in seconds since 1970.
     */
    time: bigint;
    /**
     * When it was made, in seconds since 1970, by the reader's clock.
     */
    made: bigint;
    /**
     * The conclusion.
     */
    conclusion: ReceiptConclusion;
    /**
     * The conclusion in words.
     */
    says: string;
    /**
     * The sentences of the verdict.
     */
    sentences: ReceiptSentence[];
}

/**
 * A sentence of a verdict, with its label.
 */
export interface ReceiptSentence {
    /**
     * The label; absent for a sentence about the file itself.
     */
    label?: Assurance | undefined;
    /**
     * The sentence. It may have words of a stranger: show it as plain text.
     */
    text: string;
}

/**
 * The way that a report came to a statement, which the statement says.
 */
export type ReportOrigin = "scanned" | "stored";

/**
 * A report of an audit, for a statement.
 */
export interface ReportSource {
    /**
     * Its name for people: of its file, as a rule.
     */
    name: string;
    /**
     * The report as JSON (`AuditReport::json`).
     */
    json: string;
    /**
     * The way that it came.
     */
    origin: ReportOrigin;
}

/**
 * No statement of account can be made.
 */
export type StatementOfAccountError = { code: "Report"; name: string; reason: string } | { code: "Prices"; reason: string } | { code: "Labels"; reason: string } | { code: "Other"; reason: string };

/**
 * How far a record belongs to the payments that were looked at.
 */
export type TravelRuleCoverage = "onePayment" | "oneOfSeveral" | "noPayment";

/**
 * A record of the travel rule was not made, opened or compared.
 */
export type TravelRuleError = { code: "NothingVerified" } | { code: "NotForThisKey" } | { code: "NotARecord"; reason: string } | { code: "Recipient" } | { code: "Refused"; reason: string } | { code: "Plan"; error: PlanError } | { code: "Wallet"; error: WalletError };

/**
 * A payment whose memo has a record's hash.
 */
export interface TravelRulePayment {
    /**
     * The transaction's id, in hexadecimal.
     */
    txid: string;
    /**
     * The output's index.
     */
    output: number;
    /**
     * The height of its block.
     */
    height: number;
    /**
     * The block's time, in seconds since 1970.
     */
    time: bigint;
    /**
     * How it stands to the record.
     */
    standing: TravelRuleStanding;
}

/**
 * A person of a record. The texts come from a stranger: show them as plain text.
 */
export interface TravelRulePerson {
    /**
     * The person's part, such as `originator`.
     */
    part: string;
    /**
     * The legal name.
     */
    name: string;
    /**
     * Everything else that is said of the person.
     */
    particulars: string;
}

/**
 * A record beside the payments that its reader looked at.
 */
export interface TravelRuleReport {
    /**
     * Whether the record belongs to one payment, and its payload keeps the standard. If not, book nothing under it.
     */
    isGood: boolean;
    /**
     * The record's hash, which the memo of its payment carries (`tr1...`).
     */
    hash: string;
    /**
     * How far it belongs to a payment that was looked at.
     */
    coverage: TravelRuleCoverage;
    /**
     * The address that the record says is paid.
     */
    address: string;
    /**
     * The amount that it says is paid, with its asset.
     */
    amount: Amount;
    /**
     * The payments whose memo has the hash.
     */
    payments: TravelRulePayment[];
    /**
     * The persons; empty if the payload breaks the standard.
     */
    persons: TravelRulePerson[];
    /**
     * The faults of a payload that breaks the standard.
     */
    faults: string[];
    /**
     * The verdict, in sentences.
     */
    verdict: string[];
    /**
     * The gaps: what the record does not show.
     */
    unverified: string;
    /**
     * The whole report as JSON, as `louver wallet travel-rule --json` writes it.
     */
    json: string;
}

/**
 * How a payment whose memo has a record's hash stands to the record.
 */
export type TravelRuleStanding = "covered" | "otherTerms" | "severalHashes";

/**
 * An account of a wallet.
 */
export interface Account {
    /**
     * Its number within the wallet.
     */
    number: number;
    /**
     * The number of the account of the recovery phrase; absent if the account can only be seen.
     */
    index?: number | undefined;
    /**
     * Its id (`lvraid1...`), by which auditors know it. It reveals nothing by itself.
     */
    id: string;
}

/**
 * An action of an account.
 */
export type Action = { kind: "pay"; payments: Payment[]; fee: Fee } | { kind: "payAll"; to: string; asset: bigint; memo: string; fee: Fee } | { kind: "shield"; from: string; amount: Amount } | { kind: "shieldAll"; from: string; asset: bigint } | { kind: "withdrawAll"; to: string; asset: bigint; fee: Fee } | { kind: "withdraw"; to: string; amount: Amount; fee: Fee } | { kind: "consolidate"; asset: bigint; fee: Fee };

/**
 * A text is not an address. No variant repeats the text.
 */
export type AddressError = { code: "Empty" } | { code: "Invalid"; reason: string } | { code: "Secret"; what: string } | { code: "OtherThing"; what: string } | { code: "PaymentRequest" };

/**
 * The meaning of an address.
 */
export interface AddressInfo {
    /**
     * The number of the epoch that it is for.
     */
    epoch: number;
    /**
     * The name of that epoch for people: a month, as a rule.
     */
    period: string;
    /**
     * Whether the address is of this chain and pool. A payment to any other address would lose the funds.
     */
    payableHere: boolean;
    /**
     * The first second in which it can be paid, in seconds since 1970; absent if the chain has no such epoch.
     */
    payableFrom?: bigint | undefined;
    /**
     * The first second after its epoch, from when on payers are asked for a newer address; absent if it never
     * expires.
     */
    validUntil?: bigint | undefined;
    /**
     * The first second in which no block pays it any more; absent if it never expires.
     */
    payableUntil?: bigint | undefined;
}

/**
 * An amount of an asset.
 */
export interface Amount {
    /**
     * The asset's id.
     */
    asset: bigint;
    /**
     * How much, in the asset's smallest unit.
     */
    value: bigint;
}

/**
 * A text is not an amount.
 */
export type AmountError = { code: "Form" } | { code: "NoAsset" } | { code: "TwoReadings"; first: string; second: string } | { code: "UnknownAsset"; reason: string } | { code: "TooPrecise"; asset: string; decimals: number } | { code: "TooLarge"; most: string };

/**
 * An asset of the chain.
 */
export interface Asset {
    /**
     * Its id.
     */
    id: bigint;
    /**
     * Its symbol. Symbols are not unique: anybody may register an asset of any symbol. Show the name instead.
     */
    symbol: string;
    /**
     * Its name: the symbol, followed by `#` and the id where another asset was known by the symbol first. It is read
     * wherever an asset is asked for.
     */
    name: string;
    /**
     * How many decimals its amounts have.
     */
    decimals: number;
    /**
     * The transparent account of its issuer.
     */
    issuer: string;
}

/**
 * The sums of one asset. If the grant does not show a sum, it is absent and never 0.
 */
export interface AssetTotals {
    /**
     * The asset's id.
     */
    asset: bigint;
    /**
     * From other accounts.
     */
    received?: Sum | undefined;
    /**
     * Brought into the pool from a transparent account.
     */
    deposits?: Sum | undefined;
    /**
     * To other accounts.
     */
    paid?: Sum | undefined;
    /**
     * Taken out of the pool.
     */
    withdrawn?: Sum | undefined;
    /**
     * Fees of the account's transactions.
     */
    fees?: Sum | undefined;
    /**
     * The sum of the notes that are shown and that no shown spend spends.
     */
    unspent?: Sum | undefined;
    /**
     * Whether these sums agree, and the difference if they do not.
     */
    reconciliation: string;
}

/**
 * How far a finding can be relied on.
 */
export type Assurance = "guaranteed" | "chainNotChosen" | "unverified" | "unexplained";

/**
 * The auditors of a pool who hold a key together. The chain was shown how they made it, so the numbers are proven.
 */
export interface AuditCommittee {
    /**
     * The number of their key.
     */
    key: number;
    /**
     * How many of them open a transaction together.
     */
    threshold: number;
    /**
     * How many they are.
     */
    members: number;
}

/**
 * A grant does not open, or an audit does not go on.
 */
export type AuditError = { code: "Key" } | { code: "NotForThisKey" } | { code: "NotAGrant"; reason: string } | { code: "OtherReader" } | { code: "Expectation"; what: string } | { code: "OtherAccount" } | { code: "OtherName"; madeFor: string; expected: string } | { code: "Nonce" } | { code: "Challenge"; reason: string } | { code: "NotYet"; reason: string } | { code: "OtherChain" } | { code: "OtherPool" } | { code: "Expired" } | { code: "Unproven"; first: number; last: number } | { code: "Signature" } | { code: "Blocks"; reason: string } | { code: "Cancelled" } | { code: "NoKeys"; reason: string } | { code: "Node"; error: NodeError };

/**
 * The report of an audit.
 */
export interface AuditReport {
    /**
     * The chain that was read, and how far: show this before anything else.
     */
    chain: string[];
    /**
     * The choice of a chain that was made beforehand. If there was none, nothing is guaranteed.
     */
    chosen: ChainChoice;
    /**
     * Its reader, its challenge, the time it was made and the time until which it is valid: show this first. It
     * has words of a stranger: show it as plain text.
     */
    heading: string[];
    /**
     * The grant's purpose, in the account's words. The text comes from a stranger: show it as plain text.
     */
    purpose: string;
    /**
     * The account's id (`lvraid1...`).
     */
    account: string;
    /**
     * The directions that the grant shows.
     */
    directions: Directions;
    /**
     * The number of the first epoch of the grant.
     */
    firstEpoch: number;
    /**
     * The number of the last epoch of the grant.
     */
    lastEpoch: number;
    /**
     * The name of these epochs for people: months, as a rule.
     */
    period: string;
    /**
     * The first block that was read; absent if no block was read.
     */
    firstHeight?: number | undefined;
    /**
     * The last block that was read; absent if no block was read.
     */
    lastHeight?: number | undefined;
    /**
     * The findings, in the order of the ledger.
     */
    findings: Finding[];
    /**
     * The amounts that each transaction moved, in the order of the ledger.
     */
    movements: Movement[];
    /**
     * The sums of each asset.
     */
    totals: AssetTotals[];
    /**
     * The guarantees. They hold whatever the owner did. Empty if the chain was not chosen.
     */
    guaranteed: string[];
    /**
     * The guarantees that would hold if this chain were the one that the reader means; empty if it was chosen.
     */
    ifChosen: string[];
    /**
     * The gaps of this audit: statements that it does not prove.
     */
    unverified: string[];
    /**
     * Remarks for the reader.
     */
    remarks: string[];
    /**
     * The assets of the chain, for reading the amounts.
     */
    assets: Asset[];
    /**
     * The whole report as JSON, as `louver audit scan --json` writes it. Store this one.
     */
    json: string;
}

/**
 * An account's holdings of one asset, in its smallest unit. The parts do not overlap.
 */
export interface Balance {
    /**
     * The asset's id.
     */
    asset: bigint;
    /**
     * The part that can be spent now.
     */
    spendable: bigint;
    /**
     * The part received so recently that the wallet waits for more blocks before it spends it.
     */
    immature: bigint;
    /**
     * The part that returns with transactions that are not in a block yet.
     */
    pending: bigint;
}

/**
 * A circuit, with its own proving key.
 */
export type Circuit = "transfer2x3" | "transfer4x4" | "transfer8x3" | "transfer2x16" | "auditedTransfer2x3" | "auditedTransfer2x16" | "accountKeys" | "noteOpening" | "transactionOpening2" | "transactionOpening4" | "transactionOpening8" | "address" | "unspent" | "holdings" | "total";

/**
 * An audit that can be gone on with.
 */
export interface ContinuedAudit {
    /**
     * The report of the grant, up to the chain's last block.
     */
    report: AuditReport;
    /**
     * The audit's state, for `Grant::continue_audit` to go on with. It is encrypted, and opens only with this grant.
     */
    state: Uint8Array;
    /**
     * Why the earlier state was not gone on with, for people; absent if it was, or if there was none.
     */
    readAnew?: string | undefined;
}

/**
 * A public movement of value across the pool's border.
 */
export type Crossing = { kind: "deposit"; amount: Amount; account: string } | { kind: "withdrawal"; amount: Amount; account: string };

/**
 * How much of a payment is opened. A deposit or a withdrawal lies open on the ledger anyway.
 */
export type Detail = { kind: "full" } | { kind: "amount" } | { kind: "atLeast"; amount: Amount };

/**
 * Which sides of an account a grant shows.
 */
export interface Directions {
    /**
     * Notes received at the account's addresses.
     */
    incoming: boolean;
    /**
     * The account's own change.
     */
    change: boolean;
    /**
     * Payments that the account made: recipients, amounts and memos.
     */
    outgoing: boolean;
    /**
     * Spends of notes of these epochs, whenever they were made.
     */
    spends: boolean;
    /**
     * Every transaction that the account makes in these epochs.
     */
    detection: boolean;
}

/**
 * Nothing was disclosed.
 */
export type DiscloseError = { code: "Nothing" } | { code: "Epochs" } | { code: "TooManyEpochs"; most: number } | { code: "Recipient" } | { code: "NoReader" } | { code: "NoValidity" } | { code: "TooLong"; what: string } | { code: "Challenge"; reason: string } | { code: "Choice"; reason: string } | { code: "Hexadecimal"; what: string } | { code: "Unknown" } | { code: "NotMined" } | { code: "NotRead" } | { code: "NotStated"; reason: string } | { code: "OtherKeys" } | { code: "Prover"; error: ProverError } | { code: "Wallet"; error: WalletError };

/**
 * A disclosed payment, with what is proven of it.
 */
export interface DisclosedPayment {
    /**
     * How far it can be relied on.
     */
    assurance: Assurance;
    /**
     * The account's side of the payment.
     */
    side: Side;
    /**
     * The parts that are shown. All else is hidden.
     */
    shows: Shows;
    /**
     * Its place on the ledger.
     */
    place: Place;
    /**
     * The output's index in its transaction; absent if a deposit or a withdrawal is shown, and no output.
     */
    output?: number | undefined;
    /**
     * The amount, with its asset: the least amount, if that is what is shown.
     */
    amount: Amount;
    /**
     * The recipient's address, if it is shown.
     */
    recipient?: string | undefined;
    /**
     * The memo, if the payment was opened in full and it is text.
     */
    memo?: string | undefined;
    /**
     * The payer, as far as it is proven: of a receipt the account itself, or another account.
     */
    payer: Party;
    /**
     * The payee, as far as the package proves it. A payment does not show it.
     */
    payee: Party;
    /**
     * The transaction's movement across the pool's border. For example, a deposit brings money in.
     */
    crossing?: Crossing | undefined;
    /**
     * The account's part in the payment, in a word or two.
     */
    title: string;
    /**
     * The rest of the description, without the amount and the memo.
     */
    detail: string;
    /**
     * The sender's memo, or a remark that the memo is not text. It comes from a stranger: show it as plain text.
     */
    written?: string | undefined;
}

/**
 * The kind of something that was shown.
 */
export type DisclosureKind = "grant" | "package" | "book" | "statement";

/**
 * A record of something that an account showed to somebody. It holds no key.
 */
export interface DisclosureRecord {
    /**
     * Its number in the wallet.
     */
    number: bigint;
    /**
     * Its kind.
     */
    kind: DisclosureKind;
    /**
     * The owner's own words for it, which no reader sees; empty if there are none.
     */
    label: string;
    /**
     * The reader's name.
     */
    auditor: string;
    /**
     * The reader's `age` key; absent if it was handed over open.
     */
    recipient?: string | undefined;
    /**
     * Its purpose, as the reader sees it.
     */
    purpose: string;
    /**
     * The directions that a grant shows; absent for other kinds.
     */
    directions?: Directions | undefined;
    /**
     * The first epoch that it shows; absent if it shows single transactions.
     */
    firstEpoch?: number | undefined;
    /**
     * The last epoch that it shows; absent if it shows single transactions.
     */
    lastEpoch?: number | undefined;
    /**
     * The ids of the transactions that a package shows, in hexadecimal.
     */
    transactions: string[];
    /**
     * When it was made, in seconds since 1970, by this device's clock.
     */
    issued: bigint;
    /**
     * Until when it may be presented, in seconds since 1970. Nobody can take back what was seen by then.
     */
    expires: bigint;
    /**
     * The hash of its contents, in hexadecimal, which receipts of readers name.
     */
    hash: string;
}

/**
 * The register of an account's disclosures by this wallet. No block has it: a recovery phrase does not bring it back.
 */
export interface DisclosureRegister {
    /**
     * Since when the wallet keeps it, in seconds since 1970; absent if an earlier version made the wallet.
     */
    since?: bigint | undefined;
    /**
     * Whether nothing can have been shown before: the wallet was made then, and not restored. Other devices with the same
     * phrase keep registers of their own. Say so where it is not whole: an empty list then shows nothing.
     */
    isWhole: boolean;
    /**
     * The records, the latest first.
     */
    records: DisclosureRecord[];
}

/**
 * Payments of a list that are the same: the same amount to the same address.
 */
export interface DoubledPayment {
    /**
     * The payee's address.
     */
    to: string;
    /**
     * The amount of each of them, with its asset.
     */
    amount: Amount;
    /**
     * Their places in the list, counted from 0: at least two.
     */
    places: number[];
}

/**
 * An earlier payment by the same wallet of what is asked for once more.
 */
export interface EarlierPayment {
    /**
     * The place of what is asked for, counted from 0.
     */
    index: number;
    /**
     * The id of the transaction that paid it.
     */
    txid: string;
    /**
     * The block of that transaction; absent while it waits for one.
     */
    height?: number | undefined;
    /**
     * The time of that block, in seconds since 1970.
     */
    time?: bigint | undefined;
}

/**
 * The meaning of a transaction for its account.
 */
export type EntryKind = "received" | "paid" | "toSelf" | "joined" | "deposited" | "withdrawn";

/**
 * The epochs that a period touches.
 */
export interface EpochSpan {
    /**
     * The number of the first, for programs.
     */
    first: number;
    /**
     * The number of the last, included.
     */
    last: number;
    /**
     * The name of the span for people, as in October 2026 to December 2026.
     */
    name: string;
    /**
     * A sentence, with its dates, if it reaches more than a year into the future or has no end. Ask people before a grant
     * of such a span is made: nobody can take it back.
     */
    far?: string | undefined;
}

/**
 * A reader's demands on a grant, a package or a book. A demand that is absent is not checked, and the verdict then says so
 * in its first line.
 */
export interface Expectations {
    /**
     * The account that must have made it (`lvraid1...`).
     */
    account?: string | undefined;
    /**
     * The name of the reader that it must be for.
     */
    auditor?: string | undefined;
    /**
     * The number, given in place of a challenge, that it must answer: 64 hexadecimal digits.
     */
    nonce?: string | undefined;
    /**
     * The file of the reader's challenge (`AuditorKey::challenge`), which it must answer in full. The file under check has
     * to be opened with the key that made the challenge. Use the reader's own copy, and not one that came back with the
     * answer.
     */
    challenge?: Uint8Array | undefined;
}

/**
 * How the fee is chosen.
 */
export type Fee = { kind: "least" } | { kind: "leastIn"; asset: bigint } | { kind: "exactly"; amount: Amount };

/**
 * Why no later block takes a transaction that a node refused. That is the node's word.
 */
export type FinalRefusal = "anchorTooOld" | "rules" | "invalid";

/**
 * A finding with its place, its label and its words.
 */
export interface Finding {
    /**
     * How far it can be relied on.
     */
    assurance: Assurance;
    /**
     * Where it stands.
     */
    place: Place;
    /**
     * Its kind.
     */
    what: FindingKind;
    /**
     * Its name, in a word or two.
     */
    title: string;
    /**
     * The rest of the description, without the amount and the memo. It may be empty.
     */
    detail: string;
    /**
     * The sender's memo, or a remark that the memo is not text. It comes from a stranger: show it as plain text.
     */
    written?: string | undefined;
}

/**
 * One thing that a grant shows.
 */
export type FindingKind = { kind: "received"; amount: Amount; memo: string | undefined; payer: Party; crossing: Crossing | undefined } | { kind: "change"; amount: Amount } | { kind: "spent"; noteTxid: string; noteOutput: number; amount: Amount | undefined } | { kind: "authorised"; crossing: Crossing | undefined; fee: Amount | undefined; hiddenOutputs: number } | { kind: "paid"; recipient: string; amount: Amount; memo: string | undefined; payee: Party };

/**
 * A grant's statement of its scope. It is true once the grant was verified.
 */
export interface GrantInfo {
    /**
     * The account's id (`lvraid1...`).
     */
    account: string;
    /**
     * The directions that the grant shows.
     */
    directions: Directions;
    /**
     * The first epoch that it shows.
     */
    firstEpoch: number;
    /**
     * The last epoch that it shows.
     */
    lastEpoch: number;
    /**
     * The reader's name, in the account's words. The text comes from a stranger: show it as plain text.
     */
    auditor: string;
    /**
     * Its purpose, in the account's words. The text comes from a stranger: show it as plain text.
     */
    purpose: string;
    /**
     * When it was made, in seconds since 1970 by the account's clock.
     */
    issued: bigint;
    /**
     * Until when it may be presented, in seconds since 1970.
     */
    expires: bigint;
}

/**
 * A request for a viewing grant. A grant cannot be taken back once its reader has read it.
 */
export interface GrantRequest {
    /**
     * The reader's name: at most 256 bytes.
     */
    auditor: string;
    /**
     * The reader's `age` key (`age1...`). Nobody else can open the grant.
     */
    recipient: string;
    /**
     * The directions that the grant shows.
     */
    directions: Directions;
    /**
     * The first epoch that it shows.
     */
    firstEpoch: number;
    /**
     * The last epoch that it shows.
     */
    lastEpoch: number;
    /**
     * The purpose: at most 512 bytes.
     */
    purpose: string;
    /**
     * For how many days it may be presented.
     */
    days: number;
    /**
     * The file of the reader's challenge, which it answers. The challenge names the reader, in place of `auditor` and
     * `recipient`: read it first (`Node::read_challenge`), and show its owner what it asks for.
     */
    challenge?: Uint8Array | undefined;
}

/**
 * A transaction, as one account sees it.
 */
export interface HistoryEntry {
    /**
     * Its id, in hexadecimal.
     */
    txid: string;
    /**
     * The epoch that it declares.
     */
    epoch: number;
    /**
     * Its progress.
     */
    status: Status;
    /**
     * Its meaning for the account. Until it was read in full, a payment counts as `Joined`.
     */
    kind: EntryKind;
    /**
     * The time of its block, in seconds since 1970; absent while it is in none.
     */
    time?: bigint | undefined;
    /**
     * Whether the account made it.
     */
    authorised: boolean;
    /**
     * Its movement into or out of the pool.
     */
    side: PublicSide;
    /**
     * The fee of the transaction, whoever paid it.
     */
    fee: Amount;
    /**
     * The fee that the account paid out of the pool; absent if somebody else paid it, if the payer of a deposit paid it
     * in public, or if there is none.
     */
    feePaid?: Amount | undefined;
    /**
     * The change to each asset that the account holds; empty if nothing moved.
     */
    net: Net[];
    /**
     * Its outputs whose contents the account knows.
     */
    outputs: Output[];
    /**
     * Whether it can be submitted again (`Wallet::retry`): it waits for a block, and this wallet signed it. If not, `status`
     * says why: a block has it, no block takes it any more, another transaction took its place, or it was given up.
     */
    canRetry: boolean;
    /**
     * Whether it can be given up (`Wallet::abandon`), so that what it would spend can be spent otherwise: as `can_retry`.
     */
    canAbandon: boolean;
}

/**
 * A part of a history. A limit that is absent does not limit it.
 */
export interface HistoryQuery {
    /**
     * The most entries to give.
     */
    limit?: number | undefined;
    /**
     * Entries that are earlier than the one of this transaction, by its id in hexadecimal: the last entry of a page
     * leads to the next page.
     */
    before?: string | undefined;
    /**
     * Entries that are later than the one of this transaction, by its id in hexadecimal. Without `before`, the page
     * ends at that transaction.
     */
    after?: string | undefined;
    /**
     * Entries since this time, in seconds since 1970. A transaction that is in no block is later than every time.
     */
    since?: bigint | undefined;
    /**
     * Entries up to this time, in seconds since 1970.
     */
    until?: bigint | undefined;
    /**
     * Entries that change what the account holds of this asset, by its id.
     */
    asset?: bigint | undefined;
    /**
     * Entries of this kind.
     */
    kind?: EntryKind | undefined;
}

/**
 * The method of a request.
 */
export type HttpMethod = "get" | "post";

/**
 * A request to a node.
 */
export interface HttpRequest {
    /**
     * The method.
     */
    method: HttpMethod;
    /**
     * The path and query, which begin with `/`. Append them to the node's URL.
     */
    path: string;
    /**
     * Headers, by name.
     */
    headers: Map<string, string>;
    /**
     * The body; empty for a GET.
     */
    body: Uint8Array;
}

/**
 * A node's answer, of any status.
 */
export interface HttpResponse {
    /**
     * The status, such as 200.
     */
    status: number;
    /**
     * The body.
     */
    body: Uint8Array;
}

/**
 * A row of a list of payments.
 */
export interface ListedPayment {
    /**
     * The line on which it begins, counted from 1.
     */
    line: bigint;
    /**
     * The payment.
     */
    payment: Payment;
}

/**
 * The amounts of one asset that one transaction moved between the account and others.
 */
export interface Movement {
    /**
     * The block's height.
     */
    height: number;
    /**
     * The block's time, in seconds since 1970.
     */
    time: bigint;
    /**
     * The asset's id.
     */
    asset: bigint;
    /**
     * The sum that came in, in the asset's smallest unit, as a decimal number; absent if the grant does not show
     * it.
     */
    incoming?: string | undefined;
    /**
     * The sum that went out, fees included, in the asset's smallest unit, as a decimal number; absent if the grant
     * does not show it.
     */
    outgoing?: string | undefined;
}

/**
 * By how much a transaction changed what the account holds.
 */
export interface Net {
    /**
     * The asset's id.
     */
    asset: bigint;
    /**
     * The amount that came in, in the asset's smallest unit.
     */
    gained: bigint;
    /**
     * The amount that went out with the fee, in the asset's smallest unit.
     */
    spent: bigint;
}

/**
 * A node did not do as asked.
 */
export type NodeError = { code: "Unreachable"; reason: string } | { code: "Refused"; status: number; refusal: Refusal; reason: string } | { code: "Answer"; reason: string } | { code: "DateToCome"; reason: string } | { code: "OtherChain" } | { code: "NotChosen"; reason: string } | { code: "Choice"; reason: string } | { code: "Behind"; reason: string } | { code: "Untrusted"; reason: string } | { code: "Convicted"; reason: string; evidence: Uint8Array };

/**
 * How a node's chain stands.
 */
export interface NodeStatus {
    /**
     * Whether it is a development chain, with a faucet.
     */
    development: boolean;
    /**
     * The hash of the chain's genesis, in hexadecimal.
     */
    genesisHash: string;
    /**
     * The height of the last block.
     */
    height: number;
    /**
     * The time of the last block, in seconds since 1970.
     */
    time: bigint;
    /**
     * How many seconds ago that was, by this machine's clock.
     */
    age: bigint;
    /**
     * Whether the last block is so old that newer ones are missing: the chain stands still, or the node withholds them.
     * Say so.
     */
    isOld: boolean;
    /**
     * A sentence while payments stand still, as the chain's guardians have switched off its rules: since when, what it means
     * for money and what to expect. Say so.
     */
    paused?: string | undefined;
    /**
     * The choice of a chain that was made before the node was asked.
     */
    chosen: ChainChoice;
    /**
     * The number of the epoch that transactions declare now, for programs.
     */
    epoch: number;
    /**
     * Its name for people: a month, as a rule.
     */
    period: string;
    /**
     * The month of the chain's first epoch, in months since January 1970; absent if epochs are not months. Each
     * epoch is a month later than the one before.
     */
    firstMonth?: number | undefined;
    /**
     * Its first second, in seconds since 1970.
     */
    periodBegins: bigint;
    /**
     * The first second after it; absent if it never ends.
     */
    periodEnds?: bigint | undefined;
    /**
     * The committee that can open what is paid now; absent in a pool without auditors, and while none of their keys serves.
     * Say it before paying.
     */
    committee?: AuditCommittee | undefined;
}

/**
 * A signed transaction, recorded in its wallet. It can be submitted more than once without harm.
 */
export interface Outgoing {
    /**
     * Its id, in hexadecimal.
     */
    txid: string;
    /**
     * The last block that can take it.
     */
    expiry: number;
    /**
     * The transaction's encoding, as it is submitted.
     */
    bytes: Uint8Array;
}

/**
 * An output whose contents the account knows.
 */
export interface Output {
    /**
     * Its index in its transaction.
     */
    index: number;
    /**
     * How it relates to the account.
     */
    kind: OutputKind;
    /**
     * The address that was paid.
     */
    address: string;
    /**
     * The amount, with its asset.
     */
    amount: Amount;
    /**
     * The payer's memo, if it is text; absent if there is none, or if it cannot be read. The text comes
     * from a stranger: show it as plain text, as `visible_text` returns it.
     */
    memo?: string | undefined;
    /**
     * The payer's memo in hexadecimal, if it is not text.
     */
    memoHex?: string | undefined;
    /**
     * Whether the payer made the memo unreadable. The money counts all the same; say that there is a memo that cannot be
     * read, and not that there is none.
     */
    memoUnreadable: boolean;
}

/**
 * How an output relates to the account.
 */
export type OutputKind = "received" | "change" | "sent";

/**
 * The payments that a package shows.
 */
export type PackageChoice = { kind: "transaction"; txid: string; output: number | undefined } | { kind: "transactions"; txids: string[] } | { kind: "payments"; filter: PaymentFilter };

/**
 * A disclosure package does not hold what it claims.
 */
export type PackageError = { code: "NotAPackage"; reason: string } | { code: "NotForThisKey" } | { code: "Sealed" } | { code: "Expectation"; what: string } | { code: "OtherChain" } | { code: "OtherPool" } | { code: "OtherAccount" } | { code: "OtherReader"; madeFor: string; expected: string } | { code: "Nonce" } | { code: "Challenge"; reason: string } | { code: "NotYet"; reason: string } | { code: "Expired" } | { code: "Signature" } | { code: "NotOnLedger"; item: number } | { code: "Untrue"; item: number; reason: string } | { code: "NotProvable" } | { code: "NotAProof"; reason: string } | { code: "ProofOfOtherChain"; reason: string } | { code: "ProofLacks"; reason: string } | { code: "ProofFalse"; reason: string } | { code: "NoKeys"; reason: string } | { code: "Node"; error: NodeError };

/**
 * A package's statement about itself. It is true once the package was verified.
 */
export interface PackageInfo {
    /**
     * The account's id (`lvraid1...`).
     */
    account: string;
    /**
     * The reader's name, in the account's words. The text comes from a stranger: show it as plain text.
     */
    auditor: string;
    /**
     * Its purpose, in the account's words. The text comes from a stranger: show it as plain text.
     */
    purpose: string;
    /**
     * When it was made, in seconds since 1970 by the account's clock.
     */
    issued: bigint;
    /**
     * Until when it may be presented, in seconds since 1970.
     */
    expires: bigint;
    /**
     * How many payments it opens.
     */
    payments: number;
}

/**
 * A package that was checked against the ledger.
 */
export interface PackageReport {
    /**
     * The chain that it was checked on, and how far it was read: show this before anything else.
     */
    chain: string[];
    /**
     * The choice of a chain that was made beforehand. If there was none, nothing is guaranteed.
     */
    chosen: ChainChoice;
    /**
     * The block that everything in the report stands under, which the chain's authorities sealed.
     */
    head: TrustedHead;
    /**
     * Whether it was checked by a proof file, without a node: nothing is known of what happened after the head.
     */
    offline: boolean;
    /**
     * Its reader, its challenge, the time it was made and the time until which it is valid: show this first. It
     * has words of a stranger: show it as plain text.
     */
    heading: string[];
    /**
     * The account's id (`lvraid1...`).
     */
    account: string;
    /**
     * Its purpose, in the account's words.
     */
    purpose: string;
    /**
     * The payments.
     */
    payments: DisclosedPayment[];
    /**
     * The gaps of this check: statements that it does not prove.
     */
    unverified: string[];
    /**
     * The assets of the chain that are known, for reading the amounts.
     */
    assets: Asset[];
    /**
     * The whole report as JSON, as `louver audit package --json` writes it. Store this one.
     */
    json: string;
}

/**
 * A disclosure of payments, deposits and withdrawals, with proofs that the account made or received them.
 */
export interface PackageRequest {
    /**
     * The payments that it shows.
     */
    choice: PackageChoice;
    /**
     * How much of them is opened.
     */
    detail: Detail;
    /**
     * The reader's name: at most 256 bytes.
     */
    auditor: string;
    /**
     * The reader's `age` key (`age1...`), so that nobody else can open the package; absent if it is handed over open.
     */
    recipient?: string | undefined;
    /**
     * A number that the reader gave in place of a challenge, 64 hexadecimal digits; absent if the reader gave none.
     */
    nonce?: string | undefined;
    /**
     * The purpose: at most 512 bytes.
     */
    purpose: string;
    /**
     * For how many days it may be presented.
     */
    days: number;
    /**
     * The file of the reader's challenge, which it answers. The challenge names the reader, in place of `auditor`,
     * `recipient` and `nonce`: read it first (`Node::read_challenge`), and show its owner what it asks for.
     */
    challenge?: Uint8Array | undefined;
}

/**
 * The other side of a payment, as far as the reader can tell it from the shown account.
 */
export type Party = "itself" | "another" | "notShown";

/**
 * A payment.
 */
export interface Payment {
    /**
     * The payee's address (`lvr1...`).
     */
    to: string;
    /**
     * The amount, with its asset.
     */
    amount: Amount;
    /**
     * The memo to the payee; empty for none. Only the payee and the payer can read it.
     */
    memo: string;
}

/**
 * Payments, deposits and withdrawals by what they are. A limit that is absent does not limit them.
 */
export interface PaymentFilter {
    /**
     * The time of their blocks.
     */
    period?: Period | undefined;
    /**
     * The id of their asset: anybody can issue another with the same symbol. Amounts need it.
     */
    asset?: bigint | undefined;
    /**
     * Their kind. A joining of notes is not a payment.
     */
    kind?: EntryKind | undefined;
    /**
     * The addresses (`lvr1...`) that were paid: of receipts, the account's own. Any if empty; otherwise no deposit and no
     * withdrawal is chosen.
     */
    addresses?: string[];
    /**
     * The least amount of each, in the asset's smallest unit.
     */
    atLeast?: bigint | undefined;
    /**
     * The greatest amount of each, in the asset's smallest unit.
     */
    atMost?: bigint | undefined;
}

/**
 * A list of payments.
 */
export interface PaymentList {
    /**
     * Its rows.
     */
    rows: ListedPayment[];
    /**
     * Rows that ask for the same payment as an earlier row. Ask the user before paying them.
     */
    repeated: RepeatedRow[];
}

/**
 * A list of payments cannot be paid.
 */
export type PaymentListError = { code: "Row"; line: bigint; reason: string } | { code: "Form"; reason: string };

/**
 * A payment request: one payment or several.
 */
export interface PaymentRequest {
    /**
     * The payments, 1 to 100.
     */
    payments: RequestedPayment[];
}

/**
 * The progress of a payment of a schedule.
 */
export type PaymentProgress = { kind: "planned" } | { kind: "waiting"; txid: string } | { kind: "mined"; txid: string };

/**
 * A text is not a payment request, or the payments do not make one.
 */
export type PaymentRequestError = { code: "Unsupported"; parameter: string } | { code: "ForeignPool" } | { code: "Invalid"; reason: string };

/**
 * A period in UTC, as people write it: a year, a quarter, a month, or a first and a last day; something has to be
 * said, and only in one way.
 */
export interface Period {
    /**
     * The first day, as in 2026-11-03, or the first moment, as in 2026-11-03T10:00+01:00. Without `to`, the period
     * goes on until now.
     */
    from?: string | undefined;
    /**
     * The last day, included, or the last moment.
     */
    to?: string | undefined;
    /**
     * A year, as in 2026.
     */
    year?: string | undefined;
    /**
     * A quarter, as in 2026-Q4.
     */
    quarter?: string | undefined;
    /**
     * A month, as in 2026-11.
     */
    month?: string | undefined;
}

/**
 * A text is not a period of the chain.
 */
export type PeriodError = { code: "BeforeTheChain"; begins: bigint; reason: string } | { code: "Invalid"; reason: string };

/**
 * A text is not a recovery phrase. No variant repeats a word of it: an unknown word is told by its position, and by
 * the words of the list that are like it.
 */
export type PhraseError = { code: "WordCount"; words: number } | { code: "UnknownWord"; position: number; candidates: string[] } | { code: "Checksum" };

/**
 * The place of a finding on the ledger.
 */
export interface Place {
    /**
     * The block's height.
     */
    height: number;
    /**
     * The block's time, in seconds since 1970.
     */
    time: bigint;
    /**
     * The transaction's id, in hexadecimal.
     */
    txid: string;
    /**
     * The name of the period that the transaction declares: a month, as a rule.
     */
    period: string;
    /**
     * Whether the block is of the first days after that period, in its grace.
     */
    inGrace: boolean;
}

/**
 * There is no plan. Nothing has changed.
 */
export type PlanError = { code: "Nothing" } | { code: "Address"; error: AddressError } | { code: "TransparentAccount"; reason: string } | { code: "MemoTooLong"; most: number } | { code: "ForeignPool" } | { code: "AddressExpired"; until: bigint } | { code: "AddressNotYetValid"; from: bigint | undefined } | { code: "AddressLeavesNoTime"; until: bigint; readyBy: bigint } | { code: "TooFarAhead"; until: bigint } | { code: "WithdrawalsOnly" } | { code: "FeeTooLow"; asset: bigint; given: bigint; least: bigint } | { code: "InsufficientFunds"; asset: bigint; needed: bigint; spendable: bigint; missing: bigint; immature: bigint; pending: bigint; newer: bigint } | { code: "TransparentFunds"; asset: bigint; needed: bigint; available: bigint; deposit: bigint; fits: bigint } | { code: "EarlierAttempt"; until: number } | { code: "TooFragmented"; notes: number; most: number } | { code: "SwitchedOff"; version: number; reason: string } | { code: "Behind"; scanned: number; height: number } | { code: "SeveralTransactions"; reason: string } | { code: "Other"; reason: string } | { code: "Wallet"; error: WalletError };

/**
 * The effects of a plan, for its owner to check before signing, with what each party will see.
 */
export interface Preview {
    /**
     * The payments. Only the payees see them.
     */
    payments: Payment[];
    /**
     * The amounts that return to the account. Nobody else sees them.
     */
    change: Amount[];
    /**
     * The number of notes that are spent. Nobody else sees it.
     */
    notesSpent: number;
    /**
     * The fee. Its amount and its asset are public.
     */
    fee: Amount;
    /**
     * The movement into or out of the pool. Public.
     */
    side: PublicSide;
    /**
     * Whether the public can tell which asset moves. It can if the asset enters or leaves the pool. It also can if
     * the fee is paid in the moved asset while the pool names another asset first for fees.
     */
    showsAsset: boolean;
    /**
     * The fee of a deposit, which the payer pays in public in addition to the amount. Public.
     */
    depositFee?: Amount | undefined;
    /**
     * The circuit, which tells the number of inputs and outputs of the transaction, dummies included. Public.
     */
    circuit: Circuit;
    /**
     * The size of each memo field, in bytes: the size of the longest memo, rounded up. Public.
     */
    memoSize: number;
    /**
     * The epoch that the transaction declares. Public.
     */
    epoch: number;
    /**
     * Whether that epoch is the one before the current one. If so, the public sees that an older address is paid.
     */
    declaresPreviousEpoch: boolean;
    /**
     * The beginning of that epoch, in seconds since 1970, if it has not begun: no block takes the transaction before.
     */
    notBefore?: bigint | undefined;
    /**
     * The time until which the transaction can be signed and sent however many blocks come before, in seconds since
     * 1970, if the plan leaves its signers time.
     */
    readyBy?: bigint | undefined;
    /**
     * The last block that can take the transaction. Public.
     */
    expiry: number;
}

/**
 * The view that a reader will get of something that was chosen.
 */
export interface PreviewedPayment {
    /**
     * The meaning of the transaction for the account.
     */
    kind: EntryKind;
    /**
     * The transaction's id, in hexadecimal.
     */
    txid: string;
    /**
     * The height of its block.
     */
    height: number;
    /**
     * The time of its block, in seconds since 1970.
     */
    time: bigint;
    /**
     * The parts that are shown. All else is hidden.
     */
    shows: Shows;
    /**
     * The amount that is shown, or the least.
     */
    amount: Amount;
    /**
     * The address that was paid, if it is shown.
     */
    recipient?: string | undefined;
    /**
     * The memo, if it is shown and is text. It may come from a stranger: show it as plain text.
     */
    memo?: string | undefined;
}

/**
 * The transactions that several payments take, with their cost and what they show.
 */
export interface ProposalPreview {
    /**
     * The payments, in the given order.
     */
    payments: Payment[];
    /**
     * The transactions, by rounds. Those of one round can be in one block. Each round spends outputs of the rounds
     * before, and takes one more block.
     */
    rounds: ProposedTransaction[][];
    /**
     * The sum of all fees, by asset.
     */
    fees: Amount[];
    /**
     * The payments that are in the list more than once. Ask the user before paying them.
     */
    doubled: DoubledPayment[];
}

/**
 * A transaction of a proposal.
 */
export interface ProposedTransaction {
    /**
     * The payments that it makes, by their places in the list, counted from 0. There are none if it only joins
     * notes, which later transactions spend.
     */
    payments: number[];
    /**
     * The number of notes that it spends. Nobody else sees it.
     */
    notesSpent: number;
    /**
     * The circuit, which tells the number of inputs and outputs of the transaction. Public.
     */
    circuit: Circuit;
    /**
     * The fee. Its amount and its asset are public.
     */
    fee: Amount;
    /**
     * Whether the public can tell which asset moves, as in `Preview::shows_asset`.
     */
    showsAsset: boolean;
}

/**
 * A proving key is not at hand, or a proof was not made.
 */
export type ProverError = { code: "Cancelled" } | { code: "KeyMissing"; circuit: Circuit } | { code: "KeyInvalid"; reason: string } | { code: "OtherKey"; circuit: Circuit } | { code: "Other"; reason: string } | { code: "Node"; error: NodeError } | { code: "Storage"; error: StorageError };

/**
 * A transaction's movement into or out of the pool, in public.
 */
export type PublicSide = { kind: "internal" } | { kind: "deposit"; amount: Amount; from: string } | { kind: "withdrawal"; amount: Amount; to: string };

/**
 * An address to give out, with the times until which it is valid and can be paid.
 */
export interface Receiving {
    /**
     * The address (`lvr1...`).
     */
    address: string;
    /**
     * The number of the epoch that it is for.
     */
    epoch: number;
    /**
     * The first second after its epoch, since 1970, from when on payers are asked for a newer address; absent if
     * it never expires.
     */
    validUntil?: bigint | undefined;
    /**
     * The first second in which no block pays it any more; absent if it never expires.
     */
    payableUntil?: bigint | undefined;
}

/**
 * The addresses of a payment request.
 */
export interface ReceivingPair {
    /**
     * The address to be paid in this epoch.
     */
    now: Receiving;
    /**
     * The address to be paid in the next epoch; absent if this one never ends.
     */
    next?: Receiving | undefined;
}

/**
 * A node's reason for saying no: the codes of its API that programs act on.
 */
export type Refusal = { kind: "anchorTooOld" } | { kind: "assetUnknown" } | { kind: "busy" } | { kind: "expired" } | { kind: "feeTooLow" } | { kind: "hostDebit" } | { kind: "insufficientBalance" } | { kind: "keyBeingMade" } | { kind: "mempoolConflict" } | { kind: "mempoolFull" } | { kind: "notFound" } | { kind: "nullifierKnown" } | { kind: "rulesOff" } | { kind: "other"; code: string };

/**
 * A row that asks for the same payment as an earlier row.
 */
export interface RepeatedRow {
    /**
     * Its line.
     */
    line: bigint;
    /**
     * The line of the first such row.
     */
    first: bigint;
}

/**
 * A requested payment. The payer chooses whatever is absent.
 */
export interface RequestedPayment {
    /**
     * Where to pay (`lvr1...`).
     */
    to: string;
    /**
     * An address of a later epoch, to be paid once the epoch of the first one is over.
     */
    next?: string | undefined;
    /**
     * The asset's id.
     */
    asset?: bigint | undefined;
    /**
     * The amount, in the asset's smallest unit. It requires the asset.
     */
    value?: bigint | undefined;
    /**
     * The memo to the payee, if it is text.
     */
    memo?: string | undefined;
    /**
     * The memo to the payee in hexadecimal, if it is not text.
     */
    memoHex?: string | undefined;
    /**
     * The payee's name, in the words of whoever made the request. It proves nothing: show it as plain text, as
     * `visible_text` returns it.
     */
    label?: string | undefined;
    /**
     * The purpose of the payment, in the words of whoever made the request.
     */
    message?: string | undefined;
}

/**
 * Payments that are being made, by several transactions. The wallet stores them until all of them are made.
 */
export interface Schedule {
    /**
     * The schedule's id within its wallet.
     */
    id: bigint;
    /**
     * The account that pays.
     */
    account: number;
    /**
     * The payments, in the given order.
     */
    payments: ScheduledPayment[];
}

/**
 * A payment of a schedule.
 */
export interface ScheduledPayment {
    /**
     * The payment.
     */
    payment: Payment;
    /**
     * Its progress.
     */
    progress: PaymentProgress;
}

/**
 * A transaction was not made. This call recorded nothing and submitted nothing.
 */
export type SendError = { code: "PlanVoid" } | { code: "PlanExpired" } | { code: "OtherWallet" } | { code: "Used" } | { code: "OtherKeys" } | { code: "OtherPayer" } | { code: "Other"; reason: string } | { code: "Plan"; error: PlanError } | { code: "NotTaken"; txid: string; error: NodeError } | { code: "Prover"; error: ProverError } | { code: "Wallet"; error: WalletError };

/**
 * A transaction that was signed, recorded and submitted.
 */
export interface Sent {
    /**
     * Its id, in hexadecimal.
     */
    txid: string;
    /**
     * The last block that can take it.
     */
    expiry: number;
    /**
     * Why the node did not take it; absent if it did. The transaction is recorded in either case. The next
     * synchronising submits it again, until it expires, unless the node says that no block will take it: that is its
     * word, and another node may have it mined. Do not pay anew before it expires: both payments could be mined.
     */
    notTaken?: NodeError | undefined;
}

/**
 * The parts of a payment that a package shows.
 */
export type Shows = "full" | "amount" | "atLeast" | "crossing";

/**
 * The account's side of a payment.
 */
export type Side = "sent" | "received";

/**
 * A stage of long work.
 */
export type Stage = "scanning" | "fetchingKey" | "preparingKey" | "proving" | "auditing" | "waiting";

/**
 * A sentence about an account that is to be proven. Nothing else of the account is shown.
 */
export type StatementClaim = { kind: "address"; address: string } | { kind: "unspent"; txid: string; output: number; snapshot: number | undefined } | { kind: "holdings"; atLeast: Amount; snapshot: number | undefined } | { kind: "total"; atLeast: Amount; firstEpoch: number; lastEpoch: number } | { kind: "all"; asset: bigint; firstEpoch: number; lastEpoch: number };

/**
 * A statement about an account does not hold.
 */
export type StatementError = { code: "NotAStatement"; reason: string } | { code: "NotForThisKey" } | { code: "Sealed" } | { code: "Expectation"; what: string } | { code: "Refused"; reason: string } | { code: "NoKeys"; reason: string } | { code: "Node"; error: NodeError };

/**
 * A statement's words about itself. They are true once the statement was verified.
 */
export interface StatementInfo {
    /**
     * The account's id (`lvraid1...`).
     */
    account: string;
    /**
     * The reader's name, in the account's words. The text comes from a stranger: show it as plain text.
     */
    auditor: string;
    /**
     * Its purpose, in the account's words. The text comes from a stranger: show it as plain text.
     */
    purpose: string;
    /**
     * When it was made, in seconds since 1970 by the account's clock.
     */
    issued: bigint;
    /**
     * Until when it may be presented, in seconds since 1970.
     */
    expires: bigint;
    /**
     * How many proofs it has.
     */
    proofs: number;
}

/**
 * A statement that was checked against the ledger.
 */
export interface StatementReport {
    /**
     * The chain that it was checked on, and how far it was read: show this before anything else.
     */
    chain: string[];
    /**
     * The choice of a chain that was made beforehand. If there was none, nothing is guaranteed.
     */
    chosen: ChainChoice;
    /**
     * The block that everything in the report stands under, which the chain's authorities sealed.
     */
    head: TrustedHead;
    /**
     * Its reader, its challenge, the time it was made and the time until which it is valid: show this first. It
     * has words of a stranger: show it as plain text.
     */
    heading: string[];
    /**
     * The account's id (`lvraid1...`).
     */
    account: string;
    /**
     * Its purpose, in the account's words.
     */
    purpose: string;
    /**
     * How far the sentence can be relied on.
     */
    assurance: Assurance;
    /**
     * The sentence that is proven.
     */
    says: string;
    /**
     * The asset in full, by its number and issuer, so that nobody takes another one for it; absent if none is named.
     */
    asset?: string | undefined;
    /**
     * The gaps of this check: statements that it does not prove.
     */
    unverified: string[];
    /**
     * The assets of the chain that are known.
     */
    assets: Asset[];
    /**
     * The whole report as JSON, as `louver audit statement --json` writes it. Store this one.
     */
    json: string;
}

/**
 * A request for a statement.
 */
export interface StatementRequest {
    /**
     * The sentence to prove.
     */
    claim: StatementClaim;
    /**
     * The reader's name: at most 256 bytes.
     */
    auditor: string;
    /**
     * The reader's `age` key (`age1...`), so that nobody else can open the statement; absent if it is handed over open.
     */
    recipient?: string | undefined;
    /**
     * A number that the reader gave in place of a challenge, 64 hexadecimal digits; absent if the reader gave none.
     */
    nonce?: string | undefined;
    /**
     * The purpose: at most 512 bytes.
     */
    purpose: string;
    /**
     * For how many days it may be presented.
     */
    days: number;
    /**
     * The file of the reader's challenge, which it answers. The challenge names the reader, in place of `auditor`,
     * `recipient` and `nonce`: read it first (`Node::read_challenge`), and show its owner what it asks for.
     */
    challenge?: Uint8Array | undefined;
}

/**
 * The progress of a transaction.
 */
export type Status = { kind: "pending"; expiry: number } | { kind: "mined"; height: number; time: bigint } | { kind: "expired"; expiry: number } | { kind: "superseded"; by: string; elsewhere: boolean; height: number } | { kind: "abandoned"; expiry: number } | { kind: "refused"; expiry: number; reason: FinalRefusal };

/**
 * State could not be stored or read. Nothing was half written.
 */
export type StorageError = { code: "InUse" } | { code: "Foreign" } | { code: "Version"; found: number; expected: number } | { code: "Damaged"; reason: string } | { code: "System"; reason: string };

/**
 * A sum, and how far it can be relied on.
 */
export interface Sum {
    /**
     * The sum in the asset's smallest unit, as a decimal number: it may exceed 64 bits.
     */
    value: string;
    /**
     * The sum for people, with its relation to the true sum: `at least 12.50 LVR`.
     */
    text: string;
    /**
     * The weakest assurance among its parts.
     */
    assurance: Assurance;
}

/**
 * The results of synchronising.
 */
export interface SyncSummary {
    /**
     * The last block of the chain, which the wallet has read.
     */
    height: number;
    /**
     * How many blocks were read.
     */
    blocks: number;
    /**
     * How many notes were received, change included.
     */
    received: number;
    /**
     * How many notes were spent.
     */
    spent: number;
    /**
     * The first block with a transaction that spends a note which the wallet never saw; absent if there is none. It
     * proves that an account received something before the wallet's birthday, or before it was added. Until
     * `Wallet::rescan` from an earlier block finds that, balances are too low: warn of it.
     */
    lateBirthday?: number | undefined;
}

/**
 * The state of a transaction.
 */
export type TransactionState = { kind: "unknown" } | { kind: "pending" } | { kind: "included"; height: number };

/**
 * A transparent account, as everybody sees it.
 */
export interface TransparentAccount {
    /**
     * The account (`lvrt1...`).
     */
    account: string;
    /**
     * The amounts that it holds.
     */
    balances: Amount[];
}

/**
 * Why there is no answer.
 */
export type TransportError = { code: "Unreachable"; reason: string };

/**
 * A wallet did not do as asked.
 */
export type WalletError = { code: "Exists" } | { code: "NotFound" } | { code: "OtherChain" } | { code: "WrongPassphrase" } | { code: "OtherProtection" } | { code: "AccountExists"; account: number } | { code: "OtherKeys" } | { code: "EmptyPassphrase" } | { code: "ViewOnly" } | { code: "Blocks"; reason: string } | { code: "Reorganised" } | { code: "NotWaiting"; txid: string } | { code: "UnknownTransaction"; txid: string } | { code: "BirthdayTooLate"; birthday: number } | { code: "Other"; reason: string } | { code: "Cancelled" } | { code: "Node"; error: NodeError } | { code: "Storage"; error: StorageError };

/**
 * The choice of a chain.
 */
export type ChainChoice = "genesis" | "block" | "nothing";

/**
 * The marks of a chain, which a person compares with those that its operator publishes, before trusting it.
 */
export interface Fingerprint {
    /**
     * The hash of the genesis, in groups of four hexadecimal digits.
     */
    genesis: string;
    /**
     * How many authorities have to seal a block.
     */
    needed: number;
    /**
     * The keys of the authorities, each as its account (`lvrt1...`).
     */
    authorities: string[];
}

/**
 * The choice of a chain before a node is asked. With neither, the node's chain is taken as it is: nothing on it is
 * guaranteed.
 */
export interface Trust {
    /**
     * The hash of the chain's genesis in hexadecimal, from somebody whom the person trusts.
     */
    genesisHash?: string | undefined;
    /**
     * A block of that chain, as `HEIGHT:HASH`, on which it has to stand.
     */
    pin?: string | undefined;
    /**
     * Whether the node is the person's own, and follows the chain by itself (`louver node --follow`). Nothing shows this
     * to the library: say it only of such a node. It has checked every proof, so what is guaranteed holds even if the
     * chain's authorities lie; and no question hides from it which blocks matter. A check without a node does not
     * look at it.
     */
    ownNode?: boolean | undefined;
}

/**
 * The newest block that was shown to be final.
 */
export interface TrustedHead {
    /**
     * The hash of the chain's genesis, in hexadecimal.
     */
    genesisHash: string;
    /**
     * The choice of the chain.
     */
    chosen: ChainChoice;
    /**
     * Its height; 0 is genesis.
     */
    height: number;
    /**
     * Its hash, in hexadecimal.
     */
    hash: string;
    /**
     * Its time, in seconds since 1970.
     */
    time: bigint;
    /**
     * How many seconds ago that was, by this machine's clock.
     */
    age: bigint;
    /**
     * Whether it is so old that newer blocks are missing: the chain stands still, or the node withholds them. Say so.
     */
    isOld: boolean;
    /**
     * Whether the person said that the node is his own and follows the chain by itself, so that the chain's authorities
     * need not be believed.
     */
    ownNode: boolean;
    /**
     * A sentence while payments stand still on the chain, as its guardians have switched off its rules: since when, what
     * it means for money and what to expect. Say so.
     */
    paused?: string | undefined;
}

/**
 * The keys of an account that are valid in every epoch. They are secrets.
 */
export interface AccountParts {
    /**
     * The spending key.
     */
    sk: string;
    /**
     * The spend validating key.
     */
    ak: string;
    /**
     * The nullifier root.
     */
    nk: string;
    /**
     * The view root for payments to the account's addresses.
     */
    inExternal: string;
    /**
     * The view root for its change.
     */
    inInternal: string;
    /**
     * The view root for its outgoing payments.
     */
    out: string;
    /**
     * The root that dummies are derived from.
     */
    dummyRoot: string;
}

/**
 * An input that pads a transaction.
 */
export interface DummyInput {
    /**
     * The hash that stands for its address's transmission key.
     */
    pkDHash: string;
    /**
     * Its owner tag.
     */
    tau: string;
    /**
     * The nullifier that stands for its origin.
     */
    rho: string;
    /**
     * The commitment's randomness.
     */
    rcm: string;
    /**
     * The commitment.
     */
    cm: string;
    /**
     * The nullifier.
     */
    nf: string;
}

/**
 * An output that pads a transaction.
 */
export interface DummyOutput {
    /**
     * Its owner tag.
     */
    tau: string;
    /**
     * The commitment's randomness.
     */
    rcm: string;
    /**
     * The ephemeral key.
     */
    epk: string;
    /**
     * The commitment.
     */
    cm: string;
}

/**
 * The keys of an account in one epoch of one pool. They are secrets.
 */
export interface EpochParts {
    /**
     * The tag key of the account's addresses.
     */
    tkx: string;
    /**
     * The nullifier key.
     */
    nk: string;
    /**
     * The detection key.
     */
    sd: string;
    /**
     * The tag key of its change.
     */
    tki: string;
    /**
     * The incoming viewing key of the account's addresses.
     */
    externalIvk: string;
    /**
     * The diversifier key of the account's addresses.
     */
    externalDk: string;
    /**
     * The incoming viewing key of its change.
     */
    internalIvk: string;
    /**
     * The diversifier key of its change.
     */
    internalDk: string;
    /**
     * The outgoing viewing key.
     */
    ovk: string;
}

/**
 * A public input of the statement.
 */
export interface NamedScalar {
    /**
     * Its name.
     */
    name: string;
    /**
     * Its value.
     */
    value: string;
}

/**
 * The contents of an output, for a reader whose key opens it.
 */
export interface OpenedOutput {
    /**
     * The note.
     */
    note: ProtocolNote;
    /**
     * The memo's bytes.
     */
    memo: string;
}

/**
 * The position of an output: the context that its note is bound to.
 */
export interface OutputScope {
    /**
     * The pool's tag.
     */
    poolTag: string;
    /**
     * The epoch that the transaction declares.
     */
    epoch: number;
    /**
     * The transaction's first nullifier.
     */
    rho: string;
    /**
     * The output's index.
     */
    index: number;
    /**
     * The transaction's memo bucket.
     */
    memoBucket: number;
}

/**
 * A use of the hash.
 */
export interface PoseidonDomain {
    /**
     * Its name.
     */
    name: string;
    /**
     * The constant that the state starts with.
     */
    constant: string;
    /**
     * The number of inputs.
     */
    arity: number;
}

/**
 * An address, by its parts.
 */
export interface ProtocolAddress {
    /**
     * The pool's tag.
     */
    poolTag: string;
    /**
     * The epoch.
     */
    epoch: number;
    /**
     * The diversifier.
     */
    diversifier: string;
    /**
     * The element that the diversifier hashes to.
     */
    base: string;
    /**
     * The transmission key.
     */
    pkD: string;
    /**
     * The owner tag.
     */
    tau: string;
    /**
     * The address's encoding.
     */
    bytes: string;
    /**
     * The address as people pass it on (`lvr1...`).
     */
    text: string;
}

/**
 * Why the protocol refuses bytes or a text, by the names of the specification's faults.
 */
export type ProtocolError = { code: "Argument"; what: string } | { code: "UnexpectedEnd"; missing: number } | { code: "TrailingBytes"; count: number } | { code: "CountTooLarge"; count: bigint } | { code: "NonCanonicalField" } | { code: "NonCanonicalPoint" } | { code: "NotOnCurve" } | { code: "SmallOrder" } | { code: "NotInSubgroup" } | { code: "NotAnElement" } | { code: "Identity" } | { code: "UnknownTag"; what: string; tag: bigint } | { code: "OutOfRange"; what: string } | { code: "NotCanonical"; what: string } | { code: "Malformed" } | { code: "MixedCase" } | { code: "Checksum" } | { code: "Padding" } | { code: "Prefix" } | { code: "Untrue"; clause: string };

/**
 * An incoming viewing key of one epoch, by its parts.
 */
export interface ProtocolIncomingKey {
    /**
     * The scalar that decrypts.
     */
    ivk: string;
    /**
     * The diversifier key.
     */
    dk: string;
    /**
     * The tag key.
     */
    tk: string;
}

/**
 * A note, by its parts.
 */
export interface ProtocolNote {
    /**
     * The pool's tag.
     */
    poolTag: string;
    /**
     * The epoch.
     */
    epoch: number;
    /**
     * The output's index in its transaction.
     */
    index: number;
    /**
     * The address's diversifier.
     */
    diversifier: string;
    /**
     * The address's transmission key.
     */
    pkD: string;
    /**
     * The owner tag.
     */
    tau: string;
    /**
     * The asset's id.
     */
    asset: bigint;
    /**
     * The value.
     */
    value: bigint;
    /**
     * The first nullifier of its transaction.
     */
    rho: string;
    /**
     * The seed of its randomness.
     */
    rseed: string;
}

/**
 * The values derived from a note's parts.
 */
export interface ProtocolNoteSecrets {
    /**
     * Index, epoch, class, asset and value in one field element.
     */
    m: string;
    /**
     * The commitment's randomness.
     */
    rcm: string;
    /**
     * The ephemeral secret.
     */
    esk: string;
    /**
     * The ephemeral key.
     */
    epk: string;
    /**
     * The commitment.
     */
    cm: string;
}

/**
 * A text of the protocol, of any kind.
 */
export interface ProtocolText {
    /**
     * The kind of text, in words.
     */
    kind: string;
    /**
     * Whether the text gives its holder a power that others must not have.
     */
    secret: boolean;
    /**
     * The bytes that it encodes.
     */
    payload: string;
}

/**
 * One of an account's three trees of view keys.
 */
export type ProtocolView = "external" | "internal" | "outgoing";

/**
 * A note to be spent.
 */
export interface StatementInput {
    /**
     * Its index.
     */
    index: string;
    /**
     * Its epoch.
     */
    epoch: string;
    /**
     * Whether it is of the fee's asset.
     */
    isFeeAsset: string;
    /**
     * Its value.
     */
    value: string;
    /**
     * Whether it came to an address of change.
     */
    isInternal: string;
    /**
     * The hash of its address's transmission key.
     */
    pkDHash: string;
    /**
     * The first nullifier of the transaction that made it.
     */
    rho: string;
    /**
     * The commitment's randomness.
     */
    rcm: string;
    /**
     * For each level, from the leaf up, the four children, one of which is on the path to the root.
     */
    path: string[][];
}

/**
 * A note to be made.
 */
export interface StatementOutput {
    /**
     * Its owner tag.
     */
    tau: string;
    /**
     * The commitment's randomness.
     */
    rcm: string;
    /**
     * Whether it is of the fee's asset.
     */
    isFeeAsset: string;
    /**
     * Its value.
     */
    value: string;
}

/**
 * The public side of the statement that a transaction's proof proves.
 */
export interface StatementPublic {
    /**
     * Inputs by outputs, such as `2x3`.
     */
    shape: string;
    /**
     * The pool's tag.
     */
    poolTag: string;
    /**
     * The epoch that the transaction declares.
     */
    epoch: number;
    /**
     * Whether the public value goes into the pool.
     */
    deposit: boolean;
    /**
     * The public value.
     */
    publicValue: bigint;
    /**
     * Every public input, in order.
     */
    scalars: string[];
}

/**
 * The prover's secret knowledge.
 */
export interface StatementWitness {
    /**
     * The `u` coordinate of the spend validating key.
     */
    akU: string;
    /**
     * The `v` coordinate of the spend validating key.
     */
    akV: string;
    /**
     * The randomizer that `rk` adds to it.
     */
    alpha: string;
    /**
     * The nullifier root.
     */
    nk: string;
    /**
     * The asset that the transaction moves.
     */
    main: string;
    /**
     * The value that passes between the two balances.
     */
    exchange: string;
    /**
     * The notes to be spent.
     */
    inputs: StatementInput[];
    /**
     * The notes to be made.
     */
    outputs: StatementOutput[];
}

/**
 * A transaction, by its public fields.
 */
export interface TransactionFields {
    /**
     * Inputs by outputs, such as `2x3`.
     */
    shape: string;
    /**
     * The last block that can take it.
     */
    expiryHeight: number;
    /**
     * The epoch that it declares.
     */
    epoch: number;
    /**
     * The memo bucket.
     */
    memoBucket: number;
    /**
     * The fee.
     */
    fee: Amount;
    /**
     * The movement into or out of the pool.
     */
    side: PublicSide;
    /**
     * The payer of a deposit, or the recipient of a withdrawal.
     */
    party?: string | undefined;
    /**
     * The encoding of its effects.
     */
    effects: string;
    /**
     * The key that verifies the signature.
     */
    rk: string;
    /**
     * The signature.
     */
    signature: string;
    /**
     * The transaction's encoding, written again.
     */
    bytes: string;
}

/**
 * The hashes of a transaction.
 */
export interface TransactionHashes {
    /**
     * The hash of its effects.
     */
    txid: string;
    /**
     * The hash of its effects and its authorisation.
     */
    wtxid: string;
    /**
     * The hash that is signed.
     */
    sighash: string;
}

/**
 * A path from a leaf to the root.
 */
export interface TreePath {
    /**
     * For each level, from the leaf up, the four children, one of which is on the path.
     */
    children: string[][];
    /**
     * The root.
     */
    root: string;
}
