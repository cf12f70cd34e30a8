import Foundation
import XCTest

@testable import Louver

/// A `louver node` of a development chain, which makes blocks when it is asked to, and what tests need around it.
final class Chain: @unchecked Sendable {
    let folder: URL
    let url: URL
    let node: Node
    /// The chain that the test started is the one that it has chosen.
    let trust: Trust
    private let process = Process()

    init(_ flags: String...) async throws {
        let environment = ProcessInfo.processInfo.environment
        let program = try XCTUnwrap(environment["LOUVER_BIN"], "LOUVER_BIN names no `louver`")
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("louver-swift-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        process.executableURL = URL(fileURLWithPath: program)
        let data = folder.appendingPathComponent("node").path
        process.arguments = ["node", "--data", data, "--listen", "127.0.0.1:0", "--on-demand", "--json"] + flags
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            line.append(more)
        }
        let started = try JSONSerialization.jsonObject(with: line) as? [String: Any]
        url = try XCTUnwrap(URL(string: XCTUnwrap(started?["url"] as? String)))
        trust = try Trust(genesisHash: XCTUnwrap(started?["genesis_hash"] as? String))
        node = try await Node.connect(transport: XCTUnwrap(HTTPTransport(url: url)), trust: trust)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    func stop() {
        // Threads of tasks block signals, and so do the programs that they start: this one cannot be blocked. Nor have
        // they a run loop, which `waitUntilExit` needs.
        kill(process.processIdentifier, SIGKILL)
        for _ in 0..<2_000 where process.isRunning { usleep(10_000) }
    }

    func path(_ name: String) -> String {
        folder.appendingPathComponent("\(name).sqlite").path
    }

    /// A wallet of a new phrase, or of another one from the first block on, without a passphrase.
    func wallet(_ name: String, phrase: RecoveryPhrase? = nil) async throws -> Wallet {
        try await Wallet.create(
            path: path(name), node: node, phrase: phrase ?? RecoveryPhrase.generate(),
            protection: Protection.unsealed(), birthday: phrase.map { _ in .block(height: 0) })
    }

    /// A wallet with an amount of the chain's coin in the pool.
    func funded(_ name: String, _ amount: String) async throws -> Wallet {
        let wallet = try await wallet(name)
        let keys = try await wallet.unlock(protection: Protection.unsealed())
        let account = keys.transparentAccount(index: 0)
        let coins = try coins(amount)
        let gift = Amount(asset: coins.asset, value: coins.value + 1_000_000)
        _ = try await node.faucet(account: account, amount: gift)
        try await blocks(1)
        _ = try await wallet.sync(watch: nil)
        let plan = try await wallet.plan(account: 0, action: .shield(from: account, amount: coins))
        try await wallet.send(plan: plan, keys: keys, prover: Chain.prover(), watch: nil).taken()
        try await blocks(1)
        _ = try await wallet.sync(watch: nil)
        return wallet
    }

    @discardableResult
    func blocks(_ count: UInt32) async throws -> UInt32 {
        try await node.produceBlocks(count: count)
    }

    func coins(_ amount: String) throws -> Amount {
        try node.parseAmount(text: amount)
    }

    private static let circuits: [(Circuit, String)] = [
        (.transfer2x3, "2x3"), (.accountKeys, "account-keys"), (.noteOpening, "note-opening"),
    ]

    /// One prover for all tests: its keys are installed once.
    static func prover() async throws -> Prover {
        try await shared.value
    }

    private static let shared = Task {
        let prover = Prover()
        for (circuit, _) in circuits {
            try await prover.install(circuit: circuit, bytes: flatKey(circuit), watch: nil)
        }
        return prover
    }

    /// The development key of a circuit, from the folder where `louver` keeps them: the newest, as older circuits leave
    /// theirs.
    static func flatKey(_ circuit: Circuit) throws -> Data {
        let cache = try XCTUnwrap(ProcessInfo.processInfo.environment["LOUVER_CACHE"], "LOUVER_CACHE names no folder")
        let folder = URL(fileURLWithPath: cache)
        let name = try XCTUnwrap(circuits.first { $0.0 == circuit }?.1)
        let files = try FileManager.default.contentsOfDirectory(atPath: cache)
        let found = files.filter { $0.hasPrefix("development-\(name)-") && $0.hasSuffix(".key") }
        let written = try found.map { file in
            let path = folder.appendingPathComponent(file)
            let attributes = try FileManager.default.attributesOfItem(atPath: path.path)
            return (path, try XCTUnwrap(attributes[.modificationDate] as? Date))
        }
        let newest = try XCTUnwrap(written.max { $0.1 < $1.1 }, "no key of \(name)")
        return try Data(contentsOf: newest.0)
    }
}

extension Wallet {
    /// The account's spendable amount of the chain's coin.
    func spendable() async throws -> UInt64 {
        try await balances(account: 0).first { $0.asset == 1 }?.spendable ?? 0
    }

    func keys() async throws -> SpendingKeys {
        try await unlock(protection: Protection.unsealed())
    }

    func pay(_ to: String, _ amount: Amount, _ memo: String = "") async throws -> Sent {
        let plan = try await plan(account: 0, action: .pay(to, amount, memo))
        return try await send(plan: plan, keys: keys(), prover: Chain.prover(), watch: nil).taken()
    }
}

extension Action {
    static func pay(_ to: String, _ amount: Amount, _ memo: String = "") -> Action {
        .pay(payments: [Payment(to: to, amount: amount, memo: memo)], fee: .least)
    }
}

extension Sent {
    /// Fails if the node did not take the transaction.
    @discardableResult
    func taken() throws -> Sent {
        if let notTaken { throw notTaken }
        return self
    }
}

/// Fails unless `body` throws an error of this type, and gives it.
@discardableResult
func thrown<Fault: Error, T>(
    _ type: Fault.Type, file: StaticString = #filePath, line: UInt = #line, _ body: () async throws -> T
) async throws -> Fault {
    do {
        _ = try await body()
    } catch let fault as Fault {
        return fault
    }
    XCTFail("nothing was thrown", file: file, line: line)
    throw NothingThrown()
}

struct NothingThrown: Error {}
