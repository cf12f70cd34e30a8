"""[state-root] and [state-opening]: the sections of a state, its root, and openings of its records."""

import genesis as terms
from commitment import List, Map, digest
from genesis import counted, optional
from primitives import b32, le

STATE = List("LouverStateNode", "LouverStateRoot")
ASSETS = List("LouverAssetNode", "LouverAssetRoot")
AUDITORS = List("LouverAuditNode", "LouverAuditRoot")
SNAPSHOTS = List("LouverSnapNode", "LouverSnapRoot")
LABELS = ("assets", "supply", "rules", "authorities", "guardians", "auditors", "accounts", "snapshots", "announcements",
          "nullifiers")


def _map(name):
    return Map(*(f"Louver{name}{part}" for part in ("Key", "Val", "Leaf", "Node", "Root")))


SUPPLY, ACCOUNTS, ANNOUNCEMENTS = map(_map, ("Supply", "Acct", "Ann"))


class State:
    """What a state holds, beginning with a genesis. Amounts of 0 are not entered."""

    def __init__(self, genesis):
        self.assets = {asset["id"]: asset for asset in genesis["assets"]}
        self.issued, self.in_pool, self.balances, self.operations = {}, {}, {}, {}
        self.rules = [(rules, None) for rules in genesis["rules"]]
        self.finality, self.guardians = dict(genesis["finality"]), dict(genesis["guardians"])
        self.auditors, self.nullifiers, self.snapshots = [], [], []
        self.announced, self.changes = {}, {"authorities": 0, "guardians": 0}
        for held in genesis["balances"]:
            self.credit(bytes.fromhex(held["account"]), held["asset"], held["amount"])
            self.issued[held["asset"]] = self.issued.get(held["asset"], 0) + held["amount"]

    def credit(self, account, asset, amount):
        """A debit has a negative amount."""
        balance = self.balances.pop((account, asset), 0) + amount
        assert balance >= 0
        if balance:
            self.balances[account, asset] = balance

    def _assets(self):
        return [b32("LouverAssetLeaf", terms.descriptor(asset)) for asset in self.assets.values()]

    def _supply(self):
        amounts = {asset: (self.issued.get(asset, 0), self.in_pool.get(asset, 0)) for asset in self.assets}
        return {le(asset, 7): le(issued, 8) + le(inside, 8) for asset, (issued, inside) in amounts.items() if issued or inside}

    def _accounts(self):
        balances = {account + le(asset, 7): le(amount, 8) for (account, asset), amount in self.balances.items()}
        return balances | {account: le(count, 8) for account, count in self.operations.items()}

    def rules_bytes(self):
        return counted(terms.rules_version(rules) + optional(off) for rules, off in self.rules)

    def _auditor_keys(self):
        return [le(auditor["number"], 4) + auditor["key"] + auditor["transcript"]
                + bytes([auditor["threshold"], auditor["members"]]) + le(auditor["from"], 4)
                + optional(auditor["until"]) for auditor in self.auditors]

    def _auditors(self):
        return [b32("LouverAuditLeaf", key) for key in self._auditor_keys()]

    def _authorities(self):
        return le(self.changes["authorities"], 4) + terms.finality(self.finality)

    def _guardians(self):
        return le(self.changes["guardians"], 4) + terms.guardians(self.guardians)

    def _snapshots(self):
        return [b32("LouverSnapLeaf", entry) for entry in self.snapshots]

    def announce(self, kind, sender, subject, hashed, height):
        """[announcement]"""
        topic = le(kind, 1) + sender + subject
        count, head = self.announced.get(topic, (0, bytes(32)))
        chained = head + topic + le(count + 1, 8) + le(height, 4) + hashed
        self.announced[topic] = count + 1, b32("LouverAnnounce", chained)

    def _announcements(self):
        return {topic: le(count, 8) + head for topic, (count, head) in self.announced.items()}

    def sections(self):
        """(label, value) of each, in order."""
        values = (
            ASSETS.root(self._assets()), SUPPLY.root(self._supply()), b32("LouverRulesState", self.rules_bytes()),
            b32("LouverAuthorStat", self._authorities()), b32("LouverGuardStat", self._guardians()),
            AUDITORS.root(self._auditors()), ACCOUNTS.root(self._accounts()), SNAPSHOTS.root(self._snapshots()),
            ANNOUNCEMENTS.root(self._announcements()), digest(self.nullifiers),
        )
        return list(zip(LABELS, values))

    def _leaves(self):
        return [b32("LouverStateLeaf", le(len(label), 1) + label.encode("ascii") + value) for label, value in self.sections()]

    def root(self):
        return STATE.root(self._leaves())

    def _opening(self, label, fact, way=b""):
        return fact + way + STATE.path(self._leaves(), LABELS.index(label))

    def open_asset(self, asset):
        leaves = self._assets()
        way = ASSETS.root(leaves) + ASSETS.path(leaves, list(self.assets).index(asset))
        return self._opening("assets", b"\1" + terms.descriptor(self.assets[asset]), way)

    def _in_map(self, label, of, entries, key, fact):
        return self._opening(label, fact, of.root(entries) + of.proof(entries, key))

    def open_supply(self, asset):
        entries = self._supply()
        fact = b"\2" + le(asset, 7) + entries.get(le(asset, 7), bytes(16))
        return self._in_map("supply", SUPPLY, entries, le(asset, 7), fact)

    def open_balance(self, account, asset):
        fact = b"\3" + account + le(asset, 7) + le(self.balances.get((account, asset), 0), 8)
        return self._in_map("accounts", ACCOUNTS, self._accounts(), account + le(asset, 7), fact)

    def open_operations(self, account):
        fact = b"\4" + account + le(self.operations.get(account, 0), 8)
        return self._in_map("accounts", ACCOUNTS, self._accounts(), account, fact)

    def open_rules(self):
        return self._opening("rules", b"\5" + self.rules_bytes())

    def open_authorities(self):
        return self._opening("authorities", b"\6" + self._authorities())

    def open_guardians(self):
        return self._opening("guardians", b"\7" + self._guardians())

    def open_auditors(self):
        return self._opening("auditors", b"\x08" + counted(self._auditor_keys()))

    def open_snapshot(self, place):
        leaves = self._snapshots()
        way = SNAPSHOTS.root(leaves) + SNAPSHOTS.path(leaves, place)
        return self._opening("snapshots", b"\x09" + le(place, 4) + self.snapshots[place], way)

    def open_announcements(self, kind, sender, subject):
        topic, entries = le(kind, 1) + sender + subject, self._announcements()
        fact = b"\x0a" + topic + entries.get(topic, bytes(40))
        return self._in_map("announcements", ANNOUNCEMENTS, entries, topic, fact)
