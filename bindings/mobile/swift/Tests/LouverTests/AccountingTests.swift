import XCTest

@testable import Louver

/// Books, statements of account, challenges with their receipts, and the travel rule.
final class AccountingTests: XCTestCase {
    private let everything = Directions(incoming: true, change: true, outgoing: true, spends: true, detection: true)

    func testAReaderAsksIsAnsweredAndHasAStatementAndAReceipt() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("asked", "9 LVR")
        let bob = try await chain.wallet("paid")
        let sent = try await alice.pay(bob.receive(account: 0, epoch: nil).address, chain.coins("4 LVR"), "rent")
        try await chain.blocks(1)
        _ = try await alice.sync(watch: nil)
        let (keys, prover) = (try await alice.keys(), try await Chain.prover())
        let auditor = AuditorKey.generate()
        let span = try chain.node.epochs(period: Period(from: "2026-01-01"))
        let asked = try await auditor.challenge(
            node: chain.node, auditor: "Smith",
            demand: .grant(directions: everything, firstEpoch: span.first, lastEpoch: span.last))
        let told = try await chain.node.readChallenge(file: asked)
        XCTAssertEqual(told.auditor, "Smith")
        XCTAssertEqual(
            told.demand, .grant(directions: everything, firstEpoch: span.first, lastEpoch: span.last))
        let request = GrantRequest(
            auditor: "", recipient: "", directions: everything, firstEpoch: span.first, lastEpoch: span.last,
            purpose: "tax", days: 30, challenge: asked)
        let sealed = try await alice.grant(account: 0, request: request, keys: keys, prover: prover, watch: nil)
        let report = try await Grant.open(sealed: sealed, key: auditor).audit(
            node: chain.node, expectations: Expectations(challenge: asked), watch: nil)
        XCTAssertTrue(report.heading[0].contains("as you demanded"), "\(report.heading)")

        let source = ReportSource(name: "alice.json", json: report.json, origin: .scanned)
        let statement = try StatementOfAccount.of(reports: [source], prices: nil, labels: nil)
        XCTAssertTrue(statement.csv(form: .louver).contains(sent.txid))
        XCTAssertTrue(statement.csv(form: .koinly).hasPrefix("Date,Sent Amount"))
        XCTAssertTrue(statement.html().contains(sent.txid))
        let wrong = try await thrown(StatementOfAccountError.self) {
            try StatementOfAccount.of(
                reports: [source], prices: CsvFile(name: "prices.csv", text: "day,price\n"), labels: nil)
        }
        guard case .Prices = wrong else { return XCTFail("\(wrong)") }

        let payments = try await auditor.challenge(
            node: chain.node, auditor: "Smith",
            demand: .payments(firstEpoch: nil, lastEpoch: nil, side: .sent, asset: 1, atLeast: 4_000_000))
        let shown = PackageRequest(
            choice: .transaction(txid: sent.txid, output: nil), detail: .full, auditor: "", purpose: "rent", days: 7, challenge: payments)
        let disclosed = try await Package.open(
            bytes: alice.disclose(account: 0, request: shown, keys: keys, prover: prover, watch: nil), key: auditor)
        let early = try await thrown(ReceiptError.self) { try disclosed.receipt(key: auditor) }
        XCTAssertEqual(early, .NothingVerified)
        _ = try await disclosed.verify(node: chain.node, expectations: Expectations(challenge: payments))
        let receipt = try Receipt.read(bytes: disclosed.receipt(key: auditor))
        try receipt.verify(challenge: payments)
        try receipt.verifyAbout(package: disclosed)
        XCTAssertEqual(receipt.info().conclusion, .guaranteed)
        let other = try Receipt.read(bytes: disclosed.receipt(key: AuditorKey.generate()))
        let forged = try await thrown(ReceiptError.self) { try other.verify(challenge: payments) }
        guard case .NotShown = forged else { return XCTFail("\(forged)") }
    }

    func testABookIsMadeAndChecked() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("bookkeeper", "5 LVR")
        let auditor = AuditorKey.generate()
        let span = try chain.node.epochs(period: Period(from: "2026-01-01"))
        let request = BookRequest(
            auditor: "Smith", recipient: auditor.recipient(), firstEpoch: span.first, lastEpoch: span.last,
            showRecipients: false, purpose: "books", days: 30)
        let made = try await alice.book(
            account: 0, request: request, keys: alice.keys(), prover: Chain.prover(), watch: nil)
        XCTAssertEqual([made.transactions, made.receipts, UInt32(made.leftOut.count)], [1, 0, 0])
        let stranger = try await thrown(BookError.self) { try Book.open(sealed: made.file, key: .generate()) }
        XCTAssertEqual(stranger, .NotForThisKey)
        let (book, next) = (
            try Book.open(sealed: made.file, key: auditor), try Book.open(sealed: made.file, key: auditor)
        )
        let early = try await thrown(BookError.self) {
            try await next.verifyAfter(before: book, node: chain.node, expectations: Expectations(), watch: nil)
        }
        XCTAssertEqual(early, .BeforeNotVerified)
        let wanted = Expectations(account: book.info().account)
        let report = try await book.verify(node: chain.node, expectations: wanted, watch: nil)
        XCTAssertEqual(report.accounts.map { $0.closing?.value }, ["5000000"])
        // The month is not over yet, so more may come.
        XCTAssertEqual(Set(report.findings.map(\.mark)), [.unverified])
        XCTAssertEqual(report.lines.map(\.title), ["deposited"])
    }

    func testABookAndASentenceAnswerWhatIsAsked() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("answering", "5 LVR")
        let (keys, prover) = (try await alice.keys(), try await Chain.prover())
        let auditor = AuditorKey.generate()
        let span = try chain.node.epochs(period: Period(from: "2026-01-01"))
        let wanted = try await auditor.challenge(
            node: chain.node, auditor: "Smith", demand: .book(firstEpoch: span.first, lastEpoch: span.last))
        let request = BookRequest(
            auditor: "", recipient: "", firstEpoch: span.first, lastEpoch: span.last, showRecipients: false,
            purpose: "books", days: 30, challenge: wanted)
        let made = try await alice.book(account: 0, request: request, keys: keys, prover: prover, watch: nil)
        let report = try await Book.open(sealed: made.file, key: auditor).verify(
            node: chain.node, expectations: Expectations(challenge: wanted), watch: nil)
        XCTAssertTrue(report.heading[0].contains("as you demanded"), "\(report.heading)")

        let address = try await alice.receive(account: 0, epoch: nil).address
        let asked = try await auditor.challenge(
            node: chain.node, auditor: "Smith", demand: .address(address: address))
        let answer = StatementRequest(
            claim: .address(address: address), auditor: "", purpose: "a payout", days: 7, challenge: asked)
        let file = try await alice.proveStatement(
            account: 0, request: answer, keys: keys, prover: prover, watch: nil)
        let statement = try Statement.open(bytes: file, key: auditor)
        let early = try await thrown(ReceiptError.self) { try statement.receipt(key: auditor) }
        XCTAssertEqual(early, .NothingVerified)
        let verdict = try await statement.verify(node: chain.node, expectations: Expectations(challenge: asked))
        XCTAssertTrue(verdict.says.contains(address))
        let receipt = try Receipt.read(bytes: statement.receipt(key: auditor))
        try receipt.verify(challenge: asked)
        try receipt.verifyAboutStatement(statement: statement)
        let other = try await thrown(ReceiptError.self) { try receipt.verify(challenge: wanted) }
        guard case .NotShown = other else { return XCTFail("\(other)") }
    }

    func testARecordOfTheTravelRuleBelongsToItsPayment() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("exchange", "5 LVR")
        let bob = try await chain.wallet("counterparty")
        let reader = AuditorKey.generate()
        func person(_ name: String) -> String {
            #"{"naturalPerson":{"name":{"nameIdentifier":[{"primaryIdentifier":"\#(name)","nameIdentifierType":"LEGL"}]},"customerIdentification":"C-1"}}"#
        }
        let persons =
            #"{"originator":{"originatorPersons":[\#(person("Okafor"))]},"beneficiary":{"beneficiaryPersons":[\#(person("Meyer"))]}}"#
        let payment = try await Payment(
            to: bob.receive(account: 0, epoch: nil).address, amount: chain.coins("2 LVR"), memo: "rent")
        let refused = try await thrown(TravelRuleError.self) {
            try TravelRuleRecord.make(node: chain.node, payment: payment, payload: "{}")
        }
        guard case .Refused = refused else { return XCTFail("\(refused)") }
        let record = try TravelRuleRecord.make(node: chain.node, payment: payment, payload: persons)
        let opened = try TravelRuleRecord.open(sealed: record.seal(recipients: [reader.recipient()]), key: reader)
        XCTAssertNil(opened.payment())
        let marked = try XCTUnwrap(record.payment())
        XCTAssertEqual(marked.memo, "rent\n\(record.hash())")
        let plan = try await alice.plan(account: 0, action: .pay(payments: [marked], fee: .least))
        _ = try await alice.send(plan: plan, keys: alice.keys(), prover: Chain.prover(), watch: nil)
        try await chain.blocks(1)
        _ = try await bob.sync(watch: nil)
        let report = try await bob.travelRule(account: 0, record: opened)
        XCTAssertTrue(report.isGood, "\(report.verdict)")
        XCTAssertEqual(report.coverage, .onePayment)
        XCTAssertEqual(report.persons.map(\.name), ["Okafor", "Meyer"])
    }
}
