// The state that the wallet's views share: the chain, the open wallet, and the current view.

import {
  type Account, type Amount, type Asset, type Balance, type HistoryEntry, LouverError, Node, type NodeOptions, type NodeStatus, type Protection, Prover,
  type Schedule, type SpendingKeys, type SyncSummary, terminate, Wallet, type WatchOptions,
} from "louver";

import { announce, byId, type Child, el, focus, replace } from "../shared/dom.js";
import * as format from "../shared/format.js";
import { NODE } from "../shared/node.js";
import { isStopped, sentence } from "../shared/words.js";
import { hasMoved, latest, PART } from "./entries.js";
import { hush } from "./news.js";
import { type Read, Reading } from "./reading.js";

/** A view: a title, and what is below it. */
export interface View {
  readonly title: string;
  readonly body: readonly Child[];
  /** Wide views use the whole page. */
  readonly isWide?: boolean;
  /** The element that gets the focus; by default the title. */
  readonly first?: HTMLElement;
  /** Called when what the wallet holds may have changed while the view is shown. */
  readonly refresh?: () => void;
}

/** A wallet that is open. */
export interface Open {
  readonly name: string;
  readonly wallet: Wallet;
  readonly account: Account;
  /** Where deposits come from and withdrawals go: public. */
  readonly transparent: string;
  /** How it is kept. It serves to get the spending keys when something is signed. */
  readonly protection: Protection;
}

/** The wallet's holdings, as far as it has read. */
export interface Holdings {
  readonly balances: readonly Balance[];
  /** The latest transactions: all that wait for a block, and one more than the view lists if there are as many. */
  readonly history: readonly HistoryEntry[];
  /** Payments that take several transactions and are not done. */
  readonly schedules: readonly Schedule[];
  /** The transparent account's holdings when the node was last asked; absent if it was not. */
  readonly transparent: { readonly balances: readonly Amount[]; readonly height: number } | undefined;
}

/** Work that goes on behind the views: it can be followed and stopped from all of them. */
export interface Job {
  /** The work under way, in a few words. */
  readonly label: string;
  /** The place of its own view in the address bar. */
  readonly place: string;
  /** Stops it, for as long as it can be stopped. */
  readonly stop: (() => void) | undefined;
}

/** The objects that live in the Worker beside the wallet. */
interface Means {
  readonly node: Node;
  readonly prover: Prover;
}

const NOTHING: Holdings = { balances: [], history: [], schedules: [], transparent: undefined };

/** For how long nothing has to happen until the wallet locks itself. */
const IDLE = 15 * 60_000;
const POLL = 3_000;
/** How long a Worker that was ended may keep a wallet to itself: browsers let it finish what it computes. */
const LINGER = 10_000;

/** The page's state. */
export class App {
  /** The wallet that is open. */
  open: Open | undefined;
  holdings = NOTHING;
  /** The last block that the wallet has read. */
  height = 0;
  /** The first block that spends money which the wallet never saw, as it was when the wallet last read: its birthday is too late. */
  lateBirthday: number | undefined;
  /** When reading last failed: with what. */
  trouble: unknown;
  /** The frame around the views hears of changes. */
  onChange: () => void = () => {};
  /** The work behind the views. */
  job: Job | undefined;
  /** How long the last proof took here, in seconds. */
  proofSeconds: number | undefined;
  /** Called after locking. */
  onLock: (reason: string | undefined) => void = () => {};
  #view: View | undefined;
  /** Views that one comes back to as one left them, by their place in the address bar. */
  readonly #kept = new Map<string, View>();
  #means: Means | undefined;
  #connecting: Promise<void> | undefined;
  #reading: Reading | undefined;
  #busy = 0;
  /** How many transactions the view lists. */
  #listed = PART;
  /** How often it was looked at what the wallet holds, and which time is shown. */
  #looks = 0;
  #looked = 0;
  /** The warnings of all work under way, in case it is cut short. */
  readonly #warnings = new Set<{ readonly text: string | undefined }>();
  #isPolling = false;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #closed = -LINGER;

  private constructor(
    public status: NodeStatus,
    public assets: Asset[],
  ) {
    setInterval(() => void this.#poll(), POLL);
    // Leaving the page ends what goes on in it: the browser asks first.
    addEventListener("beforeunload", (event) => this.isBusy && event.preventDefault());
    for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => this.#awake(), { passive: true });
  }

  /** Connects to the node beside the pages. */
  static async start(): Promise<App> {
    const means = await reach();
    const [status, assets] = await Promise.all([means.node.status(), means.node.assets()]);
    const app = new App(status, assets);
    app.#means = means;
    return app;
  }

  /** Connects again, after locking has ended the Worker. Opening a wallet waits for it. */
  async connect(): Promise<void> {
    if (this.#means) return;
    const connecting = (this.#connecting ??= this.#connect());
    try {
      await connecting;
    } finally {
      if (this.#connecting === connecting) this.#connecting = undefined;
    }
  }

  async #connect(): Promise<void> {
    const closed = this.#closed;
    const means = await reach();
    if (this.#closed === closed) this.#means = means;
  }

  /** Whether the node can be asked: not after locking, until the page connects again. */
  get isConnected(): boolean {
    return this.#means !== undefined;
  }

  /** The chain. */
  get node(): Node {
    return this.#reached.node;
  }

  /** The prover. */
  get prover(): Prover {
    return this.#reached.prover;
  }

  get #reached(): Means {
    if (!this.#means) throw new Error("the page is not connected");
    return this.#means;
  }

  /** Shows a view, and moves the focus there. */
  show(view: View): void {
    this.#view = view;
    this.#listed = PART;
    const heading = el("h1", { tabindex: -1 }, view.title);
    document.title = `${view.title} · Louver wallet`;
    replace(byId("main"), el("div", { class: view.isWide ? "view" : "view narrow" }, heading, view.body));
    scrollTo(0, 0);
    focus(view.first ?? heading);
    this.onChange();
  }

  /** Keeps a view for whoever comes back to its place in the address bar. */
  keep(place: string, view: View): void {
    this.#kept.set(place, view);
  }

  /** The view that is kept for a place. */
  kept(place: string): View | undefined {
    return this.#kept.get(place);
  }

  /** Forgets the views of a place and of those below it: a form that was sent starts anew. */
  forget(place: string): void {
    for (const kept of [...this.#kept.keys()]) if (kept === place || kept.startsWith(`${place}/`)) this.#kept.delete(kept);
  }

  /** Says what goes on behind the views, or that nothing does any more. */
  follow(job: Job | undefined): void {
    this.job = job;
    this.onChange();
  }

  /** Whether something goes on that ends with the page. */
  get isBusy(): boolean {
    return this.#busy > 0;
  }

  /** Whether a view is still the one that is shown: what takes time asks before it shows its outcome. */
  isShown(view: View): boolean {
    return this.#view === view;
  }

  /** The wallet that is open. Views that need one are shown only then. */
  get opened(): Open {
    if (!this.open) throw new Error("no wallet is open");
    return this.open;
  }

  /** Takes a wallet as the open one. The spending keys are looked at for the public account, and freed. */
  async enter(name: string, wallet: Wallet, protection: Protection): Promise<void> {
    try {
      using keys = await wallet.unlock(protection);
      const [account] = await wallet.accounts();
      if (!account) throw new Error("the wallet has no account");
      this.open = { name, wallet, account, transparent: await keys.transparentAccount(account.index ?? 0), protection };
    } catch (error) {
      wallet.free();
      protection.free();
      throw error;
    }
    const { open } = this;
    const height = await wallet.height();
    if (this.open !== open) return;
    this.height = height;
    await this.look().catch((error: unknown) => (this.trouble = error));
    this.#awake();
  }

  /** Opens a wallet of this browser. */
  async unlock(name: string, protection: Protection): Promise<Wallet> {
    await this.connect();
    return this.#patiently(() => Wallet.open({ name, node: this.node, protection }));
  }

  /** Deletes a wallet from this browser. If it is open, it is closed first, and what is under way with it ends. */
  async discard(name: string): Promise<void> {
    if (this.open?.name === name) this.#close();
    await this.#patiently(() => Wallet.delete(name));
  }

  /** Hides the wallet, and ends all that goes on with it. */
  lock(reason?: string): void {
    const reasons = new Set([reason, ...[...this.#warnings].map(({ text }) => text)].filter((said) => said !== undefined));
    this.#close();
    this.onLock(reasons.size ? [...reasons].join(" ") : undefined);
  }

  /**
   * Ends the Worker, which may be busy: its memory goes, with all secrets in it, and so does its hold on the wallet.
   * Everything that the wallet has recorded is on disk; a change that it was about to record is there in full or not at
   * all.
   */
  #close(): void {
    clearTimeout(this.#idle);
    terminate();
    this.#closed = performance.now();
    this.#means = undefined;
    this.#connecting = undefined;
    this.#reading = undefined;
    this.#warnings.clear();
    this.#kept.clear();
    this.job = undefined;
    this.open = undefined;
    this.holdings = NOTHING;
    this.trouble = undefined;
    this.lateBirthday = undefined;
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
    hush();
    this.show({ title: "The wallet is locked", body: [el("p", { class: "soft", role: "status" }, "One moment …")] });
    this.connect().catch(() => {});
  }

  /** Tries again while the Worker that was just ended has the wallet. */
  async #patiently<T>(use: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await use();
      } catch (error) {
        const isHeld = error instanceof LouverError && error.find("storage")?.code === "InUse";
        if (!isHeld || performance.now() - this.#closed > LINGER) throw error;
      }
    }
  }

  /** Uses the spending keys for as long as something takes. */
  async withKeys<T>(use: (keys: SpendingKeys) => Promise<T>, warning?: string): Promise<T> {
    const { wallet, protection } = this.opened;
    return this.during(warning, async () => {
      using keys = await wallet.unlock(protection);
      return await use(keys);
    });
  }

  /** Does what the wallet does not lock itself in the middle of. The warning is for who locks it all the same. */
  async during<T>(warning: string | undefined, work: () => Promise<T>): Promise<T> {
    const { open } = this;
    const told = { text: warning };
    this.#busy++;
    this.#warnings.add(told);
    try {
      return await work();
    } catch (error) {
      this.#mind(error, open);
      throw error;
    } finally {
      this.#busy--;
      this.#warnings.delete(told);
      this.#awake();
    }
  }

  /** Reads the chain up to its last block. A caller that comes while the wallet reads joins in. */
  sync(options: WatchOptions = {}): Promise<SyncSummary> {
    const open = this.opened;
    const running = this.#reading?.open === open ? this.#reading : undefined;
    return (running ?? this.#begin(open, (options) => open.wallet.sync(options))).join(options);
  }

  /** Reads the chain again from a block on. A reading under way is stopped first. */
  async rescan(birthday: number, options: WatchOptions = {}): Promise<SyncSummary> {
    const open = this.opened;
    while (this.#reading?.open === open) {
      this.#reading.stop();
      await this.#reading.over.catch(() => {});
    }
    if (this.open !== open) throw new DOMException("the wallet was locked", "AbortError");
    return this.#begin(open, (options) => open.wallet.rescan(birthday, options)).join(options);
  }

  #begin(open: Open, read: Read): Reading {
    const reading = (this.#reading = new Reading(open, (options) => this.#follow(open, read(options))));
    this.onChange();
    return reading;
  }

  /** Updates the page's state after a wallet has read, if that wallet is still the open one. */
  async #follow(open: Open, reading: Promise<SyncSummary>): Promise<SyncSummary> {
    const { node } = this;
    try {
      const summary = await reading;
      if (this.open !== open) return summary;
      this.height = summary.height;
      this.lateBirthday = summary.lateBirthday;
      this.trouble = undefined;
      await this.look();
      await this.#lookOutsideAgain();
      const [status, assets] = await Promise.all([node.status(), node.assets()]);
      if (this.open !== open) return summary;
      this.status = status;
      this.assets = assets;
      if (summary.received) announce("The wallet has received something.");
      return summary;
    } catch (error) {
      if (this.open === open) {
        this.trouble = isStopped(error) ? undefined : error;
        await this.look().catch(() => {});
      }
      this.#mind(error, open);
      throw error;
    } finally {
      if (this.#reading?.open === open) this.#reading = undefined;
      if (this.open === open) this.#refresh();
    }
  }

  /** Looks at what the wallet holds, as far as it has read. Nobody is asked for it. */
  async look(): Promise<void> {
    const open = this.opened;
    const turn = ++this.#looks;
    const { wallet, account } = open;
    const [balances, entries, schedules] = await Promise.all([wallet.balances(account.number), latest(open, this.#listed), wallet.schedules()]);
    // A look that began later may be over sooner.
    if (this.open !== open || turn < this.#looked) return;
    this.#looked = turn;
    this.holdings = { ...this.holdings, balances, history: entries, schedules: schedules.filter((one) => one.account === account.number) };
    this.#refresh();
  }

  /** Has so many of the latest transactions at hand, for as long as the view is shown that lists them. */
  async list(most: number): Promise<void> {
    this.#listed = most;
    await this.look();
  }

  /**
   * Asks the node what the public account holds. It learns which account is asked for from here, and could set beside it
   * what else comes from here: so this is for who wants to see it, and for nobody else.
   */
  async lookOutside(): Promise<void> {
    const open = this.opened;
    const { balances } = await this.node.transparentAccount(open.transparent);
    if (this.open !== open) return;
    this.holdings = { ...this.holdings, transparent: { balances, height: this.status.height } };
    this.#refresh();
  }

  /**
   * Asks once more what the public account holds, if its owner has it shown and a block has moved its money since. The
   * node was handed that transaction, which names the account: the question tells it nothing new.
   */
  async #lookOutsideAgain(): Promise<void> {
    const since = this.holdings.transparent?.height;
    if (since === undefined) return;
    const open = this.opened;
    const moved = await hasMoved(open, open.transparent, since).catch(() => false);
    if (moved && this.open === open) await this.lookOutside().catch(() => {});
  }

  /** An amount in words. */
  say(amount: Amount): string {
    return format.amount(amount, this.assets);
  }

  /** The amount of an asset that can be spent now. */
  spendable(asset: bigint): bigint {
    return this.holdings.balances.find((balance) => balance.asset === asset)?.spendable ?? 0n;
  }

  /** Whether the wallet is reading. */
  get isSyncing(): boolean {
    return this.#reading !== undefined;
  }

  async #poll(): Promise<void> {
    if (!this.open || this.#isPolling || this.#reading || document.hidden) return;
    const { open, node } = this;
    this.#isPolling = true;
    try {
      const status = await node.status();
      if (this.open !== open) return;
      const wasTroubled = this.trouble !== undefined;
      this.status = status;
      if (this.#reading) return;
      // A node that answers again is handed what it missed, whether it has a new block or not.
      if (status.height !== this.height || wasTroubled) await this.sync();
    } catch (error) {
      if (this.open === open) this.trouble = isStopped(error) ? undefined : error;
    } finally {
      this.#isPolling = false;
    }
    this.onChange();
  }

  #refresh(): void {
    this.#view?.refresh?.();
    this.onChange();
  }

  /** A wallet that could not keep its state does nothing any more until it is opened again: so it is closed. */
  #mind(error: unknown, open: Open | undefined): void {
    if (open === undefined || this.open !== open) return;
    if (error instanceof LouverError && error.find("storage")?.code === "System") this.lock(`${sentence(error)} Then unlock it again.`);
  }

  #awake(): void {
    clearTimeout(this.#idle);
    if (!this.open) return;
    this.#idle = setTimeout(() => this.#busy ? this.#awake() : this.lock("The wallet locked itself: nothing happened for a quarter of an hour."), IDLE);
  }
}

/** The chain that the page's address names: `?genesis=` and `&pin=`. */
function chosen(): Pick<NodeOptions, "genesisHash" | "pin"> {
  const asked = new URLSearchParams(location.search);
  return { genesisHash: asked.get("genesis") ?? undefined, pin: asked.get("pin") ?? undefined };
}

async function reach(): Promise<Means> {
  const [node, prover] = await Promise.all([Node.connect(NODE, chosen()), Prover.create()]);
  return { node, prover };
}
