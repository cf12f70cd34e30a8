import XCTest

@testable import Louver

/// A way to the node that counts how often it is asked for keys, and can spoil them.
private final class Counting: Transport, @unchecked Sendable {
    private let http: HTTPTransport
    private let spoilt: Bool
    private let paths = Recorder<String>()

    init(_ chain: Chain, spoilt: Bool = false) throws {
        http = try XCTUnwrap(HTTPTransport(url: chain.url))
        self.spoilt = spoilt
    }

    var asked: Int { paths.all.count }

    func send(request: HttpRequest) async throws -> HttpResponse {
        let answer = try await http.send(request: request)
        guard request.path.hasPrefix("/v1/proving-keys/") else { return answer }
        paths.add(request.path)
        guard spoilt else { return answer }
        var body = answer.body
        body[body.endIndex - 1] ^= 1
        return HttpResponse(status: answer.status, body: body)
    }
}

/// Keys in memory.
private final class Memory: KeyCache, @unchecked Sendable {
    private let lock = NSLock()
    private var kept: [String: Data] = [:]

    func get(name: String) async -> Data? { lock.withLock { kept[name] } }

    func put(name: String, bytes: Data) async { lock.withLock { kept[name] = bytes } }

    var all: [Data] { lock.withLock { Array(kept.values) } }
}

/// Proving keys come from the node, are checked, and are kept where the application says.
final class KeysTests: XCTestCase {
    func testAKeyIsFetchedOnceAndKeptInAFolder() async throws {
        let chain = try await Chain()
        let counting = try Counting(chain)
        let node = try await Node.connect(transport: counting, trust: Trust())
        let folder = chain.folder.appendingPathComponent("keys")
        let stages = Recorder<Stage>()
        try await watched { stages.add($0.stage) } work: { watch in
            let prover = try Prover.inFolder(path: folder.path)
            try await prover.prepare(circuit: .noteOpening, node: node, watch: watch)
        }
        XCTAssertEqual(Set(stages.all), [.fetchingKey, .preparingKey])
        let first = counting.asked
        XCTAssertGreaterThan(first, 0)

        let again = try Prover.inFolder(path: folder.path)
        XCTAssertFalse(again.isReady(circuit: .noteOpening))
        try await again.prepare(circuit: .noteOpening, node: node, watch: nil)
        XCTAssertTrue(again.isReady(circuit: .noteOpening))
        XCTAssertEqual(counting.asked, first, "the key was kept")

        // A key that is damaged on disk counts as missing.
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".key") }
        let file = folder.appendingPathComponent(try XCTUnwrap(names.first))
        let whole = try Data(contentsOf: file)
        XCTAssertEqual(whole, try Chain.flatKey(.noteOpening))
        var damaged = whole
        damaged[damaged.count / 2] ^= 1
        try damaged.write(to: file)
        let third = try Prover.inFolder(path: folder.path)
        try await third.prepare(circuit: .noteOpening, node: node, watch: nil)
        XCTAssertEqual(counting.asked, 2 * first)
        XCTAssertEqual(try Data(contentsOf: file), whole)
    }

    func testAnApplicationKeepsKeysAsItLikes() async throws {
        let chain = try await Chain()
        let (counting, memory) = (try Counting(chain), Memory())
        let node = try await Node.connect(transport: counting, trust: Trust())
        try await Prover.withCache(cache: memory).prepare(circuit: .noteOpening, node: node, watch: nil)
        XCTAssertEqual(memory.all, [try Chain.flatKey(.noteOpening)])
        let asked = counting.asked
        try await Prover.withCache(cache: memory).prepare(circuit: .noteOpening, node: node, watch: nil)
        XCTAssertEqual(counting.asked, asked)
    }

    func testAFetchThatIsStoppedLeavesNothingBehind() async throws {
        let chain = try await Chain()
        let prover = Prover()
        struct NoMore: Error {}
        try await thrown(NoMore.self) {
            try await watched { if $0.stage == .fetchingKey { throw NoMore() } } work: { watch in
                try await prover.prepare(circuit: .noteOpening, node: chain.node, watch: watch)
            }
        }
        XCTAssertFalse(prover.isReady(circuit: .noteOpening))
        try await prover.prepare(circuit: .noteOpening, node: chain.node, watch: nil)
        XCTAssertTrue(prover.isReady(circuit: .noteOpening))
    }

    func testAKeyThatTheNodeMakesUpIsRefused() async throws {
        let chain = try await Chain()
        let node = try await Node.connect(transport: Counting(chain, spoilt: true), trust: Trust())
        let prover = Prover()
        let fault = try await thrown(ProverError.self) {
            try await prover.prepare(circuit: .noteOpening, node: node, watch: nil)
        }
        guard case .KeyInvalid = fault else { return XCTFail("\(fault)") }
        XCTAssertFalse(prover.isReady(circuit: .noteOpening))
    }
}
