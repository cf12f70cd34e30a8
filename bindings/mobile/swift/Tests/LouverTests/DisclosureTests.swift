import XCTest

@testable import Louver

/// Grants and packages of an account, and their readers.
final class DisclosureTests: XCTestCase {
    private let everything = Directions(incoming: true, change: true, outgoing: true, spends: true, detection: true)
    private let nothing = Directions(
        incoming: false, change: false, outgoing: false, spends: false, detection: false)

    func testAGrantIsMadeOpenedVerifiedAndAudited() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("alice", "20 LVR")
        let bob = try await chain.wallet("bob")
        let to = try await bob.receive(account: 0, epoch: nil).address
        _ = try await alice.pay(to, chain.coins("7 LVR"), "rent")
        try await chain.blocks(1)
        _ = try await alice.sync(watch: nil)

        let auditor = AuditorKey.generate()
        XCTAssertEqual(try AuditorKey.parse(text: auditor.toText()).recipient(), auditor.recipient())
        // From the first day of the chain until now.
        let span = try chain.node.epochs(period: Period(from: "2026-01-01"))
        let request = GrantRequest(
            auditor: "Auditor", recipient: auditor.recipient(), directions: everything, firstEpoch: span.first,
            lastEpoch: span.last, purpose: "tax return 2026", days: 30)
        let sealed = try await alice.grant(
            account: 0, request: request, keys: alice.keys(), prover: Chain.prover(), watch: nil)

        var damaged = sealed
        damaged[damaged.endIndex - 1] ^= 1
        for (file, key) in [(sealed, AuditorKey.generate()), (damaged, auditor)] {
            let fault = try await thrown(AuditError.self) { try Grant.open(sealed: file, key: key) }
            XCTAssertEqual(fault, .NotForThisKey)
        }
        let grant = try Grant.open(sealed: sealed, key: auditor)
        let account = await alice.accounts()[0].id
        let info = grant.info()
        XCTAssertEqual(
            info,
            GrantInfo(
                account: account, directions: everything, firstEpoch: span.first, lastEpoch: span.last,
                auditor: "Auditor", purpose: "tax return 2026", issued: info.issued, expires: info.expires))
        XCTAssertEqual(info.expires - info.issued, 30 * 86_400)
        try await grant.verify(node: chain.node, expectations: Expectations(account: account, auditor: "Auditor"))
        // A grant of another account than the one that was asked about, or for somebody else, is none to rely on.
        let another = await bob.accounts()[0].id
        for (wrong, fault) in [
            (Expectations(account: another), AuditError.OtherAccount),
            (Expectations(auditor: "Jones"), .OtherName(madeFor: "Auditor", expected: "Jones")),
        ] {
            let found = try await thrown(AuditError.self) {
                try await grant.verify(node: chain.node, expectations: wrong)
            }
            XCTAssertEqual(found, fault)
        }

        let steps = Recorder<StageProgress>()
        let report = try await watched { steps.add($0) } work: { watch in
            try await grant.audit(node: chain.node, expectations: Expectations(), watch: watch)
        }
        XCTAssertEqual(Set(steps.all.map(\.stage)), [.auditing])
        XCTAssertEqual(steps.all.last?.done, steps.all.last?.total)
        XCTAssertEqual(report.account, account)
        XCTAssertTrue(report.heading[0].contains("not asked for by you"), "\(report.heading)")
        let paid = report.findings.compactMap { finding -> [String?]? in
            guard case .paid(let recipient, let amount, let memo, _) = finding.what else { return nil }
            return [recipient, chain.node.formatAmount(amount: amount), memo]
        }
        XCTAssertEqual(paid, [[to, "7.00 LVR", "rent"]])
        let authorised = report.findings.filter {
            if case .authorised = $0.what { return true } else { return false }
        }
        XCTAssertEqual(authorised.map(\.assurance), [.guaranteed, .guaranteed])
        XCTAssertEqual(report.totals.map { $0.paid?.value }, ["7000000"])
        XCTAssertFalse(report.guaranteed.isEmpty)
        XCTAssertFalse(report.unverified.isEmpty)
        let json = try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]
        XCTAssertEqual(json?["account"] as? String, account)
    }

    func testAGrantShowsWhatItIsForAndNothingBeyond() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("narrow", "5 LVR")
        let auditor = AuditorKey.generate()
        func make(_ directions: Directions, _ first: UInt16, _ last: UInt16, for recipient: String? = nil) async throws
            -> Data
        {
            let request = GrantRequest(
                auditor: "Auditor", recipient: recipient ?? auditor.recipient(), directions: directions,
                firstEpoch: first, lastEpoch: last, purpose: "test", days: 1)
            return try await alice.grant(
                account: 0, request: request, keys: alice.keys(), prover: Chain.prover(), watch: nil)
        }
        var fault = try await thrown(DiscloseError.self) { try await make(nothing, 0, 0) }
        XCTAssertEqual(fault, .Nothing)
        fault = try await thrown(DiscloseError.self) { try await make(everything, 2, 1) }
        XCTAssertEqual(fault, .Epochs)
        fault = try await thrown(DiscloseError.self) { try await make(everything, 0, 0, for: "age1nobody") }
        XCTAssertEqual(fault, .Recipient)

        let now = try await chain.node.status().epoch
        let later = try await Grant.open(sealed: make(everything, now + 5, now + 6), key: auditor)
        let empty = try await later.audit(node: chain.node, expectations: Expectations(), watch: nil)
        XCTAssertEqual(empty.findings, [])
        var incoming = nothing
        incoming = Directions(incoming: true, change: false, outgoing: false, spends: false, detection: false)
        let narrow = try await Grant.open(sealed: make(incoming, now, now), key: auditor)
        let report = try await narrow.audit(node: chain.node, expectations: Expectations(), watch: nil)
        guard report.findings.count == 1, case .received = report.findings[0].what else {
            return XCTFail("\(report.findings)")
        }
        XCTAssertFalse(report.unverified.isEmpty)
    }

    func testAPackageShowsOnePaymentToOneReader() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("payer", "9 LVR")
        let bob = try await chain.wallet("payee")
        let to = try await bob.receive(account: 0, epoch: nil).address
        let sent = try await alice.pay(to, chain.coins("4 LVR"), "invoice 17")
        let (keys, prover) = (try await alice.keys(), try await Chain.prover())
        let nonce = String(repeating: "ab", count: 32)
        func request(_ txid: String) -> PackageRequest {
            PackageRequest(
                choice: .transaction(txid: txid, output: nil), detail: .full, auditor: "Example Bank", nonce: nonce,
                purpose: "proof of payment", days: 30)
        }
        func disclose(_ txid: String, _ keys: SpendingKeys) async throws -> Data {
            try await alice.disclose(account: 0, request: request(txid), keys: keys, prover: prover, watch: nil)
        }
        var refused = try await thrown(DiscloseError.self) { try await disclose(sent.txid, keys) }
        XCTAssertEqual(refused, .NotMined)
        try await chain.blocks(1)
        _ = try await alice.sync(watch: nil)
        let file = try await disclose(sent.txid, keys)
        // The same payment by what it is: the reader would see a least amount of it, and nothing else.
        let paid = PackageChoice.payments(filter: PaymentFilter(asset: 1, kind: .paid, atLeast: 4_000_000))
        let least = try chain.coins("3 LVR")
        let seen = try await alice.previewDisclosure(account: 0, choice: paid, detail: .atLeast(amount: least))
        XCTAssertEqual(seen.map(\.txid), [sent.txid])
        XCTAssertEqual(seen.map(\.shows), [.atLeast])
        XCTAssertEqual(seen.map(\.amount), [least])
        XCTAssertNil(seen[0].memo)

        let shown = try Package.read(bytes: file)
        let account = await alice.accounts()[0].id
        XCTAssertEqual([shown.info().account, shown.info().auditor], [account, "Example Bank"])
        let wanted = Expectations(account: account, auditor: "Example Bank", nonce: nonce)
        let report = try await shown.verify(node: chain.node, expectations: wanted)
        XCTAssertEqual(report.payments.map(\.assurance), [.guaranteed])
        XCTAssertEqual(report.payments[0].side, .sent)
        XCTAssertEqual(report.payments[0].amount, try chain.coins("4 LVR"))
        XCTAssertEqual(report.payments[0].recipient, to)
        XCTAssertEqual(report.payments[0].memo, "invoice 17")
        XCTAssertFalse(report.unverified.isEmpty)

        let other = await bob.accounts()[0].id
        for (wrong, fault) in [
            (Expectations(nonce: String(repeating: "cd", count: 32)), PackageError.Nonce),
            (Expectations(auditor: "Other Bank"), .OtherReader(madeFor: "Example Bank", expected: "Other Bank")),
            (Expectations(account: other), .OtherAccount),
            (Expectations(nonce: "xyz"), .Expectation(what: "nonce")),
        ] {
            let found = try await thrown(PackageError.self) {
                try await shown.verify(node: chain.node, expectations: wrong)
            }
            XCTAssertEqual(found, fault)
        }
        let short = try await thrown(PackageError.self) { try Package.read(bytes: file.dropLast()) }
        guard case .NotAPackage = short else { return XCTFail("\(short)") }
        // One byte of the purpose changed: the account signed something else.
        let at = try XCTUnwrap(file.range(of: Data("proof of payment".utf8))).lowerBound
        var forged = file
        forged[at] = UInt8(ascii: "P")
        let signature = try await thrown(PackageError.self) {
            try await Package.read(bytes: forged).verify(node: chain.node, expectations: Expectations())
        }
        XCTAssertEqual(signature, .Signature)

        // By its proof the package is checked without a node; a proof that was altered or cut short shows nothing.
        let proof = try await shown.prove(node: chain.node)
        let offline = try await shown.verifyOffline(proof: proof, trust: chain.trust, expectations: wanted)
        XCTAssertEqual(offline.payments, report.payments)
        XCTAssertTrue(offline.offline)
        XCTAssertEqual(offline.chosen, .genesis)
        XCTAssertEqual(offline.head.hash, chain.node.head().hash)
        let unchosen = try await shown.verifyOffline(proof: proof, trust: Trust(), expectations: Expectations())
        XCTAssertEqual(unchosen.payments.map(\.assurance), [.chainNotChosen])
        let foreign = Trust(genesisHash: String(repeating: "07", count: 32))
        let otherChain = try await thrown(PackageError.self) {
            try await shown.verifyOffline(proof: proof, trust: foreign, expectations: wanted)
        }
        guard case .ProofOfOtherChain = otherChain else { return XCTFail("\(otherChain)") }
        let torn = try await thrown(PackageError.self) {
            try await shown.verifyOffline(proof: proof.dropLast(), trust: chain.trust, expectations: wanted)
        }
        guard case .NotAProof = torn else { return XCTFail("\(torn)") }
        var flipped = proof
        flipped[flipped.count - 400] ^= 1
        _ = try await thrown(PackageError.self) {
            try await shown.verifyOffline(proof: flipped, trust: chain.trust, expectations: wanted)
        }

        // The payee shows the same payment from his side, without its text.
        _ = try await bob.sync(watch: nil)
        let half = PackageRequest(
            choice: .transaction(txid: sent.txid, output: nil), detail: .amount, auditor: "Example Bank",
            purpose: "income", days: 1)
        let bobKeys = try await bob.keys()
        let income = try await Package.read(
            bytes: bob.disclose(account: 0, request: half, keys: bobKeys, prover: prover, watch: nil))
        let shownByBob = try await income.verify(node: chain.node, expectations: Expectations()).payments
        XCTAssertEqual(shownByBob.map(\.side), [.received])
        XCTAssertNil(shownByBob[0].recipient)
        XCTAssertNil(shownByBob[0].memo)
        refused = try await thrown(DiscloseError.self) { try await disclose(sent.txid, bobKeys) }
        XCTAssertEqual(refused, .OtherKeys)
        refused = try await thrown(DiscloseError.self) {
            try await disclose(String(repeating: "00", count: 32), keys)
        }
        XCTAssertEqual(refused, .Unknown)
    }
}
