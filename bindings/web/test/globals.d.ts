// What the pages of the tests have in reach.

declare const louver: typeof import("../src/index.js");
declare const help: typeof import("./page.js");
declare const conformance: typeof import("./conformance.js");
