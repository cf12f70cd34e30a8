import XCTest

@testable import Louver

/// The vectors of the specification, made by an independent implementation, against this library: ciphertexts,
/// transactions, the statement.
final class TransactionConformanceTests: XCTestCase {
    private func wire(_ output: Vector, _ parts: [String] = ["cm", "epk", "compact", "rest", "out"]) throws -> String {
        try parts.map(output.text).joined()
    }

    private func compact(_ output: Vector) throws -> String {
        try wire(output, ["cm", "epk", "compact"])
    }

    private func key(_ vector: Vector) throws -> ProtocolIncomingKey {
        ProtocolIncomingKey(ivk: try vector.text("ivk"), dk: try vector.text("dk"), tk: try vector.text("tk"))
    }

    private func scope(_ vector: Vector, _ bucket: UInt8) throws -> OutputScope {
        OutputScope(
            poolTag: try vector.text("pool"), epoch: try vector.number("epoch"), rho: try vector.text("rho"),
            index: try vector.number("index"), memoBucket: bucket)
    }

    func testEncryptionInBothDirections() throws {
        for vector in try Vector.open("encryption").objects("outputs") {
            let parts = vector["note"]
            let (note, memo, key) = (try ProtocolNote.of(parts), try vector.text("memo"), try key(vector))
            let bucket: UInt8 = try vector.number("memo_bucket")
            XCTAssertEqual(try deriveNote(note: note), try .of(parts))
            let (scope, output) = (try scope(parts, bucket), vector["output"])
            let bytes = try wire(output)
            let opened = OpenedOutput(note: note, memo: memo)
            let seal = vector.optional("ovk")
            let ours = try encryptOutput(note: note, memo: memo, memoBucket: bucket, outgoingKey: seal)
            if let seal {
                XCTAssertEqual(ours, bytes)
                XCTAssertEqual(try recoverOutput(outgoingKey: seal, scope: scope, output: bytes), opened)
            } else {
                let own = try output.text("out").count
                XCTAssertEqual(ours.dropLast(own), bytes.dropLast(own))
                XCTAssertNotEqual(ours.suffix(own), bytes.suffix(own))
            }
            XCTAssertEqual(try decryptOutput(key: key, scope: scope, output: bytes), opened)
            XCTAssertEqual(try decryptCompactOutput(key: key, scope: scope, compact: compact(output)), note)
        }
    }

    func testRefusedCiphertexts() throws {
        let vector = try Vector.open("encryption")["refused"]
        let (key, ovk, scope) = (try key(vector), try vector.text("ovk"), try scope(vector, vector.number("memo_bucket")))
        for entry in vector.objects("cases") {
            let (name, output) = (try entry.text("name"), try wire(entry["output"]))
            XCTAssertNil(try decryptOutput(key: key, scope: scope, output: output), name)
            if name != "paid to another account" {
                XCTAssertNil(try recoverOutput(outgoingKey: ovk, scope: scope, output: output), name)
            }
            let found = try decryptCompactOutput(key: key, scope: scope, compact: compact(entry["output"]))
            XCTAssertEqual(found == nil, entry["compact"].value as? Bool, name)
        }
    }

    func testTransactionsOfEveryShape() throws {
        let vectors = try Vector.open("codec")
        for vector in vectors.objects("valid") {
            let (name, bytes, context) =
                (try vector.text("name"), try vector.text("transaction"), try vector.text("context"))
            let read = try readTransaction(transaction: bytes)
            XCTAssertEqual([read.bytes, read.effects], [bytes, try vector.text("effects")], name)
            let hashes = try transactionHashes(transaction: bytes, context: context)
            let expected = TransactionHashes(
                txid: try vector.text("txid"), wtxid: try vector.text("wtxid"), sighash: try vector.text("sighash"))
            XCTAssertEqual(hashes, expected)
            XCTAssertEqual(try effectsSighash(effects: read.effects, context: context), hashes.sighash)
            let signed = try verifySpendSignature(rk: read.rk, message: hashes.sighash, signature: read.signature)
            XCTAssertTrue(signed, name)
            XCTAssertEqual(read.shape, try vector.text("shape"))
            XCTAssertEqual(read.expiryHeight, try vector.number("expiry_height"))
            XCTAssertEqual(read.epoch, try vector.number("epoch"))
            XCTAssertEqual(read.memoBucket, try vector.number("memo_bucket"))
            let fee = Amount(asset: try vector.number("fee_asset"), value: try vector.number("fee"))
            XCTAssertEqual(read.fee, fee)
            try check(vector["public_side"], read)
            let inputs = try transactionPublicInputs(transaction: bytes, poolTag: vectors.text("pool"))
            XCTAssertEqual(inputs.map { [$0.name, $0.value] }, try vector.lists("public_inputs"), name)
        }
        for vector in vectors.objects("malformed") {
            let found = fault { try readTransaction(transaction: vector.text("bytes")) }
            let name = try vector.text("name")
            XCTAssertEqual(found, try vector.text("fault"), name)
        }
    }

    private func check(_ vector: Vector, _ read: TransactionFields) throws {
        let moved: Amount
        switch (try vector.text("kind"), read.side) {
        case ("internal", .internal): return
        case ("deposit", .deposit(let amount, _)): moved = amount
        case ("withdrawal", .withdrawal(let amount, _)): moved = amount
        default: return XCTFail("\(read.side)")
        }
        XCTAssertEqual(moved, Amount(asset: try vector.number("asset"), value: try vector.number("amount")))
        XCTAssertEqual(read.party, try vector.text("party"))
    }

    func testSignatureHashes() throws {
        let vectors = try Vector.open("sighash")
        for vector in vectors.objects("descriptors") {
            XCTAssertEqual(try assetDescriptorHash(descriptor: vector.text("bytes")), try vector.text("hash"))
        }
        let keys = try ProtocolKeys.of(Vector.open("notes"))
        for vector in vectors.objects("hashes") {
            let name = try vector.text("name")
            let context = try transactionContext(
                genesisHash: vector.text("genesis_hash"), publicDescriptor: vector.optional("public_descriptor"),
                feeDescriptor: vector.optional("fee_descriptor"))
            XCTAssertEqual(context, try vector.text("context"), name)
            let sighash = try effectsSighash(effects: vector.text("effects"), context: context)
            XCTAssertEqual(sighash, try vector.text("sighash"), name)
            XCTAssertEqual(try hostMessage(sighash: sighash), try vector.text("host_message"))
            let rk = try keys.randomizedKey(alpha: vector.text("alpha"))
            XCTAssertEqual(rk, try vector.text("rk"))
            XCTAssertTrue(try verifySpendSignature(rk: rk, message: sighash, signature: vector.text("signature")), name)
        }
        for vector in vectors.objects("signatures") {
            let valid = try verifySpendSignature(
                rk: vector.text("rk"), message: vector.text("message"), signature: vector.text("signature"))
            let name = try vector.text("name")
            XCTAssertEqual(valid, vector["valid"].value as? Bool, name)
        }
    }

    func testWitnessesByTheBookHoldAndNoOther() throws {
        let vectors = try Vector.open("statement")
        for vector in vectors.objects("cases") {
            let moved = vector["public_value"]
            let deposit = moved["in"].value != nil
            let publicInputs = StatementPublic(
                shape: try vector.text("shape"), poolTag: try vectors.text("pool"),
                epoch: try vectors.number("epoch"), deposit: deposit,
                publicValue: try moved.number(deposit ? "in" : "out"),
                scalars: try vector.lists("public_inputs").map { $0[1] })
            let (own, other) =
                (try vector["witness"].text("exchange"), "07" + String(repeating: "00", count: 31))
            XCTAssertNoThrow(
                try checkStatement(public: publicInputs, witness: witness(vector["witness"], exchange: own)))
            let found = fault {
                try checkStatement(public: publicInputs, witness: witness(vector["witness"], exchange: other))
            }
            let name = try vector.text("name")
            XCTAssertEqual(found, "Untrue", name)
        }
    }

    private func witness(_ vector: Vector, exchange: String) throws -> StatementWitness {
        let inputs = try vector.objects("inputs").map { input in
            StatementInput(
                index: try input.text("index"), epoch: try input.text("epoch"),
                isFeeAsset: try input.text("is_fee_asset"), value: try input.text("value"),
                isInternal: try input.text("is_internal"),
                pkDHash: try input.text("pk_d_hash"), rho: try input.text("rho"), rcm: try input.text("rcm"),
                path: try input.lists("path"))
        }
        let outputs = try vector.objects("outputs").map { output in
            StatementOutput(
                tau: try output.text("tau"), rcm: try output.text("rcm"),
                isFeeAsset: try output.text("is_fee_asset"), value: try output.text("value"))
        }
        return StatementWitness(
            akU: try vector.text("ak_u"), akV: try vector.text("ak_v"), alpha: try vector.text("alpha"),
            nk: try vector.text("nk"), main: try vector.text("main"), exchange: exchange, inputs: inputs,
            outputs: outputs)
    }
}
