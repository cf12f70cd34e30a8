import XCTest

@testable import Louver

/// A server that answers each connection with the same bytes, and keeps what it was asked.
private final class Server: @unchecked Sendable {
    let url: URL
    private let listener: Int32
    private let lock = NSLock()
    private var kept: [String] = []

    /// The heads of the requests that came in.
    var requests: [String] { lock.withLock { kept } }

    /// - Parameters:
    ///   - answer: The bytes of the answer, its head included.
    ///   - endless: Whether spaces follow it, ten in a second, for a minute.
    init(_ answer: String, endless: Bool = false) throws {
        #if canImport(Glibc)
        let stream = Int32(SOCK_STREAM.rawValue)
        #else
        let stream = SOCK_STREAM
        #endif
        listener = socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = self.listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bound in
                bind(listener, bound, length) == 0 && listen(listener, 8) == 0
                    && getsockname(listener, bound, &length) == 0
            }
        }
        XCTAssertTrue(bound)
        url = try XCTUnwrap(URL(string: "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"))
        Thread.detachNewThread { [weak self] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                var head = [UInt8]()
                var byte: UInt8 = 0
                while !head.suffix(4).elementsEqual("\r\n\r\n".utf8), read(client, &byte, 1) == 1 { head.append(byte) }
                self?.keep(String(decoding: head, as: UTF8.self))
                Server.put(answer, client)
                for _ in 0..<(endless ? 600 : 0) where Server.put(" ", client) { usleep(100_000) }
                close(client)
            }
        }
    }

    private func keep(_ head: String) {
        lock.withLock { kept.append(head) }
    }

    @discardableResult
    private static func put(_ text: String, _ client: Int32) -> Bool {
        #if canImport(Glibc)
        let flags = Int32(MSG_NOSIGNAL)
        #else
        let flags: Int32 = 0
        #endif
        return Array(text.utf8).withUnsafeBytes { send(client, $0.baseAddress, $0.count, flags) } == text.utf8.count
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}

/// The requests that go over the wire, and those that do not.
final class TransportTests: XCTestCase {
    private let request = HttpRequest(method: .get, path: "/v1/status?a=b", headers: ["x-a": "1"], body: Data())

    func testItSaysNothingOfTheDevice() async throws {
        let server = try Server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nhi")
        let transport = try XCTUnwrap(HTTPTransport(url: server.url))
        for _ in 0..<2 {
            let answer = try await transport.send(request: request)
            XCTAssertEqual(answer, HttpResponse(status: 200, body: Data("hi".utf8)))
        }
        XCTAssertEqual(server.requests.count, 2)
        for head in server.requests {
            let lines = head.components(separatedBy: "\r\n")
            XCTAssertEqual(lines.first, "GET /v1/status?a=b HTTP/1.1")
            let told = lines.dropFirst().compactMap { $0.isEmpty ? nil : $0.lowercased() }
            XCTAssertTrue(told.contains("user-agent: louver"), head)
            XCTAssertTrue(told.contains("x-a: 1"), head)
            let names = Set(told.compactMap { $0.components(separatedBy: ":").first })
            let expected: Set = ["host", "accept", "accept-encoding", "accept-language", "connection", "user-agent", "x-a"]
            XCTAssertTrue(names.isSubset(of: expected), head)
        }
    }

    func testItFollowsNoRedirect() async throws {
        let server = try Server("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        let transport = try XCTUnwrap(HTTPTransport(url: server.url))
        let answer = try await transport.send(request: request)
        XCTAssertEqual(answer.status, 302)
        XCTAssertEqual(server.requests.count, 1)
    }

    func testItDoesNotWaitForAnAnswerThatComesByteByByte() async throws {
        let server = try Server("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", endless: true)
        let transport = try XCTUnwrap(HTTPTransport(url: server.url, total: 2))
        let start = Date()
        let request = request
        try await thrown(TransportError.self) { try await transport.send(request: request) }
        XCTAssertLessThan(Date().timeIntervalSince(start), 30)
    }

    func testATaskThatWasCancelledBeforeEndsAtOnce() async throws {
        let server = try Server("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", endless: true)
        let transport = try XCTUnwrap(HTTPTransport(url: server.url))
        let request = request
        for _ in 0..<50 {
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await transport.send(request: request)
            }
            try await thrown(TransportError.self) { try await task.value }
        }
    }
}
