import XCTest

@testable import Louver

/// The vectors of the specification, made by an independent implementation, against this library: hashes, keys, notes.
final class ConformanceTests: XCTestCase {
    func testPoseidon() throws {
        let vectors = try Vector.open("poseidon")
        XCTAssertEqual(poseidonRoundConstants().first, try vectors.texts("first_round_constants"))
        XCTAssertEqual(poseidonMds(), try vectors.lists("mds"))
        for vector in vectors.objects("permutations") {
            XCTAssertEqual(try poseidonPermute(state: vector.texts("input")), try vector.texts("output"))
        }
        let domains = poseidonDomains()
        XCTAssertEqual(domains.count, vectors.objects("hashes").count)
        for vector in vectors.objects("hashes") {
            let domain = try vector.text("domain")
            XCTAssertEqual(domains.first { $0.name == domain }?.constant, try vector.text("constant"))
            let lanes = try poseidonHash(domain: domain, inputs: vector.texts("inputs"))
            XCTAssertEqual(lanes, try vector.texts("lanes_1_to_4"))
        }
        XCTAssertEqual(fault { try poseidonHash(domain: "node", inputs: []) }, "Argument")
        XCTAssertEqual(fault { try poseidonHash(domain: "no domain", inputs: []) }, "Argument")
    }

    func testOrdersOfTheFields() throws {
        let orders = try Vector.open("keys")["orders"]
        let zeros = [String](repeating: String(repeating: "00", count: 32), count: 4)
        XCTAssertEqual(fault { try poseidonPermute(state: zeros + [orders.text("r")]) }, "NonCanonicalField")
        let keys = try ProtocolKeys.of(Vector.open("notes"))
        XCTAssertEqual(fault { try keys.randomizedKey(alpha: orders.text("j")) }, "NonCanonicalField")
    }

    func testTree() throws {
        let vectors = try Vector.open("tree")
        let empty = try vectors.texts("empty_roots")
        XCTAssertEqual(empty[0], try vectors.text("empty_leaf"))
        for (below, above) in zip(empty, empty.dropFirst()) {
            let node = [String](repeating: below, count: 4)
            XCTAssertEqual(try poseidonHash(domain: "node", inputs: node).first, above)
        }
        XCTAssertEqual(try treeRoot(leaves: []), empty.last)
        let leaves = try vectors.texts("leaves")
        for vector in vectors.objects("roots") {
            let some = Array(leaves.prefix(try vector.number("leaves")))
            XCTAssertEqual(try treeRoot(leaves: some), try vector.text("root"))
        }
        for vector in vectors.objects("paths") {
            let position: UInt32 = try vector.number("position")
            let children = try vector.lists("children")
            let siblings = children.enumerated().map { level, all in
                all.enumerated().filter { $0.offset != Int((position >> (2 * level)) & 3) }.map(\.element)
            }
            let path = try treePath(leaf: vector.text("leaf"), position: position, siblings: siblings)
            XCTAssertEqual(path, TreePath(children: children, root: try vector.text("root")))
        }
    }

    func testAccounts() throws {
        let vectors = try Vector.open("keys")
        for vector in vectors.objects("pools") {
            let tag = try poolTag(genesisHash: vector.text("genesis_hash"), poolId: vector.number("pool_id"))
            XCTAssertEqual(tag, try vector.text("pool"))
        }
        for vector in vectors.objects("accounts") {
            let keys = try ProtocolKeys.of(vector)
            let names = ["sk", "ak", "nk", "in_external", "in_internal", "out", "dummy_root"]
            let parts = keys.parts()
            let found = [
                parts.sk, parts.ak, parts.nk, parts.inExternal, parts.inInternal, parts.out, parts.dummyRoot,
            ]
            XCTAssertEqual(found, try names.map(vector.text))
            for id in vector.objects("ids") {
                XCTAssertEqual(try keys.accountId(poolTag: id.text("pool")), try id.text("aid"))
            }
            for epoch in vector.objects("epochs") { try check(keys, epoch) }
            for tree in vector.objects("ggm") {
                for vector in tree.objects("covers") {
                    let cover = try keys.cover(
                        view: tree.view(), poolTag: tree.text("pool"), firstEpoch: vector.number("first"),
                        lastEpoch: vector.number("last"))
                    XCTAssertEqual(cover, try vector.text("bytes"))
                }
            }
        }
    }

    private func check(_ keys: ProtocolKeys, _ vector: Vector) throws {
        let expected = EpochParts(
            tkx: try vector.text("tkx"), nk: try vector.text("nk_e"), sd: try vector.text("sd"),
            tki: try vector.text("tki"),
            externalIvk: try vector["external"].text("ivk"), externalDk: try vector["external"].text("dk"),
            internalIvk: try vector["internal"].text("ivk"), internalDk: try vector["internal"].text("dk"),
            ovk: try vector.text("ovk"))
        XCTAssertEqual(try keys.epoch(poolTag: vector.text("pool"), epoch: vector.number("epoch")), expected)
    }

    func testAddresses() throws {
        let vectors = try Vector.open("addresses")
        let keys = try ProtocolKeys.of(vectors)
        for vector in vectors.objects("addresses") {
            let (pool, view, diversifier) = (try vector.text("pool"), try vector.view(), try vector.text("d"))
            let epoch: UInt16 = try vector.number("epoch")
            let expected = ProtocolAddress(
                poolTag: pool, epoch: epoch, diversifier: diversifier, base: try vector.text("g_d"),
                pkD: try vector.text("pk_d"), tau: try vector.text("tau"), bytes: try vector.text("bytes"),
                text: try vector.text("string"))
            if let index = small(try vector.text("index")) {
                XCTAssertEqual(try keys.address(poolTag: pool, epoch: epoch, view: view, index: index), expected)
            }
            let found = try keys.addressOf(poolTag: pool, epoch: epoch, view: view, diversifier: diversifier)
            XCTAssertEqual(found, expected)
            XCTAssertEqual(try readProtocolAddress(text: expected.text), expected)
        }
        for vector in vectors.objects("group_hashes") {
            XCTAssertEqual(try diversifierBase(diversifier: vector.text("d")), try vector.text("g_d"))
        }
        for vector in vectors.objects("strings") {
            let read = try readProtocolText(text: vector.text("string"))
            let form = try vector.text("form")
            XCTAssertEqual(read.payload, try vector.text("payload"), form)
        }
        for vector in vectors.objects("refused") {
            let found = fault { try readProtocolAddress(text: vector.text("string")) }
            let name = try vector.text("name")
            XCTAssertEqual(found, try vector.text("fault"), name)
        }
        for vector in vectors.objects("elements") {
            let found = fault { try checkElement(bytes: vector.text("bytes")) }
            let name = try vector.text("name")
            XCTAssertEqual(found, try vector.text("fault"), name)
        }
        for vector in vectors.objects("points") {
            let found = fault { try checkSubgroupPoint(bytes: vector.text("bytes")) }
            let name = try vector.text("name")
            XCTAssertEqual(found, try vector.text("fault"), name)
        }
    }

    func testNotes() throws {
        let vectors = try Vector.open("notes")
        let keys = try ProtocolKeys.of(vectors)
        for vector in vectors.objects("m") {
            let m = try packNote(
                index: vector.number("index"), epoch: vector.number("epoch"), assetId: vector.number("asset"),
                value: vector.number("value"))
            // This version only writes class 0; byte 15 holds the class.
            let kind: UInt8 = try vector.number("class")
            let digits = String(format: "%02x", kind)
            XCTAssertEqual(String(m.prefix(30)) + digits + String(m.dropFirst(32)), try vector.text("m"))
        }
        for vector in vectors.objects("notes") {
            XCTAssertEqual(try deriveNote(note: .of(vector)), try .of(vector))
            let (pool, epoch): (String, UInt16) = (try vector.text("pool"), try vector.number("epoch"))
            XCTAssertEqual(try keys.epoch(poolTag: pool, epoch: epoch).nk, try vector.text("nk_e"))
            let nullifier = try noteNullifier(nullifierKey: vector.text("nk_e"), commitment: vector.text("cm"))
            XCTAssertEqual(nullifier, try vector.text("nf"))
            let own = try keys.addressOf(
                poolTag: pool, epoch: epoch, view: vector.view(), diversifier: vector.text("d"))
            XCTAssertEqual([own.pkD, own.tau], [try vector.text("pk_d"), try vector.text("tau")])
        }
        for vector in vectors.objects("spend_tags") {
            let tag = try spendTag(detectionKey: vector.text("sd"), firstNullifier: vector.text("nf_0"))
            XCTAssertEqual(tag, try vector.text("st"))
        }
    }

    func testDummies() throws {
        let vectors = try Vector.open("notes")
        let keys = try ProtocolKeys.of(vectors)
        let all = vectors["dummies"]
        let (pool, alpha, first) = (try all.text("pool"), try all.text("alpha"), try all.text("first_nullifier"))
        let (epoch, asset): (UInt16, UInt64) = (try all.number("epoch"), try all.number("main_asset"))
        XCTAssertEqual(keys.parts().dummyRoot, try all.text("dummy_root"))
        XCTAssertEqual(try keys.randomizedKey(alpha: alpha), try all.text("rk"))
        var kinds = Set<UInt8>()
        for vector in all.objects("cases") {
            let (kind, slot): (UInt8, UInt8) = (try vector.number("kind"), try vector.number("slot"))
            kinds.insert(min(kind, 1))
            if kind == 0 {
                let expected = DummyInput(
                    pkDHash: try vector.text("pk_d_hash"), tau: try vector.text("tau"), rho: try vector.text("rho"),
                    rcm: try vector.text("rcm"), cm: try vector.text("cm"), nf: try vector.text("nf"))
                let found = try keys.dummyInput(
                    poolTag: pool, epoch: epoch, mainAsset: asset, alpha: alpha, slot: slot)
                XCTAssertEqual(found, expected)
            } else {
                XCTAssertEqual(try vector.text("rho"), first)
                let expected = DummyOutput(
                    tau: try vector.text("tau"), rcm: try vector.text("rcm"), epk: try vector.text("epk"),
                    cm: try vector.text("cm"))
                let found = try keys.dummyOutput(
                    epoch: epoch, mainAsset: asset, alpha: alpha, firstNullifier: first, slot: slot)
                XCTAssertEqual(found, expected)
            }
        }
        XCTAssertEqual(kinds, [0, 1])
    }
}

extension ProtocolKeys {
    static func of(_ vector: Vector) throws -> ProtocolKeys {
        try derive(phrase: RecoveryPhrase.parse(words: vector.text("phrase")), account: vector.number("account"))
    }
}

extension ProtocolNote {
    static func of(_ vector: Vector) throws -> ProtocolNote {
        ProtocolNote(
            poolTag: try vector.text("pool"), epoch: try vector.number("epoch"), index: try vector.number("index"),
            diversifier: try vector.text("d"), pkD: try vector.text("pk_d"), tau: try vector.text("tau"),
            asset: try vector.number("asset"), value: try vector.number("value"), rho: try vector.text("rho"),
            rseed: try vector.text("rseed"))
    }
}

extension ProtocolNoteSecrets {
    static func of(_ vector: Vector) throws -> ProtocolNoteSecrets {
        ProtocolNoteSecrets(
            m: try vector.text("m"), rcm: try vector.text("rcm"), esk: try vector.text("esk"),
            epk: try vector.text("epk"), cm: try vector.text("cm"))
    }
}
