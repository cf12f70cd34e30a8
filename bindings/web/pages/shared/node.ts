// Where the node is: beside the pages, which lie below one folder of its origin.

/** The node's address, from a page in a folder of its own. */
export const NODE = new URL("../", document.baseURI);
