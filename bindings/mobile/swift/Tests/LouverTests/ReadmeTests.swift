import XCTest

@testable import Louver

/// The example of README.md, as it stands there.
final class ReadmeTests: XCTestCase {
    func testTheFirstTenMinutes() async throws {
        let chain = try await Chain()
        try await firstPayment(url: chain.url, folder: chain.folder)
        // The output of the example cannot be caught. Its effects can be seen on the chain.
        let height = try await chain.node.status().height
        XCTAssertEqual(height, 3)
        let node = chain.node
        let bob = try await Wallet.open(path: chain.path("bob"), node: node)
        let history = try await bob.history(account: 0)
        XCTAssertEqual(history.first?.outputs.first?.memo, "coffee, for a year")
        let held = try await bob.spendable()
        XCTAssertEqual(held, 12_500_000)
    }
}
