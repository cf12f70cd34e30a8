// The Worker for proofs, as the Worker of wallets sees it. While a proof is made there, the wallet answers here.
//
// The secret material of a proof goes from this Worker to that one, and never through the page.

import type { Circuit, Stage } from "../data.js";
import { LouverError } from "../errors.js";
import type { Reference, Value } from "../messages.js";
import { Session, type WatchOptions } from "../session.js";
import type { Thrown } from "./faults.js";

/** Hears how far work is. `false` stops it. */
type Report = (stage: Stage, done: number, total: number) => boolean;

/** Work under way. */
interface Task {
  readonly outcome: Promise<unknown>;
  /** Stops it if it is not over, and tells its report no more. */
  end(): void;
}

/** The Worker, and the object in it that makes proofs. */
interface Place {
  readonly session: Session;
  readonly target: Promise<Reference>;
}

/** How often it is asked whether work is to stop, in milliseconds. */
const PAUSE = 100;

/** The proofs of one prover. They are made one after the other. */
export class Proofs {
  #place: Place | undefined;
  /** The circuits whose keys are at hand there. */
  #ready = new Set<Circuit>();
  #last: Promise<unknown> = Promise.resolve();

  /** The Worker starts when it is needed. */
  constructor(
    private readonly threads: number,
    private readonly keep: boolean,
  ) {}

  isReady(circuit: Circuit): boolean {
    return this.#place?.session.isOver === false && this.#ready.has(circuit);
  }

  recall(chain: Uint8Array | undefined, circuit: Circuit): Task {
    return this.#do("preparingKey", undefined, async (call) => {
      const isReady = await call("recall", [chain, circuit]);
      if (isReady) this.#ready.add(circuit);
      return isReady;
    });
  }

  install(chain: Uint8Array | undefined, circuit: Circuit, key: Uint8Array, report: Report | undefined): Task {
    return this.#do("preparingKey", report, async (call) => {
      await call("install", [chain, circuit, key]);
      this.#ready.add(circuit);
    });
  }

  prove(chain: Uint8Array | undefined, circuit: Circuit, request: Uint8Array, report: Report | undefined): Task {
    return this.#do("proving", report, async (call) => {
      try {
        const proof = await call("prove", [chain, request]);
        this.#ready.add(circuit);
        return proof;
      } finally {
        // The other Worker had a copy, and has wiped it.
        request.fill(0);
      }
    });
  }

  /** Ends the Worker, whatever it is at. It starts anew when it is needed. */
  end(): void {
    this.#place?.session.end(stopped());
    this.#place = undefined;
    this.#ready.clear();
  }

  /** Does one thing after those before it. To stop it ends the Worker, which may be in the middle of a computation. */
  #do(
    stage: Stage, report: Report | undefined, work: (call: (method: string, args: unknown[]) => Promise<unknown>) => Promise<unknown>,
  ): Task {
    const before = this.#last;
    let isRunning = false;
    let isOver = false;
    let hears = report;
    let last = [stage, 0, 1] as Parameters<Report>;
    let fail!: (error: Thrown) => void;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    const stop = () => {
      if (isOver) return;
      isOver = true;
      if (isRunning) this.end();
      fail({ fault: { concept: "prover", code: "Cancelled" }, messages: ["it was cancelled"] });
    };
    const tell = () => {
      if (!isOver && hears && !hears(...last)) stop();
    };
    const onProgress = ({ stage, done, total }: Parameters<NonNullable<WatchOptions["onProgress"]>>[0]) => {
      last = [stage, done, total];
      tell();
    };
    const run = async () => {
      await before.catch(() => {});
      if (isOver) return;
      isRunning = true;
      const { session, target } = this.#started();
      const call = async (method: string, args: unknown[]) => {
        const reference = await target;
        return data(await session.call(reference, method, args.map((data) => ({ data })), report && { onProgress }));
      };
      return work(call);
    };
    const timer = report && setInterval(tell, PAUSE);
    const running = run();
    this.#last = running;
    running.catch(() => {});
    const outcome = Promise.race([running, failed]).catch(refuse).finally(() => {
      isOver = true;
      isRunning = false;
      clearInterval(timer);
    });
    outcome.catch(() => {});
    tell();
    return {
      outcome,
      end() {
        hears = undefined;
        stop();
      },
    };
  }

  #started(): Place {
    if (this.#place?.session.isOver === false) return this.#place;
    this.#ready.clear();
    // The script of this Worker serves as that of the other, wherever a bundler has put it.
    const session = new Session({ threads: this.threads, worker: () => new Worker(self.location.href, { type: "module" }) });
    const target = session.call("ProofWorker", "create", [{ data: this.keep }]) as Promise<Reference>;
    target.catch(() => {});
    return (this.#place = { session, target });
  }
}

function data(value: Value): unknown {
  return "data" in value ? value.data : undefined;
}

/** The errors of the other Worker, as this one passes them on. Its own faults end it and nothing else. */
function refuse(error: unknown): never {
  if (!(error instanceof LouverError)) throw error;
  const messages: string[] = [];
  for (let told: LouverError | undefined = error; told; told = told.cause) messages.push(told.message);
  if (error.concept === "prover") throw { fault: error.fault, messages } satisfies Thrown;
  const reason = error.message;
  throw { fault: { concept: "prover", code: "Other", reason }, messages: [`the proof was not made: ${reason}`] } satisfies Thrown;
}

function stopped(): LouverError {
  return new LouverError({ concept: "prover", code: "Cancelled" }, ["it was cancelled"]);
}
