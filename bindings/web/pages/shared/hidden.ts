// The facts that a grant leaves hidden. The directions affect each other, as a reader combines what each of them shows
// (`[grant-reading]`): so this looks at all of them at once.

import type { Directions } from "louver";

/** A fact that a reader would want to know about an account. */
export type Matter = "received" | "change" | "paid" | "spends" | "transactions";

/** Something that stays hidden. */
export interface Hidden {
  readonly matter: Matter;
  readonly text: string;
}

/** The facts that stay hidden within the epochs of a grant. */
export function hidden(directions: Directions): Hidden[] {
  const all: readonly (readonly [Matter, string | undefined])[] = [
    ["received", received(directions)],
    ["change", change(directions)],
    ["paid", paid(directions)],
    ["spends", spends(directions)],
    ["transactions", transactions(directions)],
  ];
  return all.flatMap(([matter, text]) => (text === undefined ? [] : [{ matter, text }]));
}

/**
 * Spends tell which outputs were the account's, by and by. Where its outgoing record tells what became of a sum as well,
 * so much was in them.
 */
function received({ incoming, outgoing, spends }: Directions): string | undefined {
  if (incoming) return undefined;
  if (!spends) return "what others paid to the account";
  if (!outgoing) return "how much each payment to the account brought, and its memo; and the payments to it that are not spent yet";
  return "the memos of payments to the account; and the payments to it that are not spent yet";
}

/** Change is in the outgoing record too, where it looks like a payment. */
function change({ change, outgoing, incoming, spends }: Directions): string | undefined {
  if (change) return undefined;
  if (outgoing) return "which of the payments shown are the account’s own change: change shows as a payment without a memo";
  if (!spends) return "what returned to the account as change";
  return incoming
    ? "how much of what the account spent returned to it as change"
    : "how much returned to the account as change";
}

/** The payments are the spent notes, less the change and the public fee. */
function paid({ change, outgoing, incoming, spends }: Directions): string | undefined {
  if (outgoing) return undefined;
  if (spends && change) {
    const where = incoming ? "" : ", where change alone was spent";
    return `whom the account paid in the pool, and what it wrote to them: how much in all can be worked out from what was spent and what returned${where}`;
  }
  if (incoming && change) return "whom the account paid in the pool, how much, as far as other amounts do not give it away, and what it wrote to them";
  if (spends && incoming) return "whom the account paid in the pool, how much of what it spent, and what it wrote to them";
  return "whom the account paid in the pool, how much, and what it wrote to them";
}

/** Whatever shows the account's transactions shows when it spent. */
function spends({ spends, change, outgoing, incoming, detection }: Directions): string | undefined {
  if (spends) return undefined;
  if (!change && !outgoing && !detection) return "when the account’s money was spent";
  return incoming || change || outgoing
    ? "which of the account’s money each transaction spends, as far as amounts do not give it away"
    : "which of the account’s money each transaction spends";
}

/** Change, the outgoing record and spends each mark transactions as the account's own. */
function transactions({ change, outgoing, spends, detection }: Directions): string | undefined {
  if (detection) return undefined;
  const unmarked = [
    change && "return no change",
    outgoing && "have nothing in the wallet’s own record",
    spends && "spend nothing of this time",
  ].filter((mark) => mark !== false);
  if (!unmarked.length) return "which transactions the account made";
  return `such transactions of the account as ${unmarked.join(" and ")}: the others show, with their fees and what they move in public`;
}
