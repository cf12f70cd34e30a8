import XCTest

@testable import Louver

/// Whatever goes wrong has a type, and numbers where there are some.
final class ErrorsTests: XCTestCase {
    func testPhrasesAreCheckedWordByWordAndRepeatNoneOfThem() async throws {
        let eleven = String(repeating: "abandon ", count: 11)
        for (words, fault) in [
            ("abandon about", PhraseError.WordCount(words: 2)),
            (eleven + "abuot", .UnknownWord(position: 12, candidates: ["about"])),
            (eleven + "zoo", .Checksum),
        ] {
            let found = try await thrown(PhraseError.self) { try RecoveryPhrase.parse(words: words) }
            XCTAssertEqual(found, fault)
        }
        let error: Error = PhraseError.UnknownWord(position: 12, candidates: ["about"])
        XCTAssertEqual(error.localizedDescription, "word 12 is not on the list of words: did you mean about?")
    }

    func testASealedWalletOpensWithItsPassphraseAlone() async throws {
        let chain = try await Chain()
        let path = chain.path("sealed")
        let protection = Protection.passphrase(passphrase: "correct horse")
        let other = Protection.passphrase(passphrase: "battery staple")
        let phrase = RecoveryPhrase.generate()
        do {
            let wallet = try await Wallet.create(
                path: path, node: chain.node, phrase: phrase, protection: protection, birthday: nil)
            var fault = try await thrown(WalletError.self) {
                try await wallet.unlock(protection: Protection.passphrase(passphrase: "correct house"))
            }
            XCTAssertEqual(fault, .WrongPassphrase)
            fault = try await thrown(WalletError.self) { try await wallet.unlock(protection: Protection.unsealed()) }
            XCTAssertEqual(fault, .OtherProtection)
            let account = try await wallet.unlock(protection: protection).transparentAccount(index: 0)
            try await wallet.changeProtection(from: protection, to: other)
            fault = try await thrown(WalletError.self) { try await wallet.unlock(protection: protection) }
            XCTAssertEqual(fault, .WrongPassphrase)
            let again = try await wallet.unlock(protection: other).transparentAccount(index: 0)
            XCTAssertEqual(again, account)
            fault = try await thrown(WalletError.self) { try await Wallet.open(path: path, node: chain.node) }
            XCTAssertEqual(fault, .Storage(error: .InUse))
        }
        let fault = try await thrown(WalletError.self) {
            try await Wallet.create(
                path: path, node: chain.node, phrase: phrase, protection: protection, birthday: nil)
        }
        XCTAssertEqual(fault, .Exists)
        let again = try await Wallet.open(path: path, node: chain.node)
        let words = try await again.recoveryPhrase(protection: other).words()
        XCTAssertEqual(words, try phrase.words())
    }

    func testFilesThatAreNoWalletsAreToldApart() async throws {
        let chain = try await Chain()
        var fault = try await thrown(WalletError.self) {
            try await Wallet.open(path: chain.path("missing"), node: chain.node)
        }
        XCTAssertEqual(fault, .NotFound)
        let foreign = chain.path("foreign")
        try String(repeating: "this is not a database, and long enough for a header ", count: 20)
            .write(toFile: foreign, atomically: true, encoding: .utf8)
        fault = try await thrown(WalletError.self) { try await Wallet.open(path: foreign, node: chain.node) }
        guard case .Storage(let error) = fault else { return XCTFail("\(fault)") }
        switch error {
        case .Foreign, .Damaged: break
        default: XCTFail("\(error)")
        }
        let wallet = try await chain.wallet("one account")
        fault = try await thrown(WalletError.self) { try await wallet.balances(account: 7) }
        XCTAssertEqual(fault, .Other(reason: "the wallet has no account 7"))
    }

    func testAPaymentThatCannotBeMadeSaysByHowMuch() async throws {
        let chain = try await Chain()
        let wallet = try await chain.funded("poor", "2 LVR")
        let to = try await wallet.receive(account: 0, epoch: nil).address
        let coin = try chain.coins("1 LVR")
        let short = PlanError.InsufficientFunds(
            asset: 1, needed: 5_001_000, spendable: 2_000_000, missing: 3_001_000, immature: 0, pending: 0, newer: 0)
        let low = Action.pay(
            payments: [Payment(to: to, amount: coin)], fee: .exactly(amount: Amount(asset: 1, value: 1)))
        for (action, fault) in [
            (Action.pay(to, try chain.coins("5 LVR")), short),
            (.pay(payments: [], fee: .least), .Nothing),
            (.pay(to, Amount(asset: 1, value: 0)), .Nothing),
            (.pay(to, Amount(asset: 99, value: 1)), .Other(reason: "asset 99 is not registered")),
            (low, .FeeTooLow(asset: 1, given: 1, least: 1_000)),
            (.consolidate(asset: 1, fee: .least), .Other(reason: "the account has fewer than two notes of this asset that can be spent now: there is nothing to join")),
        ] {
            let found = try await thrown(PlanError.self) { try await wallet.plan(account: 0, action: action) }
            XCTAssertEqual(found, fault)
        }
        XCTAssertEqual(
            short.localizedDescription,
            "3001000 of asset 1 are missing: 5001000 are needed, 2000000 can be spent now")
        let typo = String(to.dropLast()) + (to.hasSuffix("q") ? "p" : "q")
        for address in [typo, "lvr1qqqq"] {
            let found = try await thrown(PlanError.self) {
                try await wallet.plan(account: 0, action: .pay(address, coin))
            }
            guard case .Address(.Invalid) = found else { return XCTFail("\(found)") }
        }
        let found = try await thrown(PlanError.self) {
            try await wallet.plan(account: 0, action: .withdraw(to: "lvrt1x", amount: coin, fee: .least))
        }
        guard case .TransparentAccount = found else { return XCTFail("\(found)") }
        let left = try await wallet.spendable()
        XCTAssertEqual(left, 2_000_000)
    }

    func testAddressesExpireAndThoseOfAnotherChainAreNotPaid() async throws {
        let chain = try await Chain("--epoch-seconds", "1200000", "--grace-seconds", "300000")
        let wallet = try await chain.funded("careful", "2 LVR")
        let payee = try await chain.wallet("slow payee")
        let old = try await payee.receive(account: 0, epoch: nil)
        let last = try XCTUnwrap(old.payableUntil)
        let coin = try chain.coins("1 LVR")
        let other = try await Chain()
        let foreign = try await other.wallet("elsewhere").receive(account: 0, epoch: nil).address
        var fault = try await thrown(PlanError.self) {
            try await wallet.plan(account: 0, action: .pay(foreign, coin))
        }
        XCTAssertEqual(fault, .ForeignPool)
        XCTAssertFalse(try chain.node.describeAddress(address: foreign).payableHere)
        _ = try await chain.node.passTime(seconds: 1_500_000)
        _ = try await wallet.sync(watch: nil)
        fault = try await thrown(PlanError.self) {
            try await wallet.plan(account: 0, action: .pay(old.address, coin))
        }
        guard case .AddressExpired(let until) = fault else { return XCTFail("\(fault)") }
        XCTAssertEqual(until, last)
    }

    func testAWalletBelongsToItsChain() async throws {
        let (chain, other) = (try await Chain(), try await Chain("--epoch-seconds", "1200000", "--grace-seconds", "300000"))
        do { _ = try await chain.wallet("moved") }
        let fault = try await thrown(WalletError.self) {
            try await Wallet.open(path: chain.path("moved"), node: other.node)
        }
        XCTAssertEqual(fault, .OtherChain)
    }

    func testAnUnreachableNodeIsAnErrorOfItsOwn() async throws {
        let chain = try await Chain()
        let wallet = try await chain.wallet("stranded")
        let refused = try await thrown(NodeError.self) {
            try await chain.node.faucet(account: "lvrt1nonsense", amount: Amount(asset: 1, value: 1))
        }
        guard case .Refused(let status, _, _) = refused else { return XCTFail("\(refused)") }
        XCTAssertEqual(status, 400)
        chain.stop()
        let fault = try await thrown(NodeError.self) {
            try await Node.connect(transport: XCTUnwrap(HTTPTransport(url: chain.url)), trust: Trust())
        }
        guard case .Unreachable = fault else { return XCTFail("\(fault)") }
        let inWallet = try await thrown(WalletError.self) { try await wallet.sync(watch: nil) }
        guard case .Node(.Unreachable) = inWallet else { return XCTFail("\(inWallet)") }
        let held = try await wallet.balances(account: 0)
        XCTAssertEqual(held, [])
    }

    func testAProverTakesTheRightKeyAndNoOther() async throws {
        let chain = try await Chain()
        let prover = Prover()
        let bytes = try Chain.flatKey(.noteOpening)
        var damaged = bytes
        damaged[damaged.count / 2] ^= 1
        for (circuit, wrong) in [(Circuit.accountKeys, bytes), (.noteOpening, Data(count: 100)), (.noteOpening, damaged)]
        {
            let fault = try await thrown(ProverError.self) {
                try await prover.install(circuit: circuit, bytes: wrong, watch: nil)
            }
            guard case .KeyInvalid = fault else { return XCTFail("\(fault)") }
        }
        XCTAssertFalse(prover.isReady(circuit: .noteOpening))
        try await prover.install(circuit: .noteOpening, bytes: bytes, watch: nil)
        XCTAssertTrue(prover.isReady(circuit: .noteOpening))

        let wallet = try await chain.funded("keyless", "1 LVR")
        let keys = try await wallet.keys()
        let half = try chain.coins("0.5 LVR")
        let plan = try await wallet.plan(
            account: 0, action: .withdraw(to: keys.transparentAccount(index: 0), amount: half, fee: .least))
        let draft = try await wallet.build(plan: plan, keys: keys)
        let fault = try await thrown(SendError.self) { try await draft.prove(prover: prover, watch: nil) }
        XCTAssertEqual(fault, .Prover(error: .KeyMissing(circuit: .transfer2x3)))
    }

    func testPlansAndKeysBelongToOneWallet() async throws {
        let chain = try await Chain()
        let alice = try await chain.funded("owner", "2 LVR")
        let bob = try await chain.wallet("stranger")
        let to = try await bob.receive(account: 0, epoch: nil).address
        let coin = try chain.coins("1 LVR")
        let plan = try await alice.plan(account: 0, action: .pay(to, coin))
        let (hers, his, prover) = (try await alice.keys(), try await bob.keys(), try await Chain.prover())
        var fault = try await thrown(SendError.self) {
            try await bob.send(plan: plan, keys: his, prover: prover, watch: nil)
        }
        XCTAssertEqual(fault, .OtherWallet)
        let proven = try await alice.build(plan: plan, keys: hers).prove(prover: prover, watch: nil)
        fault = try await thrown(SendError.self) { try await bob.sign(proven: proven, keys: his) }
        XCTAssertEqual(fault, .OtherWallet)
        fault = try await thrown(SendError.self) { try await alice.sign(proven: proven, keys: his) }
        XCTAssertEqual(fault, .OtherKeys)
        // A deposit is planned for an account that can pay it.
        let gift = Amount(asset: coin.asset, value: coin.value * 2)
        _ = try await chain.node.faucet(account: his.transparentAccount(index: 0), amount: gift)
        try await chain.blocks(1)
        let deposit = try await alice.plan(
            account: 0, action: .shield(from: his.transparentAccount(index: 0), amount: coin))
        fault = try await thrown(SendError.self) { try await alice.build(plan: deposit, keys: hers) }
        XCTAssertEqual(fault, .OtherPayer)
        let left = try await alice.spendable()
        XCTAssertEqual(left, 2_000_000)
        try await alice.send(plan: plan, keys: hers, prover: prover, watch: nil).taken()
    }
}
