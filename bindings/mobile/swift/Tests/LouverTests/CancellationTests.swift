import XCTest

@testable import Louver

/// Stops a stage after some reports.
private final class Stopping: Watch, @unchecked Sendable {
    private let stage: Stage
    private let after: Int
    private let seen = Recorder<UInt32>()

    init(_ stage: Stage, after: Int) {
        self.stage = stage
        self.after = after
    }

    var reports: Int { seen.all.count }

    func report(stage: Stage, done: UInt32, total: UInt32) -> Bool {
        guard stage == self.stage else { return true }
        seen.add(done)
        return reports <= after
    }
}

/// Work that is stopped leaves a wallet that goes on.
final class CancellationTests: XCTestCase {
    func testAWatchStopsAScanWhichGoesOnWhereItStopped() async throws {
        let chain = try await Chain()
        let wallet = try await chain.wallet("scanner", phrase: RecoveryPhrase.generate())
        try await chain.blocks(600)
        let stopping = Stopping(.scanning, after: 1)
        let fault = try await thrown(WalletError.self) { try await wallet.sync(watch: stopping) }
        XCTAssertEqual(fault, .Cancelled)
        XCTAssertEqual(stopping.reports, 2)
        let height = try await wallet.height()
        XCTAssertTrue((1..<600).contains(height), "\(height)")
        let rest = try await wallet.sync(watch: nil)
        XCTAssertEqual([rest.height, rest.blocks], [600, 600 - height])
    }

    func testAWatchStopsAProofAndNothingWasSpent() async throws {
        let chain = try await Chain()
        let wallet = try await chain.funded("prover", "2 LVR")
        let keys = try await wallet.keys()
        let prover = try await Chain.prover()
        let plan = try await wallet.plan(
            account: 0,
            action: .withdraw(to: keys.transparentAccount(index: 0), amount: chain.coins("1 LVR"), fee: .least))
        for after in [0, 1] {
            let fault = try await thrown(SendError.self) {
                try await wallet.send(plan: plan, keys: keys, prover: prover, watch: Stopping(.proving, after: after))
            }
            XCTAssertEqual(fault, .Prover(error: .Cancelled))
        }
        let waiting = try await wallet.waiting()
        XCTAssertEqual(waiting, [])
        let left = try await wallet.spendable()
        XCTAssertEqual(left, 2_000_000)
        try await wallet.send(plan: plan, keys: keys, prover: prover, watch: nil).taken()
    }

    func testACancelledTaskStopsItsProof() async throws {
        let chain = try await Chain()
        let wallet = try await chain.funded("cancelled", "2 LVR")
        let keys = try await wallet.keys()
        let prover = try await Chain.prover()
        let plan = try await wallet.plan(
            account: 0,
            action: .withdraw(to: keys.transparentAccount(index: 0), amount: chain.coins("1 LVR"), fee: .least))
        let started = expectation(description: "the proof has begun")
        started.assertForOverFulfill = false
        let task = Task {
            try await watched { if $0.stage == .proving { started.fulfill() } } work: { watch in
                try await wallet.send(plan: plan, keys: keys, prover: prover, watch: watch)
            }
        }
        await fulfillment(of: [started], timeout: 120)
        task.cancel()
        try await thrown(CancellationError.self) { try await task.value }
        let waiting = try await wallet.waiting()
        XCTAssertEqual(waiting, [])
        let left = try await wallet.spendable()
        XCTAssertEqual(left, 2_000_000)
        try await wallet.send(plan: plan, keys: keys, prover: prover, watch: nil).taken()
        let count = try await wallet.waiting().count
        XCTAssertEqual(count, 1)
    }

    func testACancelledTaskStopsItsAudit() async throws {
        let chain = try await Chain()
        let wallet = try await chain.funded("audited", "1 LVR")
        let auditor = AuditorKey.generate()
        let directions = Directions(
            incoming: true, change: false, outgoing: false, spends: false, detection: false)
        let now = try await chain.node.status().epoch
        let request = GrantRequest(
            auditor: "Auditor", recipient: auditor.recipient(), directions: directions, firstEpoch: now, lastEpoch: now,
            purpose: "test", days: 1)
        let sealed = try await wallet.grant(
            account: 0, request: request, keys: wallet.keys(), prover: Chain.prover(), watch: nil)
        let grant = try Grant.open(sealed: sealed, key: auditor)
        let task = Task {
            try await watched { watch in
                // Cancelled before it begins: the work is told at its first report.
                withUnsafeCurrentTask { $0?.cancel() }
                return try await grant.audit(node: chain.node, expectations: Expectations(), watch: watch)
            }
        }
        try await thrown(CancellationError.self) { try await task.value }
        let fault = try await thrown(AuditError.self) {
            try await grant.audit(node: chain.node, expectations: Expectations(), watch: Stopping(.auditing, after: 0))
        }
        XCTAssertEqual(fault, .Cancelled)
        let findings = try await grant.audit(node: chain.node, expectations: Expectations(), watch: nil).findings
        XCTAssertEqual(findings.count, 1)
        let kept = try await grant.continueAudit(
            node: chain.node, expectations: Expectations(), state: nil, watch: nil)
        try await chain.blocks(1)
        let begun = Recorder<UInt32>()
        let goneOn = try await watched { begun.add($0.done) } work: { watch in
            try await grant.continueAudit(
                node: chain.node, expectations: Expectations(), state: kept.state, watch: watch)
        }
        XCTAssertGreaterThan(try XCTUnwrap(begun.all.first), 0)
        XCTAssertNil(goneOn.readAnew)
        XCTAssertEqual(goneOn.report.findings, findings)
        let anew = try await grant.continueAudit(
            node: chain.node, expectations: Expectations(), state: Data([1]), watch: nil)
        XCTAssertNotNil(anew.readAnew)
    }

    func testWhatAProgressCallbackThrowsStopsTheWorkAndComesBack() async throws {
        struct NoMore: Error {}
        let chain = try await Chain()
        let wallet = try await chain.wallet("thrower", phrase: RecoveryPhrase.generate())
        try await chain.blocks(1)
        try await thrown(NoMore.self) {
            try await watched { _ in throw NoMore() } work: { watch in try await wallet.sync(watch: watch) }
        }
        let height = try await wallet.sync(watch: nil).height
        XCTAssertEqual(height, 1)
    }

    func testManySyncsAndReadingsAtOnceAgree() async throws {
        let chain = try await Chain()
        let wallet = try await chain.wallet("busy", phrase: RecoveryPhrase.generate())
        try await chain.blocks(3)
        let read = try await withThrowingTaskGroup(of: UInt32.self) { group in
            for _ in 0..<4 {
                group.addTask { try await wallet.sync(watch: nil).blocks }
            }
            for _ in 0..<40 {
                group.addTask {
                    _ = try await wallet.balances(account: 0)
                    _ = try await wallet.history(account: 0)
                    let count = await wallet.accounts().count
                    XCTAssertEqual(count, 1)
                    return 0
                }
            }
            return try await group.reduce(0, +)
        }
        XCTAssertEqual(read, 3, "each block was read once")
        let height = try await wallet.height()
        XCTAssertEqual(height, 3)
    }
}
