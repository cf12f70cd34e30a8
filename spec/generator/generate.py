"""Writes the test vectors of Louver's protocol, from the text of the book alone.

    python3 spec/generator/generate.py            writes spec/vectors/*.json
    python3 spec/generator/generate.py --check    compares them with what is there, and fails if one differs
"""

import json
import pathlib
import sys

import selfcheck
from cases_chain import chain_cases
from cases_committee import committee_cases
from cases_disclosure import challenges_cases, grants_cases, packages_cases
from cases_genesis import commitments_cases, genesis_cases
from cases_journal import journal_cases
from cases_keys import addresses_cases, keys_cases, poseidon_cases
from cases_notes import encryption_cases, notes_cases, tree_cases
from cases_offline import offline_cases
from cases_proofs import proofs_cases
from cases_reserves import reserves_cases
from cases_snapshots import snapshots_cases
from cases_statement import statement_cases
from cases_transaction import codec_cases, sighash_cases
from cases_travel import travel_rule_cases

FILES = {
    "poseidon": poseidon_cases,
    "keys": keys_cases,
    "addresses": addresses_cases,
    "notes": notes_cases,
    "encryption": encryption_cases,
    "tree": tree_cases,
    "snapshots": snapshots_cases,
    "statement": statement_cases,
    "codec": codec_cases,
    "sighash": sighash_cases,
    "genesis": genesis_cases,
    "commitments": commitments_cases,
    "chain": chain_cases,
    "grants": grants_cases,
    "packages": packages_cases,
    "offline-proofs": offline_cases,
    "challenges": challenges_cases,
    "committee": committee_cases,
    "proofs": proofs_cases,
    "journal": journal_cases,
    "travel-rule": travel_rule_cases,
    "reserves": reserves_cases,
}


def main(arguments):
    if arguments not in ([], ["--check"]):
        raise SystemExit(__doc__)
    selfcheck.run()
    folder = pathlib.Path(__file__).resolve().parent.parent / "vectors"
    folder.mkdir(exist_ok=True)
    differing = []
    for name, cases in FILES.items():
        text = json.dumps(cases(), indent=1, ensure_ascii=True) + "\n"
        path = folder / f"{name}.json"
        if not arguments:
            path.write_text(text, encoding="ascii")
        elif not path.exists() or path.read_text(encoding="ascii") != text:
            differing.append(path.name)
    if differing:
        raise SystemExit("vectors differ: " + ", ".join(differing))


if __name__ == "__main__":
    main(sys.argv[1:])
