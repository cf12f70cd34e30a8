import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A node at a URL, reached with `URLSession`.
///
/// It follows no redirect, waits no longer than its timeouts, keeps no cookies and no cache, says nothing of the device it
/// runs on, and reads no more of an answer than ``maxAnswer`` bytes. Certificates and proxies are those of the system. A task that is
/// cancelled closes its connection.
public final class HTTPTransport: Transport, @unchecked Sendable {
    /// The most bytes of an answer that are read.
    public let maxAnswer: Int
    private let base: String
    private let session: URLSession
    private let exchanges: Exchanges

    /// Makes a transport to a node.
    ///
    /// - Parameters:
    ///   - url: The node's URL, such as `https://node.example`, without a query.
    ///   - timeout: How many seconds to wait for a connection, or for more of an answer.
    ///   - total: How many seconds an exchange may take from its begin to its end.
    ///   - maxAnswer: The most bytes of an answer that are read.
    /// - Returns: Nothing if the URL is not one of HTTP or HTTPS.
    public init?(url: URL, timeout: TimeInterval = 60, total: TimeInterval = 600, maxAnswer: Int = 64 << 20) {
        guard let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = url.host, !host.isEmpty, url.query == nil, url.fragment == nil
        else { return nil }
        var text = url.absoluteString
        while text.hasSuffix("/") { text.removeLast() }
        base = text
        self.maxAnswer = maxAnswer
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = timeout
        // The system's own would tell versions, and the languages of whoever uses the device.
        configuration.httpAdditionalHeaders = ["User-Agent": "louver", "Accept": "*/*", "Accept-Language": "*"]
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        exchanges = Exchanges(maxAnswer: maxAnswer, total: total)
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    deinit {
        session.finishTasksAndInvalidate()
    }

    public func send(request: HttpRequest) async throws -> HttpResponse {
        guard let url = URL(string: base + request.path) else {
            throw TransportError.Unreachable(reason: "the request's path makes no URL")
        }
        var call = URLRequest(url: url)
        switch request.method {
        case .get: call.httpMethod = "GET"
        case .post:
            call.httpMethod = "POST"
            call.httpBody = request.body
        }
        for (name, value) in request.headers { call.setValue(value, forHTTPHeaderField: name) }
        let task = session.dataTask(with: call)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                exchanges.begin(task, continuation)
                task.resume()
                // One that was cancelled before may have come to its end before it began.
                if Task.isCancelled { exchanges.end(task, with: URLError(.cancelled)) }
            }
        } onCancel: {
            task.cancel()
        }
    }
}

/// The exchanges of a session that wait for their ends.
private final class Exchanges: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private struct Exchange {
        let continuation: CheckedContinuation<HttpResponse, Error>
        let deadline: DispatchWorkItem
        var body = Data()
        var fault: String?
    }

    private let maxAnswer: Int
    private let total: TimeInterval
    private let lock = NSLock()
    private var waiting: [Int: Exchange] = [:]

    init(maxAnswer: Int, total: TimeInterval) {
        self.maxAnswer = maxAnswer
        self.total = total
    }

    func begin(_ task: URLSessionTask, _ continuation: CheckedContinuation<HttpResponse, Error>) {
        // Not the session's own timeout, which not every platform keeps.
        let deadline = DispatchWorkItem { [weak self, weak task] in
            guard let self, let task else { return }
            self.end(task, with: URLError(.timedOut))
            task.cancel()
        }
        lock.withLock { waiting[task.taskIdentifier] = Exchange(continuation: continuation, deadline: deadline) }
        DispatchQueue.global().asyncAfter(deadline: .now() + total, execute: deadline)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let tooLong = lock.withLock { () -> Bool in
            let id = dataTask.taskIdentifier
            guard let read = waiting[id]?.body.count else { return true }
            let fits = data.count <= maxAnswer - read
            // Where it lies: a copy for each part would be a copy of all that was read.
            if fits {
                waiting[id]?.body.append(data)
            } else {
                waiting[id]?.fault = "the answer has more than \(maxAnswer) bytes"
            }
            return !fits
        }
        if tooLong { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: Error?) {
        end(task, with: error)
    }

    /// Ends an exchange, if that has not happened.
    func end(_ task: URLSessionTask, with error: Error?) {
        guard let exchange = lock.withLock({ waiting.removeValue(forKey: task.taskIdentifier) }) else { return }
        exchange.deadline.cancel()
        if let response = task.response as? HTTPURLResponse, error == nil, exchange.fault == nil {
            let status = UInt16(clamping: response.statusCode)
            exchange.continuation.resume(returning: HttpResponse(status: status, body: exchange.body))
        } else {
            let reason = exchange.fault ?? error?.localizedDescription ?? "the answer is not HTTP"
            exchange.continuation.resume(throwing: TransportError.Unreachable(reason: reason))
        }
    }
}
