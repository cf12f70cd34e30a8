import XCTest

@testable import Louver

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Misuse throws an error. It never ends the process.
final class MisuseTests: XCTestCase {
    func testWhatAWalletGaveOutlivesIt() async throws {
        let chain = try await Chain()
        var given: (Node, SpendingKeys, Plan, Draft)?
        do {
            let wallet = try await chain.funded("parent", "2 LVR")
            let keys = try await wallet.keys()
            let to = try await wallet.receive(account: 0, epoch: nil).address
            let plan = try await wallet.plan(account: 0, action: .pay(to, chain.coins("1 LVR")))
            given = (wallet.node(), keys, plan, try await wallet.build(plan: plan, keys: keys))
        }
        let (node, keys, plan, draft) = try XCTUnwrap(given)
        let (ours, theirs) = (try await chain.node.status(), try await node.status())
        XCTAssertEqual(ours.genesisHash, theirs.genesisHash)
        XCTAssertTrue(keys.transparentAccount(index: 0).hasPrefix("lvrt1"))
        XCTAssertEqual(plan.preview().payments.count, 1)
        let proven = try await draft.prove(prover: Chain.prover(), watch: nil)
        XCTAssertEqual(try proven.txid().count, 64)
    }

    func testAWalletIsFreeAgainWhenNobodyHoldsIt() async throws {
        let chain = try await Chain()
        for _ in 0..<3 {
            if FileManager.default.fileExists(atPath: chain.path("reopened")) {
                _ = try await Wallet.open(path: chain.path("reopened"), node: chain.node)
            } else {
                _ = try await chain.wallet("reopened")
            }
        }
    }

    func testATransportThatBreaksItsPromisesIsUnreachable() async throws {
        struct OutOfOrder: Error {}
        final class Broken: Transport, @unchecked Sendable {
            let answer: () throws -> HttpResponse
            init(_ answer: @escaping () throws -> HttpResponse) { self.answer = answer }
            func send(request: HttpRequest) async throws -> HttpResponse { try answer() }
        }
        var fault = try await thrown(NodeError.self) {
            try await Node.connect(transport: Broken { throw OutOfOrder() }, trust: Trust())
        }
        guard case .Unreachable(let reason) = fault else { return XCTFail("\(fault)") }
        XCTAssertTrue(reason.contains("OutOfOrder"), reason)
        for status in [UInt16(200), 503] {
            fault = try await thrown(NodeError.self) {
                try await Node.connect(transport: Broken { HttpResponse(status: status, body: Data()) }, trust: Trust())
            }
            guard case .Answer = fault else { return XCTFail("\(fault)") }
        }
    }

    func testTheTransportBringsAnyStatusAndNoMoreThanItMay() async throws {
        let chain = try await Chain()
        let transport = try XCTUnwrap(HTTPTransport(url: chain.url))
        let genesis = HttpRequest(method: .get, path: "/v1/genesis", headers: [:], body: Data())
        let answer = try await transport.send(request: genesis)
        XCTAssertEqual(answer.status, 200)
        let missing = HttpRequest(method: .get, path: "/v1/nothing", headers: [:], body: Data())
        let notFound = try await transport.send(request: missing)
        XCTAssertEqual(notFound.status, 404)
        let exact = try XCTUnwrap(HTTPTransport(url: chain.url, maxAnswer: answer.body.count))
        let again = try await exact.send(request: genesis)
        XCTAssertEqual(again, answer)
        let small = try XCTUnwrap(HTTPTransport(url: chain.url, maxAnswer: answer.body.count - 1))
        let fault = try await thrown(TransportError.self) { try await small.send(request: genesis) }
        guard case .Unreachable = fault else { return XCTFail("\(fault)") }
        for url in ["ftp://example.org", "file:///etc/passwd", "http://a/?q=1", "a"] {
            XCTAssertNil(HTTPTransport(url: try XCTUnwrap(URL(string: url))), url)
        }
    }

    func testTheTransportEndsWhenItsTaskIsCancelled() async throws {
        // A server that takes connections and never answers.
        let silent = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(silent) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bound in
                XCTAssertEqual(bind(silent, bound, length), 0)
                XCTAssertEqual(listen(silent, 8), 0)
                XCTAssertEqual(getsockname(silent, bound, &length), 0)
            }
        }
        let url = try XCTUnwrap(URL(string: "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"))
        let request = HttpRequest(method: .get, path: "/", headers: [:], body: Data())
        let start = Date()
        let patient = try XCTUnwrap(HTTPTransport(url: url))
        let task = Task { try await patient.send(request: request) }
        try await Task.sleep(nanoseconds: 200_000_000)
        task.cancel()
        try await thrown(TransportError.self) { try await task.value }
        let hasty = try XCTUnwrap(HTTPTransport(url: url, timeout: 1))
        try await thrown(TransportError.self) { try await hasty.send(request: request) }
        XCTAssertLessThan(Date().timeIntervalSince(start), 30)
    }
}
