import XCTest

@testable import Louver

/// Has a block made whenever somebody waits for one; or stops the work there.
private final class Waiting: Watch, @unchecked Sendable {
    private let node: Node?

    init(_ node: Node?) {
        self.node = node
    }

    func report(stage: Stage, done: UInt32, total: UInt32) -> Bool {
        guard stage == .waiting else { return true }
        guard let node else { return false }
        let made = DispatchSemaphore(value: 0)
        Task.detached {
            _ = try? await node.produceBlocks(count: 1)
            made.signal()
        }
        made.wait()
        return true
    }
}

/// Payments that take several transactions, and transactions that are submitted again.
final class ScheduleTests: XCTestCase {
    func testAScheduleGoesOnAfterARestart() async throws {
        let chain = try await Chain()
        let bob = try await chain.wallet("payee")
        let to = try await bob.receive(account: 0, epoch: nil).address
        let payment = Payment(to: to, amount: try chain.coins("1 LVR"), memo: "salary")
        let prover = try await Chain.prover()
        var keys: SpendingKeys?
        var id: UInt64 = 0
        do {
            let alice = try await chain.funded("scheduling", "30 LVR")
            let list = Array(repeating: payment, count: 20)
            let long = try await alice.propose(account: 0, payments: list, fee: .least).preview()
            XCTAssertEqual(long.rounds.count, 2)
            XCTAssertEqual(long.rounds.flatMap { $0 }.flatMap(\.payments).sorted(), Array(0..<20))
            XCTAssertEqual(long.doubled.map(\.places), [Array(0..<20)])
            XCTAssertEqual(long.fees.map(\.value), [long.rounds.flatMap { $0 }.map(\.fee.value).reduce(0, +)])

            let proposal = try await alice.propose(account: 0, payments: [payment], fee: .least)
            id = try await alice.begin(proposal: proposal)
            var fault = try await thrown(SendError.self) { try await alice.begin(proposal: proposal) }
            XCTAssertEqual(fault, .Used)
            let held = try await alice.keys()
            keys = held
            let schedule = id
            fault = try await thrown(SendError.self) {
                try await alice.carryOut(schedule: schedule, keys: held, prover: prover, watch: Waiting(nil))
            }
            XCTAssertEqual(fault, .Wallet(error: .Cancelled))
        }
        let again = try await Wallet.open(path: chain.path("scheduling"), node: chain.node)
        let schedules = try await again.schedules()
        XCTAssertEqual(schedules.map(\.id), [id])
        let txids = try await again.waiting().map(\.txid)
        XCTAssertEqual(schedules.flatMap(\.payments).map(\.progress), txids.map { PaymentProgress.waiting(txid: $0) })
        let entry = try await again.history(account: 0)[0]
        XCTAssertTrue(entry.canRetry && entry.canAbandon)
        let sent = try await again.carryOut(
            schedule: id, keys: XCTUnwrap(keys), prover: prover, watch: Waiting(chain.node))
        XCTAssertEqual(sent, [])
        _ = try await bob.sync(watch: nil)
        let got = try await bob.spendable()
        XCTAssertEqual(got, 1_000_000)
        let left = try await again.schedules()
        XCTAssertEqual(left, [])
    }

    func testAScheduleThatIsStoppedPaysNoMore() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("stopping", "10 LVR")
        let to = try await alice.receive(account: 0, epoch: nil).address
        let payment = Payment(to: to, amount: try chain.coins("1 LVR"))
        let proposal = try await alice.propose(account: 0, payments: [payment], fee: .least)
        let id = try await alice.begin(proposal: proposal)
        let planned = try await alice.schedules().flatMap(\.payments).map(\.progress)
        XCTAssertEqual(planned, [.planned])
        try await alice.stopSchedule(schedule: id)
        let left = try await alice.schedules()
        XCTAssertEqual(left, [])
        let sent = try await alice.carryOut(schedule: id, keys: alice.keys(), prover: Chain.prover(), watch: nil)
        XCTAssertEqual(sent, [])
        let held = try await alice.spendable()
        XCTAssertEqual(held, 10_000_000)
    }

    func testATransactionThatWaitsIsTriedAgainOrGivenUp() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("trying", "10 LVR")
        let sent = try await alice.pay(alice.receive(account: 0, epoch: nil).address, chain.coins("1 LVR"))
        let tried = try await alice.retry(txid: sent.txid, watch: nil)
        XCTAssertEqual(tried, sent)
        let givenUp = try await alice.abandon(txid: sent.txid)
        XCTAssertEqual(givenUp, [sent.txid])
        let entry = try await alice.history(account: 0)[0]
        XCTAssertEqual(entry.status, .abandoned(expiry: sent.expiry))
        XCTAssertFalse(entry.canRetry || entry.canAbandon)
        let fault = try await thrown(WalletError.self) { try await alice.retry(txid: sent.txid, watch: nil) }
        XCTAssertEqual(fault, .NotWaiting(txid: sent.txid))
    }

    func testAHistoryIsReadByPagesAndFilters() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("paging", "10 LVR")
        _ = try await alice.pay(alice.receive(account: 0, epoch: nil).address, chain.coins("1 LVR"))
        let all = try await alice.history(account: 0)
        XCTAssertEqual(all.map(\.kind), [.toSelf, .deposited])
        XCTAssertEqual(all.map(\.feePaid), [Amount(asset: 1, value: 1_000), nil])
        XCTAssertNil(all[0].time)
        XCTAssertNotNil(all[1].time)
        for (query, found) in [
            (HistoryQuery(limit: 1), all[..<1]),
            (HistoryQuery(before: all[0].txid), all[1...]),
            (HistoryQuery(after: all[1].txid), all[..<1]),
            (HistoryQuery(asset: 1, kind: .deposited), all[1...]),
            (HistoryQuery(since: UInt64.max), all[..<1]),
        ] {
            let page = try await alice.historyPage(account: 0, query: query)
            XCTAssertEqual(page, Array(found))
        }
        let fault = try await thrown(WalletError.self) {
            try await alice.historyPage(account: 0, query: HistoryQuery(before: "00"))
        }
        XCTAssertEqual(fault, .UnknownTransaction(txid: "00"))
    }

    func testADateFindsABirthdayAndOneThatIsTooLateIsTold() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("early", "10 LVR")
        let late = try await chain.blocks(1)
        _ = try await alice.sync(watch: nil)
        _ = try await alice.pay(alice.receive(account: 0, epoch: nil).address, chain.coins("1 LVR"))
        let spent = try await chain.blocks(1)
        let phrase = try await alice.recoveryPhrase(protection: Protection.unsealed())
        let restored = try await Wallet.create(
            path: chain.path("late"), node: chain.node, phrase: phrase, protection: Protection.unsealed(),
            birthday: .block(height: late))
        let told = try await restored.sync(watch: nil).lateBirthday
        XCTAssertEqual(told, spent)
        let now = UInt64(Date().timeIntervalSince1970)
        let again = try await restored.rescan(birthday: .date(time: now), watch: nil).lateBirthday
        XCTAssertNil(again)
        let birthday = try await restored.birthday()
        XCTAssertEqual(birthday, 0)
    }
}
