// Starts the threads that help with proofs, and is what each of them runs.
//
// It stands in for the file of this kind that `wasm-bindgen-rayon` brings, which does without neither a bundler nor, in
// another form, a content policy that lets scripts be made of blobs.

/** The threads to be started, as `wasm-bindgen-rayon` hands them over. */
interface Builder {
  numThreads(): number;
  receiver(): number;
  build(): void;
}

interface Start {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly receiver: number;
}

const NAME = "louver-thread";

/** How long a thread may take to start, in milliseconds: its file is small, and the library is compiled already. */
const PATIENCE = 10_000;

if (self.name === NAME) {
  self.onmessage = async ({ data: { module, memory, receiver } }: MessageEvent<Start>) => {
    // @ts-ignore: `cargo xtask web` makes it.
    const library = await import("../../../louver_web.js");
    await library.default({ module_or_path: module, memory });
    self.postMessage("ready");
    library.wbg_rayon_start_worker(receiver);
  };
}

/** The threads, which live as long as this Worker. */
let threads: Worker[] = [];

/** Starts threads on the memory of the library. */
export async function startWorkers(module: WebAssembly.Module, memory: WebAssembly.Memory, builder: Builder): Promise<void> {
  const start: Start = { module, memory, receiver: builder.receiver() };
  threads = Array.from({ length: builder.numThreads() }, () =>
    new Worker(new URL("./workerHelpers.js", import.meta.url), { type: "module", name: NAME }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a thread did not start within ${PATIENCE / 1000} seconds`)), PATIENCE);
  });
  try {
    await Promise.race([late, Promise.all(threads.map((thread) => begin(thread, start)))]);
  } catch (error) {
    for (const thread of threads) thread.terminate();
    threads = [];
    throw error;
  } finally {
    clearTimeout(timer);
  }
  builder.build();
}

/** Resolves when a thread is ready. */
function begin(thread: Worker, start: Start): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.onmessage = () => resolve();
    thread.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`a thread did not start: ${event.message || "its file is not there"}`));
    };
    thread.postMessage(start);
  });
}
