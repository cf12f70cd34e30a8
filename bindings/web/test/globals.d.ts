// The globals of the pages of the tests.

declare const louver: typeof import("../src/index.js");
declare const help: typeof import("./page.js");
declare const conformance: typeof import("./conformance.js");
