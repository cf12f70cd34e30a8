import XCTest

@testable import Louver

/// The whole life of a payment.
final class PaymentTests: XCTestCase {
    func testMoneyIsShieldedPaidSeenByBothSidesAndWithdrawn() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("alice", "100 LVR")
        let bob = try await chain.wallet("bob")
        let first = try await alice.history(account: 0)
        guard first.count == 1, case .deposit = first[0].side else { return XCTFail("\(first)") }
        let before = try await alice.spendable()
        XCTAssertEqual(before, 100_000_000)

        let invoice = try await bob.receive(account: 0, epoch: nil)
        let info = try chain.node.describeAddress(address: invoice.address)
        XCTAssertTrue(info.payableHere)
        XCTAssertEqual(info.epoch, invoice.epoch)

        let action = Action.pay(invoice.address, try chain.coins("12.50 LVR"), "for the café ☕")
        let plan = try await alice.plan(account: 0, action: action)
        let preview = plan.preview()
        XCTAssertEqual(preview.circuit, .transfer2x3)
        XCTAssertEqual(preview.side, .internal)
        let fee = preview.fee.value
        XCTAssertEqual(preview.change, [Amount(asset: 1, value: 87_500_000 - fee)])

        let keys = try await alice.keys()
        let sent = try await alice.send(plan: plan, keys: keys, prover: Chain.prover(), watch: nil).taken()
        let pending = try await chain.node.transaction(txid: sent.txid)
        XCTAssertEqual(pending, .pending)
        let waiting = try await alice.waiting().map(\.txid)
        XCTAssertEqual(waiting, [sent.txid])
        let held = try await alice.balances(account: 0)
        XCTAssertEqual(held, [Balance(asset: 1, spendable: 0, immature: 0, pending: 87_500_000 - fee)])

        let height = try await chain.blocks(1)
        let included = try await chain.node.transaction(txid: sent.txid)
        XCTAssertEqual(included, .included(height: height))
        let summary = try await bob.sync(watch: nil)
        XCTAssertEqual(summary.received, 1)
        _ = try await alice.sync(watch: nil)
        let (his, hers) = (try await bob.spendable(), try await alice.spendable())
        XCTAssertEqual([his, hers], [12_500_000, 87_500_000 - fee])

        let received = try await bob.history(account: 0)
        XCTAssertEqual(received.map(\.txid), [sent.txid])
        XCTAssertEqual(received[0].net, [Net(asset: 1, gained: 12_500_000, spent: 0)])
        XCTAssertEqual(received[0].outputs.map(\.kind), [.received])
        XCTAssertEqual(received[0].outputs[0].memo, "for the café ☕")
        XCTAssertEqual(received[0].outputs[0].address, invoice.address)
        let paid = try await alice.history(account: 0)[0]
        XCTAssertTrue(paid.authorised)
        XCTAssertEqual(paid.status, received[0].status)
        XCTAssertEqual(paid.net.map(\.spent), [12_500_000 + fee])
        XCTAssertEqual(paid.outputs.filter { $0.kind == .sent }.map(\.address), [invoice.address])

        let bobKeys = try await bob.keys()
        let account = bobKeys.transparentAccount(index: 0)
        let five = try chain.coins("5 LVR")
        let withdrawal = try await bob.plan(account: 0, action: .withdraw(to: account, amount: five, fee: .least))
        XCTAssertEqual(withdrawal.preview().side, .withdrawal(amount: five, to: account))
        try await bob.send(plan: withdrawal, keys: bobKeys, prover: Chain.prover(), watch: nil).taken()
        try await chain.blocks(1)
        _ = try await bob.sync(watch: nil)
        let left = try await bob.spendable()
        XCTAssertEqual(left, 7_500_000 - withdrawal.preview().fee.value)
        let outside = try await chain.node.transparentAccount(account: account)
        XCTAssertEqual(outside.balances, [five])
    }

    func testATransactionIsMadeStepByStep() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("stepwise", "10 LVR")
        let bob = try await chain.wallet("payee")
        let to = try await bob.receive(account: 0, epoch: nil).address
        let plan = try await alice.plan(account: 0, action: .pay(to, chain.coins("1 LVR")))
        let keys = try await alice.keys()
        let prover = try await Chain.prover()

        let draft = try await alice.build(plan: plan, keys: keys)
        let second = try await alice.build(plan: plan, keys: keys).prove(prover: prover, watch: nil)
        let stages = Recorder<Stage>()
        let proven = try await watched { stages.add($0.stage) } work: { watch in
            try await draft.prove(prover: prover, watch: watch)
        }
        XCTAssertEqual(Set(stages.all), [.proving])
        var fault = try await thrown(SendError.self) { try await draft.prove(prover: prover, watch: nil) }
        XCTAssertEqual(fault, .Used)

        let txid = try proven.txid()
        let outgoing = try await alice.sign(proven: proven, keys: keys)
        XCTAssertEqual(outgoing.txid, txid)
        fault = try await thrown(SendError.self) { try await alice.sign(proven: proven, keys: keys) }
        XCTAssertEqual(fault, .Used)
        fault = try await thrown(SendError.self) { try proven.txid() }
        XCTAssertEqual(fault, .Used)
        var state = try await chain.node.transaction(txid: txid)
        XCTAssertEqual(state, .unknown)
        try await alice.submit(outgoing: outgoing)
        try await alice.submit(outgoing: outgoing)
        state = try await chain.node.transaction(txid: txid)
        XCTAssertEqual(state, .pending)

        // The plan is on its way: no second transaction of it is signed, nor one begun.
        fault = try await thrown(SendError.self) { try await alice.sign(proven: second, keys: keys) }
        XCTAssertEqual(fault, .PlanVoid)
        fault = try await thrown(SendError.self) { try await alice.build(plan: plan, keys: keys) }
        XCTAssertEqual(fault, .PlanVoid)
        try await chain.blocks(1)
        _ = try await bob.sync(watch: nil)
        let held = try await bob.spendable()
        XCTAssertEqual(held, 1_000_000)
    }

    func testAWalletComesBackFromItsPhraseInAnotherFolder() async throws {
        let chain = try await Chain()
        var words = ""
        var id = ""
        do {
            let lost = try await chain.funded("lost", "3 LVR")
            words = try await lost.recoveryPhrase(protection: Protection.unsealed()).words()
            id = await lost.accounts()[0].id
        }
        let phrase = try RecoveryPhrase.parse(words: "  \(words.uppercased()) ")
        let restored = try await chain.wallet("found", phrase: phrase)
        let before = try await restored.spendable()
        _ = try await restored.sync(watch: nil)
        let after = try await restored.spendable()
        XCTAssertEqual([before, after], [0, 3_000_000])
        let accounts = await restored.accounts()
        XCTAssertEqual(accounts.map(\.id), [id])
    }

    func testAmountsAreExact() async throws {
        let chain = try await Chain()
        XCTAssertEqual(try chain.coins("12.50 LVR"), Amount(asset: 1, value: 12_500_000))
        XCTAssertEqual(chain.node.formatAmount(amount: Amount(asset: 1, value: 12_500_000)), "12.50 LVR")
        XCTAssertEqual(try chain.coins("18446744073709.551615 LVR").value, UInt64.max)
        for (text, fault) in [
            ("18446744073709.551616 LVR", AmountError.TooLarge(most: "18446744073709.551615 LVR")),
            ("0.0000001 LVR", .TooPrecise(asset: "LVR", decimals: 6)),
            ("1 EURX", .UnknownAsset(reason: "no asset is called EURX; there is LVR")),
            ("1,001 LVR", .TwoReadings(first: "1001 LVR", second: "1.001 LVR")),
            ("1 001", .TwoReadings(first: "the number 1001", second: "1 LVR")),
            ("1", .NoAsset),
            ("LVR", .Form),
        ] {
            let found = try await thrown(AmountError.self) { try chain.coins(text) }
            XCTAssertEqual(found, fault)
        }
        let thousand = try chain.node.parseAmountOf(asset: 1, text: "1\u{202f}001")
        XCTAssertEqual(thousand, Amount(asset: 1, value: 1_001_000_000))
        let status = try await chain.node.status()
        XCTAssertTrue(status.development)
        XCTAssertEqual(status.firstMonth, 672, "January 2026")
    }
}

/// The reports from any thread.
final class Recorder<Element>: @unchecked Sendable {
    private let lock = NSLock()
    private var told: [Element] = []

    func add(_ element: Element) {
        lock.withLock { told.append(element) }
    }

    var all: [Element] { lock.withLock { told } }
}
