// The Worker: it loads the library, keeps its objects, and does what the page asks.

import type { Reference, Request, Response, Value } from "../messages.js";
import { thrown, type Thrown } from "./faults.js";
import { makeProofWorker } from "./keys.js";
import { type Library, load } from "./library.js";
import { Objects } from "./objects.js";
import { Proofs } from "./proofs.js";
import { connect, type Connecting } from "./transport.js";
import { Wallets } from "./wallets.js";
import { Watcher } from "./watch.js";

type Call = Extract<Request, { type: "call" }>;

const watchers = new Map<number, Watcher>();
const objects = new Objects();
let library: Promise<Library> | undefined;
/** On how many threads proofs are to be made. */
let threads = 1;

self.onmessage = ({ data: request }: MessageEvent<Request>) => {
  switch (request.type) {
    case "start":
      threads = request.threads;
      library = load(request);
      library.then(
        ({ version, threads }) => post({ type: "ready", version, threads }),
        (error: unknown) => fall({ fault: { concept: "internal", code: "Load", reason: String(error) }, messages: [String(error)] }),
      );
      break;
    case "call":
      void answer(request);
      break;
    case "cancel":
      watchers.get(request.id)?.stop();
      break;
    case "free":
      objects.free(request.handle);
      break;
  }
};

// A fault inside a promise of the library's own leaves nothing that could be caught.
self.onunhandledrejection = ({ reason }) => {
  if (reason instanceof WebAssembly.RuntimeError) fall(thrown(reason));
};

async function answer(call: Call): Promise<void> {
  const { id, watch } = call;
  const watcher = watch && new Watcher(watch, (stage, done, total) => post({ type: "progress", id, stage, done, total }));
  if (watcher) watchers.set(id, watcher);
  try {
    const release = objects.hold([call.target, ...call.args].filter(isReference));
    try {
      post({ type: "return", id, value: await run(call, watcher) });
    } finally {
      release();
    }
  } catch (error) {
    const { fault, messages } = thrown(error);
    if (fault.concept === "internal") fall({ fault, messages });
    else post({ type: "throw", id, fault, messages });
  } finally {
    watchers.delete(id);
  }
}

async function run({ target, method, args }: Call, watcher: Watcher | undefined): Promise<Value> {
  const loaded = await (library ?? Promise.reject(new Error("the Worker was not started")));
  const values = args.map((arg) => (isReference(arg) ? objects.get(arg) : arg.data));
  if (watcher) values.push(watcher);
  const on = (isReference(target) ? objects.get(target) : statics(loaded, target)) as Record<string, (...values: unknown[]) => unknown>;
  const result = await on[method]!(...values);
  if (!loaded.isObject(result)) return { data: result };
  return objects.add(result);
}

/** The functions that are called without an object. */
function statics(loaded: Library, name: string): unknown {
  switch (name) {
    case "Louver":
      return { version: () => loaded.version };
    case "Node":
      return { connect: (base: string, options: Connecting) => connect(loaded, base, options) };
    case "ProofWorker":
      return { create: (keep: boolean) => makeProofWorker(loaded, keep) };
    case "Prover":
      return { create: ({ keep = true }: { keep?: boolean }) => loaded.classes.Prover.create(new Proofs(threads, keep)) };
    case "Wallet":
      return new Wallets(loaded);
    default:
      return loaded.classes[name];
  }
}

function isReference(value: string | Value): value is Reference {
  return typeof value === "object" && "handle" in value;
}

function post(response: Response): void {
  self.postMessage(response);
}

/** Tells the page that nothing works any more; it ends this Worker. */
function fall({ fault, messages }: Thrown): void {
  post({ type: "down", fault, messages });
}
