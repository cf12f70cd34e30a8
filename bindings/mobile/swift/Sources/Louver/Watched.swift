import Foundation

/// How far long work has come: `done` of `total` steps of a stage are over.
public struct StageProgress: Sendable, Equatable {
    /// The work under way.
    public let stage: Stage
    /// How many steps are over.
    public let done: UInt32
    /// How many steps there are.
    public let total: UInt32
}

/// Does long work, tells of its progress, and stops it when the task is cancelled.
///
/// ```swift
/// let summary = try await watched { progress in
///     bar.show(progress)
/// } work: { watch in
///     try await wallet.sync(watch: watch)
/// }
/// ```
///
/// A cancelled task stops the work soon after, and this throws `CancellationError`; what the work had recorded until
/// then stays. Without this function, work goes on to its end whether its task is cancelled or not.
///
/// - Parameters:
///   - onProgress: Is called often, from the thread that works: it should return at once. If it throws, the work stops,
///     and what it threw is thrown here.
///   - work: Is given the ``Watch`` to hand on.
public func watched<Result>(
    _ onProgress: @escaping @Sendable (StageProgress) throws -> Void = { _ in },
    work: (Watch) async throws -> Result
) async throws -> Result {
    let watch = TaskWatch(onProgress)
    return try await withTaskCancellationHandler {
        do {
            let result = try await work(watch)
            try watch.rethrow()
            return result
        } catch {
            try watch.rethrow()
            try Task.checkCancellation()
            throw error
        }
    } onCancel: {
        watch.stop()
    }
}

/// Stops work when it is told to.
private final class TaskWatch: Watch, @unchecked Sendable {
    private let onProgress: @Sendable (StageProgress) throws -> Void
    private let lock = NSLock()
    private var stopped = false
    private var thrown: Error?

    init(_ onProgress: @escaping @Sendable (StageProgress) throws -> Void) {
        self.onProgress = onProgress
    }

    func report(stage: Stage, done: UInt32, total: UInt32) -> Bool {
        if lock.withLock({ stopped || thrown != nil }) { return false }
        do {
            try onProgress(StageProgress(stage: stage, done: done, total: total))
            return true
        } catch {
            lock.withLock { thrown = error }
            return false
        }
    }

    func stop() {
        lock.withLock { stopped = true }
    }

    func rethrow() throws {
        if let thrown = lock.withLock({ thrown }) { throw thrown }
    }
}
